import CellCompiler
import Engine
import Sequences
package import Support

/// What the network reads, as the vectors that the first layer takes: the parts of the input side by side.
package struct InputNode: NetworkNode {
  package let parts: [any InputPart]

  init(_ parts: [any InputPart]) { self.parts = parts }

  package var name: String { "the input" }
  package var reads: [Int] { [] }
  package var width: Int { parts.reduce(0) { $0 + $1.width } }
  package var tensors: [WeightTensor] { parts.flatMap(\.tensors) }

  package func initialWeights(isTied: Bool, using random: inout Random) -> [Float] {
    parts.flatMap { $0.initialWeights(isTied: isTied, using: &random) }
  }

  package func runner(_ runner: RunnerParts) -> any NodeRunner { InputRunner(parts, runner) }

  package func stream(_ stream: StreamParts) throws(RecurrentError) -> StreamNode { try InputStream(parts, stream) }
}

/// Writes the vectors of a batch's rows, and takes in their gradient.
package final class InputRunner: NodeRunner {
  package let span = NetworkGraph.Span.step
  private let parts: [Part]
  private let output: EdgeRows
  private var vectors = FloatBuffer(count: 0)
  private var rows = 0..<0
  /// Whether the rows are a part of a batch.
  private var isPart = false
  /// Receives the gradient of the vectors of all rows, `[rows, width]`, which then does not go on into weights; nil for that.
  var gradient: UnsafeMutablePointer<Float>? { didSet { output.takesGradient = gradient != nil || isLearned } }

  private struct Part {
    let encoder: any PartEncoder
    /// Where its numbers stand in a vector, and its weights among the network's.
    let column: Int
    let weights: Range<Int>
  }

  init(_ parts: [any InputPart], _ runner: RunnerParts) {
    output = runner.output
    var (column, weight) = (0, runner.weights.lowerBound)
    self.parts = parts.map { part in
      let count = part.tensors.reduce(0) { $0 + $1.count }
      defer { (column, weight) = (column + part.width, weight + count) }
      return Part(
        encoder: part.encoder(
          machine: runner.machine, trains: runner.trains, dropout: runner.regularization.embeddingDropout,
          isTied: runner.tied == weight..<weight + count),
        column: column, weights: weight..<weight + count)
    }
    output.takesGradient = isLearned
  }

  /// Whether the vectors have weights that learn.
  var isLearned: Bool { parts.contains { $0.encoder.isLearned } }

  package func load(_ weights: UnsafePointer<Float>) {
    for part in parts { part.encoder.load(weights + part.weights.lowerBound) }
  }

  package func begin(_ run: BatchRun) {
    isPart = run.whole != nil
    for (part, rows) in zip(parts, run.inputs.parts) { part.encoder.begin(rows, run.lengths, seed: run.seed) }
  }

  package func forward(_ segment: Segment) {
    rows = segment.whole.rows(of: segment.steps)
    vectors = vectors.grown(to: rows.count * output.width)
    for part in parts { part.encoder.write(rows, to: vectors.base + part.column, stride: output.width) }
    output.values = UnsafePointer(vectors.base)
  }

  package func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    guard output.takesGradient else { return }
    let arrived = output.gradient(rows: rows.count)
    if let gradient {
      return (gradient + rows.lowerBound * output.width).update(from: arrived, count: rows.count * output.width)
    }
    for part in parts {
      part.encoder.backward(
        rows, from: arrived + part.column, stride: output.width, gradients + part.weights.lowerBound)
    }
  }

  package func finish(_ gradients: UnsafeMutablePointer<Float>) {
    if gradient != nil { return }
    for part in parts where !isPart || part.encoder.sumCount == 0 { part.encoder.finish(gradients + part.weights.lowerBound) }
  }

  /// The numbers that are summed up over a batch before a gradient follows from them (``PartEncoder/sumCount``).
  var sumCount: Int { parts.reduce(0) { $0 + $1.encoder.sumCount } }

  /// Adds those of the part of a batch that has been run back.
  func addSums(to sums: UnsafeMutablePointer<Float>) {
    var sums = sums
    for part in parts where part.encoder.sumCount > 0 {
      part.encoder.addSums(to: sums)
      sums += part.encoder.sumCount
    }
  }

  /// Adds the gradients that follow from those of the whole batch.
  func finish(_ gradients: UnsafeMutablePointer<Float>, from sums: UnsafePointer<Float>) {
    var sums = sums
    for part in parts where part.encoder.sumCount > 0 {
      part.encoder.finish(gradients + part.weights.lowerBound, from: sums)
      sums += part.encoder.sumCount
    }
  }

  package func plannedBytes(_ plan: MemoryPlan) -> Int {
    let special = plan.inputs.map { inputs in zip(parts, inputs.parts).reduce(0) { $0 + $1.0.encoder.plannedBytes($1.1) } }
    return 4 * plan.rows(of: .step) * output.width + (special ?? 0)
  }

  package var allocatedBytes: Int { 4 * vectors.count + parts.reduce(0) { $0 + $1.encoder.allocatedBytes } }
}
