import CellLanguage
import Engine
import Support

extension Trial {
  /// A part of a ``Result``.
  enum Part {
    case state(Int)
    case final(Int)
    case inputGradient
    case initialGradient(Int)
    case memoryGradient
    case stateGradient(Int)
    case parameterGradient
  }

  /// How far each number of a right run may be from the reference, whatever the cell makes of its roundings.
  ///
  /// It is right to first order; a tenth more is for the rest. The reference's numbers are rounded to Float, too.
  func roundings(in part: Part) throws -> [Double] {
    let cell = masks.isEmpty ? cell : try cell.withMasks()
    let reference = ReferenceCell(cell, dimensions: dimensions)
    let weights = reference.layout.entries.map { parameters[$0.range].map(Double.init) }
    let states = initial + masks
    let ends = finalGradients + masks.map { [Float](repeating: 0, count: $0.count) }
    let widths = cell.states.map { dimensions[$0.size] }
    func rows(_ values: [[Float]], _ sequence: Int) -> [[Double]] {
      zip(values, widths).map { $0[sequence * $1..<(sequence + 1) * $1].map(Double.init) }
    }
    func steps(_ values: [Float], width: Int) -> [[[Double]]] { lengths.unpack(values.map(Double.init), width: width) }
    let inputs = steps(self.inputs, width: inputWidth)
    let outputs = steps(outputGradients, width: widths[0])
    let kept = zip(zoneouts, widths).map { steps($0, width: $1) }
    let memories = memory?.perSequence ?? []
    let runs = inputs.indices.map { sequence in
      reference.roundings(
        inputs[sequence], initial: rows(states, sequence), memory: memories.isEmpty ? [] : memories[sequence],
        weights: weights, zoneout: kept.map { $0[sequence] },
        outputs: outputs[sequence], final: rows(ends, sequence))
    }
    func bounds(_ values: [Rounded]) -> [Double] {
      values.flatMap { each in zip(each.errors, each.values).map { (1.1 * $0 + abs($1)) * 0x1p-24 } }
    }
    func packed(_ values: (ReferenceCell.Roundings) -> [Rounded]) -> [Double] {
      lengths.pack(runs.map { values($0).map { bounds([$0]) } })
    }
    switch part {
    case .state(let state): return packed { $0.states[state] }
    case .stateGradient(let state): return packed { $0.stateGradients[state] }
    case .inputGradient: return lengths.pack(runs.map { $0.inputGradients.map(bounds) })
    case .final(let state): return bounds(runs.map { $0.final[state] })
    case .initialGradient(let state): return bounds(runs.map { $0.initialGradients[state] })
    case .memoryGradient: return memory?.packed(runs.map { $0.memoryGradient.map { bounds([$0]) } ?? [] }) ?? []
    case .parameterGradient:
      return weights.indices.flatMap { index in
        let sums = runs.map { $0.parameters[index] }
        return bounds([sums.dropFirst().reduce(sums[0]) { $0.adding($1) }])
      }
    }
  }
}
