import CellCompiler
import CellLanguage
import Engine
import Support

/// The numbers that a benchmark runs on, the same for the same work on every machine.
package struct BenchmarkData: Sendable {
  /// The weights, laid out as ``Engine/ParameterLayout`` says, uniform within ±1/√units.
  package var parameters: [Float]
  /// The inputs, `[T, B, I]`, uniform within ±1.
  package let inputs: [Float]
  /// The initial states, `[B, …]` each, uniform within 0 and 0.5; zero for streams, which start with zeros.
  package let initialStates: [[Float]]
  /// The memories of the sequences, `[M, B, K]`, uniform within ±1; none of a cell that reads none.
  package let memories: [Float]
  /// The loss's gradient with respect to each output, `[T, B, …]`, uniform within ±1.
  package var outputGradients: [Float]

  package init(_ work: BenchmarkWork) {
    var random = Random(.benchmark, seed: 1)
    func uniform(_ count: Int, from low: Float, to high: Float) -> [Float] {
      (0..<count).map { _ in low + (high - low) * random.uniformFloat() }
    }
    let bound = 1 / Float(work.dimensions.units).squareRoot()
    let (plan, rows) = (work.plan, work.batch * work.steps)
    parameters = uniform(ParameterLayout(work.cell, dimensions: work.dimensions).count, from: -bound, to: bound)
    inputs = uniform(rows * work.plan.inputWidth, from: -1, to: 1)
    initialStates = work.cell.states.indices.map { state in
      uniform(work.batch * plan.width(ofState: state), from: 0, to: work.mode == .step ? 0 : 0.5)
    }
    outputGradients = work.mode == .train ? uniform(rows * plan.width(ofState: 0), from: -1, to: 1) : []
    memories = uniform((work.memoryRows ?? 0) * work.batch * (plan.memoryWidth ?? 0), from: -1, to: 1)
  }
}

extension BenchmarkWork {
  /// The rows of the memory of one sequence, one after the other, of an array `[M, B, K]`.
  func memory<Number>(_ sequence: Int, of memories: [Number]) -> [Number] {
    guard let memoryRows, let width = plan.memoryWidth else { return [] }
    return (0..<memoryRows).flatMap { row in
      let start = (row * batch + sequence) * width
      return memories[start..<start + width]
    }
  }

  /// Those of all sequences together; nil of a cell that reads none.
  var memoryLengths: PackedLengths? { memoryRows.map { PackedLengths(steps: $0, batch: batch) } }
}
