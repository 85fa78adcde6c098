import CellCompiler
import Engine
import Sequences
package import Support

/// The network's output: a matrix times the rows below plus a bias, if the head has them, and its loss.
package struct HeadNode: NetworkNode {
  package let head: any OutputHead
  private let input: Int
  /// The numbers of a row that it reads.
  private let inputAxis: WeightAxis
  private let isTied: Bool

  init(_ head: any OutputHead, reads: Int, of inputAxis: WeightAxis, isTied: Bool) {
    self.head = head
    input = reads
    self.inputAxis = inputAxis
    self.isTied = isTied
  }

  static let (weight, bias) = ("output.weight", "output.bias")

  package var name: String { "the output" }
  package let part: String? = "head"
  package var reads: [Int] { [input] }
  package var width: Int { head.outputs ?? inputAxis.count }

  package var tensors: [WeightTensor] {
    guard head.isLinear else { return [] }
    return (isTied ? [] : [WeightTensor(Self.weight, [.outputs(width), inputAxis])])
      + [WeightTensor(Self.bias, [.outputs(width)])]
  }

  /// The matrix is Glorot uniform, the bias 0.
  package func initialWeights(isTied: Bool, using random: inout Random) -> [Float] {
    guard head.isLinear else { return [] }
    let matrix = self.isTied ? [] : Matrix.glorot(rows: width, columns: inputAxis.count, &random).elements.map(Float.init)
    return matrix + [Float](repeating: 0, count: width)
  }

  package func runner(_ parts: RunnerParts) -> any NodeRunner { HeadRunner(head, width: width, reads: parts.edges[input], parts) }

  package func stream(_ stream: StreamParts) throws(RecurrentError) -> any StreamNode {
    HeadStream(head, width: width, reads: input, stream)
  }
}

/// Gives the network's output, and its loss.
///
/// Rows go through it in blocks of one shard's, so that a vocabulary of many thousand words needs no memory for all rows at once.
/// Threads share the shards, and what each shard sums up is added in a tree (`ShardRows`): how many threads there are does not show.
package final class HeadRunner: NodeRunner {
  package let span: NetworkGraph.Span
  private let head: any OutputHead
  let input: EdgeRows
  private let outputs: Int
  private let machine: Machine
  private let linear: Linear?
  private let smoothing: Double
  private var targets: Batch.Targets?
  /// Each thread's blocks.
  private var blocks: [Block]
  /// For each shard its sums for the gradient of matrix and bias, and its loss.
  private var sums: [FloatBuffer] = []
  private var losses: [Double] = []
  /// The shards that have rows of the batch.
  private var occupied: [Int] = []
  /// How many threads share the batch.
  private var parts = 1
  /// The batch's rows, and how many of them have a target.
  private var (rowCount, counted) = (0, 0)
  /// What a row counts in the mean loss.
  private var scale: Float = 0

  /// Rows of a block: enough for a matrix product to run well, few enough to stay in the caches.
  private var blockRows: Int { max(64, min(128, (1 << 18) / outputs)) }

  /// What a thread works on: rows of a shard side by side, what the head gives for them, and the gradient of the rows.
  private struct Block {
    var rows = FloatBuffer(count: 0)
    var outputs = FloatBuffer(count: 0)
    var gradient = FloatBuffer(count: 0)
  }

  /// The weights, and where they stand among the network's.
  private struct Linear {
    let weight: Range<Int>
    let bias: Range<Int>
    let panels: Panels
    /// The transposed weights, for the gradient of the rows.
    let transposedPanels: Panels
    let biases: FloatBuffer
  }

  init(_ head: any OutputHead, width: Int, reads input: EdgeRows, _ parts: RunnerParts) {
    self.head = head
    self.input = input
    outputs = width
    span = input.span
    machine = parts.machine
    smoothing = parts.regularization.labelSmoothing
    blocks = (0..<machine.threads).map { _ in Block() }
    guard head.isLinear else {
      linear = nil
      return
    }
    let level = machine.instructionSet
    let bias = parts.weights.upperBound - width..<parts.weights.upperBound
    linear = Linear(
      weight: parts.tied ?? parts.weights.lowerBound..<bias.lowerBound, bias: bias,
      panels: Panels(n: width, k: input.width, level: level), transposedPanels: Panels(n: input.width, k: width, level: level),
      biases: FloatBuffer(count: width))
  }

  package func load(_ weights: UnsafePointer<Float>) {
    guard let linear else { return }
    linear.panels.pack(weights + linear.weight.lowerBound, rowStride: input.width, columnStride: 1)
    linear.transposedPanels.pack(weights + linear.weight.lowerBound, rowStride: 1, columnStride: input.width)
    linear.biases.base.update(from: weights + linear.bias.lowerBound, count: outputs)
  }

  package func begin(_ run: BatchRun) {
    targets = run.targets
    guard let targets else { return }
    let rows = span == .step ? run.lengths.rows : run.lengths.batch
    (rowCount, counted) = (rows, targets.counted(rows))
    scale = counted == 0 ? 0 : 1 / Float(counted)
    occupied = run.lengths.sequencesByShard.occupied
    losses = [Double](repeating: 0, count: run.lengths.shards)
    parts = max(1, min(machine.threads, occupied.count, rows * outputs * input.width / (1 << 17)))
    for part in 0..<parts {
      blocks[part].rows = blocks[part].rows.grown(to: blockRows * input.width)
      blocks[part].outputs = blocks[part].outputs.grown(to: blockRows * outputs)
      blocks[part].gradient = blocks[part].gradient.grown(to: blockRows * input.width)
    }
    guard run.takesGradient, linear != nil else { return }
    let count = (input.width + 1) * outputs
    sums += (sums.count..<max(sums.count, run.lengths.shards)).map { _ in FloatBuffer(count: 0) }
    for shard in occupied {
      sums[shard] = sums[shard].grown(to: count)
      sums[shard].clear(0..<count)
    }
  }

  /// The loss of the batch's rows so far.
  var loss: Loss { Loss(sum: sumTree(losses), count: counted) }

  /// There is nothing to do before it is known what is wanted of the outputs: ``score(_:)``, ``given(_:)`` or the way back.
  package func forward(_ segment: Segment) {}

  /// Adds the loss of the rows that have just come up.
  func score(_ segment: Segment) { score(segment, gradient: nil) }

  package func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    input.addGradient(rows: segment.lengths(of: span).rows) { score(segment, gradient: $0) }
  }

  private func score(_ segment: Segment, gradient: UnsafeMutablePointer<Float>?) {
    guard let targets else { fatalError("a loss is asked for without targets") }
    let rows = span == .step ? segment.whole.rowsByShard(of: segment.steps) : segment.whole.sequencesByShard
    let first = span == .step ? segment.whole.rows(of: segment.steps).lowerBound : 0
    losses.withUnsafeMutableBufferPointer { losses in
      nonisolated(unsafe) let (losses, head, vectors, gradient) = (losses, self, input.values, gradient)
      let (occupied, parts) = (occupied, parts)
      machine.concurrently(parts) { part in
        for place in stride(from: part, to: occupied.count, by: parts) {
          let shard = occupied[place]
          losses[shard] += head.loss(vectors, rows[shard], from: first, targets, gradient: gradient, shard: shard, part: part)
        }
      }
    }
  }

  /// The loss of a shard's rows. The gradient of each row is written where the row stands, and that of the weights summed up.
  ///
  /// - Parameter first: the row of the batch with which `vectors` and `gradient` begin.
  private func loss(
    _ vectors: UnsafePointer<Float>, _ rows: ArraySlice<Int32>, from first: Int, _ targets: Batch.Targets,
    gradient: UnsafeMutablePointer<Float>?, shard: Int, part: Int
  ) -> Double {
    let (block, width, level) = (blocks[part], input.width, machine.instructionSet)
    let terms = LossTerms(scale: scale, smoothing: gradient == nil ? 0 : smoothing, kernels: level)
    var total = 0.0
    for start in stride(from: rows.startIndex, to: rows.endIndex, by: blockRows) {
      let own = rows[start..<min(start + blockRows, rows.endIndex)].map(Int.init)
      for (place, row) in own.enumerated() {
        (block.rows.base + place * width).update(from: vectors + (row - first) * width, count: width)
      }
      multiply(block.rows.base, count: own.count, into: block.outputs.base)
      total += head.loss(block.outputs.base, width: outputs, rows: 0..<own.count, of: targets.taking(own, of: rowCount), terms)
      guard let gradient else { continue }
      if let linear {
        linear.transposedPanels.multiply(
          block.outputs.base, stride: outputs, rows: own.count, bias: nil, into: block.gradient.base, stride: width)
        let inOrder = Array(0..<Int32(own.count))[...]
        level.sumOuterProducts(
          OuterSource(left: block.outputs.base, leftStride: outputs, right: block.rows.base, rightStride: width),
          rowsOfOneShard: inOrder, accumulates: true, to: sums[shard].base, n: outputs, k: width)
        level.addColumnSums(
          of: block.outputs.base, stride: outputs, rows: inOrder, width: outputs, to: sums[shard].base + width * outputs)
      }
      let source = linear == nil ? block.outputs.base : block.gradient.base
      for (place, row) in own.enumerated() {
        (gradient + (row - first) * width).update(from: source + place * width, count: width)
      }
    }
    return total
  }

  /// Adds what the batch's shards have summed up to the gradient of the weights.
  package func finish(_ gradients: UnsafeMutablePointer<Float>) {
    guard let linear, targets != nil else { return }
    let count = input.width * outputs
    nonisolated(unsafe) let (weight, bias) = (gradients + linear.weight.lowerBound, gradients + linear.bias.lowerBound)
    nonisolated(unsafe) let parts = losses.indices.map { occupied.contains($0) ? sums[$0].base : nil }
    machine.forEachPart(of: count + outputs, grain: 1 << 14) { range in
      guard let sum = sumTree(parts.map { $0.map { $0 + range.lowerBound } }, count: range.count) else { return }
      for place in range {
        let target = place < count ? weight + place : bias + (place - count)
        target.pointee += sum[place - range.lowerBound]
      }
    }
  }

  /// What the network gives for the rows that have just come up, `[rows, outputs]`: probabilities of classes, or values.
  func given(_ segment: Segment) -> [Float] {
    let rows = segment.lengths(of: span).rows
    return [Float](unsafeUninitializedCapacity: rows * outputs) { buffer, filled in
      filled = rows * outputs
      guard let base = buffer.baseAddress else { return }
      multiply(input.values, count: rows, into: base)
      head.finish(base, rows: rows, width: outputs, on: machine.instructionSet)
    }
  }

  /// `[count, outputs]` = rows · weightᵀ + bias, or the rows themselves.
  private func multiply(_ rows: UnsafePointer<Float>, count: Int, into block: UnsafeMutablePointer<Float>) {
    guard let linear else { return block.update(from: rows, count: count * outputs) }
    linear.panels.multiply(rows, stride: input.width, rows: count, bias: linear.biases.base, into: block, stride: outputs)
  }
}
