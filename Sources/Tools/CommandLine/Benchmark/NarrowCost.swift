package import CellLanguage
package import Engine
import Support

/// How long a step of a stream takes with narrower numbers.
///
/// Each kind is timed in turn with 32-bit numbers, so that other work of the machine affects both alike.
package struct NarrowCost: Sendable {
  /// The numbers of the weights, and those of the vectors that meet them.
  package let weights: WeightKind
  package let activations: ActivationKind
  /// The seconds of a step, in the median.
  package let seconds: Double
  /// What part of the time with 32-bit numbers that is, as the median of the pairs.
  package let factor: Double
  package let pairs: Int

  /// What is measured, 32-bit numbers first.
  package static let kinds: [(weights: WeightKind, activations: ActivationKind)] =
    WeightKind.allCases.map { ($0, .float32) } + [(.int8, .int8)]

  /// All kinds, for a stream of one row.
  ///
  /// - Throws: ``RecurrentError`` if what a stream gives differs from what the reference gives with the weights that are stored. Rounded
  ///   vectors are held to the reference by a law alone, since it is only steps one by one that agree.
  package static func all(
    _ cell: Cell, inputs: Int, units: Int, on machine: Machine, effort: Timing.Effort = .init()
  ) throws -> [NarrowCost] {
    let work = try BenchmarkWork(cell, inputs: inputs, units: units, batch: 1, steps: 64, mode: .step)
    let wide = try BenchmarkSubject(checked: work, on: machine)
    return try kinds.map { weights, activations in
      var data = BenchmarkData(work)
      let entries = ParameterLayout(cell, dimensions: work.dimensions).entries
      let form = try WeightForm(rounding: &data.parameters, of: entries, to: weights)
      let narrow = BenchmarkSubject(work, data, on: machine, form: form, activations: activations)
      if activations == .float32, let deviation = try narrow.deviation(expecting: data) {
        throw RecurrentError(.unsuitable, "\(work) with \(weights.rawValue) weights differs from the reference: \(deviation)")
      }
      let both = Timing.inTurn(effort, { narrow.run($0) }, { wide.run($0) })
      let factors = Timing(samples: zip(both.first.samples, both.second.samples).map { $0 / $1 })
      return NarrowCost(
        weights: weights, activations: activations, seconds: both.first.median, factor: factors.median,
        pairs: factors.samples.count)
    }
  }
}
