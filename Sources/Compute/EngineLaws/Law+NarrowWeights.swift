import CellCompiler
import CellLanguage
import Engine

extension Law {
  /// For each kind of numbers, with every instruction set.
  static func narrowWeightsFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    for kind in WeightKind.allCases where kind != .float32 {
      for batch in [1, 6] {
        var trial = Trial(cell, dimensions, lengths: PackedLengths(steps: 5, batch: batch))
        let form = try WeightForm(
          rounding: &trial.parameters, of: ParameterLayout(cell, dimensions: dimensions).entries, to: kind)
        let expected = try trial.reference().states[0]
        for level in InstructionSet.available {
          let outputs = trial.streamed(on: try Machine(instructionSet: level, threads: 1), form: form)
          if let deviation = try trial.deviation(of: outputs, from: expected, in: .state(0), called: "the output") {
            return "with \(level) kernels, \(kind.rawValue) weights and \(batch) rows, \(deviation)"
          }
        }
      }
    }
    return nil
  }
}

extension Trial {
  /// The outputs of a stream that takes the steps of all sequences together, packed rows.
  ///
  /// - Parameter form: how the matrices are stored.
  func streamed(on machine: Machine, form: WeightForm = .float32) -> [Float] {
    let stream = stream(on: machine, form: form)
    let count = lengths.batch * inputWidth
    return (0..<lengths.steps).flatMap { step in
      stream.input.update(from: Array(inputs[step * count..<(step + 1) * count]), count: count)
      return Array(
        UnsafeBufferPointer(start: stream.step(), count: lengths.batch * plan.width(ofState: 0)))
    }
  }

  /// A stream of all sequences together, in their initial states.
  ///
  /// - Parameters:
  ///   - form: how the matrices are stored.
  ///   - activations: what the vectors that meet them are rounded to.
  func stream(on machine: Machine, form: WeightForm, activations: ActivationKind = .float32)
    -> CellStream
  {
    let weights = StreamWeights(
      plan: plan, machine: machine, parameters: parameters, form: form, activations: activations)
    let stream = CellStream(weights, batch: lengths.batch)
    if let memory {
      for (row, rows) in memory.perSequence.enumerated() {
        let own = StreamMemory(weights, rows: rows.map(Float.init), count: rows.count / memory.width)
        stream.setMemory(own, row: row)
      }
    }
    for (state, values) in initial.enumerated() {
      stream.state(state).update(from: values, count: values.count)
    }
    return stream
  }
}
