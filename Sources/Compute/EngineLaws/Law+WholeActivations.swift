import CellCompiler
import CellLanguage
import Engine

extension Law {
  /// With every instruction set, and one step at a time: each from the states that the stream has, since a number that is rounded the other
  /// way, as one that lies between two whole numbers may be, would make other states from then on.
  static func wholeActivationsFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    for batch in [1, 6] {
      var trial = Trial(cell, dimensions, lengths: PackedLengths(steps: 3, batch: batch))
      let form = try WeightForm(
        rounding: &trial.parameters, of: ParameterLayout(cell, dimensions: dimensions).entries,
        to: .int8)
      for level in InstructionSet.available {
        let machine = try Machine(instructionSet: level, threads: 1)
        if let fault = trial.wholeActivationsFault(on: machine, form: form) {
          return "with \(level) kernels and \(batch) rows, \(fault)"
        }
      }
    }
    return nil
  }
}

extension Trial {
  fileprivate func wholeActivationsFault(on machine: Machine, form: WeightForm) -> String? {
    let reference = ReferenceCell(cell, dimensions: dimensions, activations: .int8)
    let weights = reference.layout.entries.map { parameters[$0.range].map(Double.init) }
    let stream = stream(on: machine, form: form, activations: .int8)
    let widths = cell.states.indices.map { plan.width(ofState: $0) }
    func states(_ row: Int) -> [[Double]] {
      widths.enumerated().map { state, width in
        UnsafeBufferPointer(start: stream.state(state) + row * width, count: width).map(Double.init)
      }
    }
    for step in 0..<lengths.steps {
      let before = (0..<lengths.batch).map(states)
      let rows = (0..<lengths.batch).map { row in
        let first = (step * lengths.batch + row) * inputWidth
        return Array(inputs[first..<first + inputWidth])
      }
      stream.input.update(from: rows.flatMap { $0 }, count: lengths.batch * inputWidth)
      stream.step()
      for row in 0..<lengths.batch {
        let expected = reference.roundedStates(
          after: rows[row].map(Double.init), states: before[row],
          memory: memory?.perSequence[row] ?? [], weights: weights)
        for (state, values) in states(row).enumerated() {
          for (place, value) in values.enumerated() {
            let right = expected[state].values[place]
            let bound = (1.1 * expected[state].errors[place] + abs(right)) * 0x1p-24 + 1e-30
            if !(abs(value - right) <= bound) {
              return
                "\(cell.states[state].name)[\(place)] after step \(step) of row \(row) is \(value), not \(right), and they may be \(bound) apart"
            }
          }
        }
      }
    }
    return nil
  }
}
