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
      + [WeightTensor(Self.bias, [.outputs(width)])] + head.tensors
  }

  /// The matrix is Glorot uniform, all else 0.
  package func initialWeights(isTied: Bool, using random: inout Random) -> [Float] {
    guard head.isLinear else { return [] }
    let matrix = self.isTied ? [] : Matrix.glorot(rows: width, columns: inputAxis.count, &random).elements.map(Float.init)
    return matrix + [Float](repeating: 0, count: width + head.tensors.reduce(0) { $0 + $1.count })
  }

  package func runner(_ parts: RunnerParts) -> any NodeRunner { HeadRunner(head, width: width, reads: parts.edges[input], parts) }

  package func stream(_ stream: StreamParts) throws(RecurrentError) -> StreamNode {
    if head.finishesSequences, case .special(let what) = head.function {
      throw RecurrentError(
        .network,
        "the network can't be run step by step: its output is \(what), in which each step depends on those after it, which a stream does "
          + "not know; run it over whole sequences")
    }
    return HeadStream(head, width: width, reads: input, stream)
  }
}

/// Gives the network's output, and its loss.
///
/// Rows go through it in blocks of one shard's, so that a vocabulary of many thousand words needs no memory for all rows at once;
/// a head that scores sequences has a sequence in each block.
/// Threads share the shards, and what each shard sums up is added in a tree (`ShardRows`): how many threads there are does not show.
package final class HeadRunner: NodeRunner {
  package let span: NetworkGraph.Span
  private let head: any OutputHead
  let input: EdgeRows
  private let outputs: Int
  private let machine: Machine
  private let linear: Linear?
  /// The head's own weights, and where they stand among the network's.
  private let own: (range: Range<Int>, weights: FloatBuffer)
  private let smoothing: Double
  private var targets: Batch.Targets?
  /// Each thread's blocks.
  private var blocks: [Block]
  /// For each shard its sums for the gradient of matrix, bias and the head's own weights, and its loss.
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
    let ownCount = head.isLinear ? head.tensors.reduce(0) { $0 + $1.count } : 0
    own = (parts.weights.upperBound - ownCount..<parts.weights.upperBound, FloatBuffer(count: ownCount))
    guard head.isLinear else {
      linear = nil
      return
    }
    let level = machine.instructionSet
    let bias = own.range.lowerBound - width..<own.range.lowerBound
    linear = Linear(
      weight: parts.tied ?? parts.weights.lowerBound..<bias.lowerBound, bias: bias,
      panels: Panels(n: width, k: input.width, level: level), transposedPanels: Panels(n: input.width, k: width, level: level),
      biases: FloatBuffer(count: width))
  }

  package func load(_ weights: UnsafePointer<Float>) {
    own.weights.base.update(from: weights + own.range.lowerBound, count: own.range.count)
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
    let all = run.whole?.counted ?? counted
    scale = all == 0 ? 0 : 1 / Float(all)
    occupied = run.lengths.sequencesByShard.occupied
    losses = [Double](repeating: 0, count: run.lengths.shards)
    parts = max(1, min(machine.threads, occupied.count, rows * outputs * input.width / (1 << 17)))
    let blockRows = head.scoresSequences ? run.lengths.steps : blockRows
    for part in 0..<parts {
      blocks[part].rows = blocks[part].rows.grown(to: blockRows * input.width)
      blocks[part].outputs = blocks[part].outputs.grown(to: blockRows * outputs)
      blocks[part].gradient = blocks[part].gradient.grown(to: blockRows * input.width)
    }
    guard run.takesGradient, linear != nil else { return }
    let count = (input.width + 1) * outputs + own.range.count
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
    let isByRow = span == .step && !head.scoresSequences
    let rows = isByRow ? segment.whole.rowsByShard(of: segment.steps) : segment.whole.sequencesByShard
    let first = span == .step ? segment.whole.rows(of: segment.steps).lowerBound : 0
    losses.withUnsafeMutableBufferPointer { losses in
      nonisolated(unsafe) let (losses, head, vectors, gradient) = (losses, self, input.values, gradient)
      let (occupied, parts, lengths) = (occupied, parts, segment.whole)
      machine.concurrently(parts) { part in
        for place in stride(from: part, to: occupied.count, by: parts) {
          let shard = occupied[place]
          losses[shard] += head.loss(
            vectors, head.blocks(of: rows[shard], lengths), from: first, targets, gradient: gradient, shard: shard, part: part)
        }
      }
    }
  }

  /// The rows of each block, and the sequence of which they are all, if the head scores sequences.
  private func blocks(of rows: ArraySlice<Int32>, _ lengths: PackedLengths) -> [(rows: [Int], sequence: Int?)] {
    if head.scoresSequences {
      return rows.map { (lengths.rows(ofSequence: Int($0)), Int($0)) }.filter { !$0.0.isEmpty }
    }
    return stride(from: rows.startIndex, to: rows.endIndex, by: blockRows).map {
      (rows[$0..<min($0 + blockRows, rows.endIndex)].map(Int.init), nil)
    }
  }

  /// The loss of a shard's rows. The gradient of each row is written where the row stands, and that of the weights summed up.
  ///
  /// - Parameter first: the row of the batch with which `vectors` and `gradient` begin.
  private func loss(
    _ vectors: UnsafePointer<Float>, _ ownBlocks: [(rows: [Int], sequence: Int?)], from first: Int, _ targets: Batch.Targets,
    gradient: UnsafeMutablePointer<Float>?, shard: Int, part: Int
  ) -> Double {
    let (block, width, level) = (blocks[part], input.width, machine.instructionSet)
    let terms = LossTerms(
      scale: scale, smoothing: gradient == nil ? 0 : smoothing, kernels: level, weights: UnsafePointer(self.own.weights.base),
      gradient: gradient.map { _ in ownSum(shard) })
    var total = 0.0
    for (own, sequence) in ownBlocks {
      for (place, row) in own.enumerated() {
        (block.rows.base + place * width).update(from: vectors + (row - first) * width, count: width)
      }
      multiply(block.rows.base, count: own.count, into: block.outputs.base)
      total += head.loss(
        block.outputs.base, width: outputs, rows: 0..<own.count, of: targets.taking(own, of: rowCount, sequence: sequence), terms)
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
    // The head's own weights follow the bias.
    nonisolated(unsafe) let (weight, rest) = (gradients + linear.weight.lowerBound, gradients + linear.bias.lowerBound)
    nonisolated(unsafe) let parts = losses.indices.map { occupied.contains($0) ? sums[$0].base : nil }
    machine.forEachPart(of: count + outputs + own.range.count, grain: 1 << 14) { range in
      guard let sum = sumTree(parts.map { $0.map { $0 + range.lowerBound } }, count: range.count) else { return }
      for place in range {
        let target = place < count ? weight + place : rest + (place - count)
        target.pointee += sum[place - range.lowerBound]
      }
    }
  }

  /// Where a shard sums up the gradient of the head's own weights.
  private func ownSum(_ shard: Int) -> UnsafeMutablePointer<Float> {
    linear == nil ? own.weights.base : sums[shard].base + (input.width + 1) * outputs
  }

  /// What the network gives for the rows that have just come up, `[rows, outputs]`: probabilities of classes, or values.
  func given(_ segment: Segment) -> [Float] {
    outputs(segment) { block, rows in
      head.finish(
        block, rows: rows.count, width: outputs, weights: UnsafePointer(own.weights.base), on: machine.instructionSet)
    }
  }

  /// The most probable class of each of these rows, and what the network gives for them.
  func chosen(_ segment: Segment) -> (classes: [Int32], outputs: [Float]) {
    var classes = [Int32](repeating: 0, count: segment.lengths(of: span).rows)
    let given = outputs(segment) { block, rows in
      let own = head.choose(
        block, rows: rows.count, width: outputs, weights: UnsafePointer(own.weights.base), on: machine.instructionSet)
      for (row, choice) in zip(rows, own) { classes[row] = choice }
    }
    return (classes, given)
  }

  /// The outputs of the rows that have just come up, of which `make` makes what the network gives: of all rows, or of those of a
  /// sequence after the other.
  private func outputs(
    _ segment: Segment, _ make: (_ block: UnsafeMutablePointer<Float>, _ rows: [Int]) -> Void
  ) -> [Float] {
    let lengths = segment.lengths(of: span)
    return [Float](unsafeUninitializedCapacity: lengths.rows * outputs) { buffer, filled in
      filled = lengths.rows * outputs
      guard let base = buffer.baseAddress, filled > 0 else { return }
      multiply(input.values, count: lengths.rows, into: base)
      guard head.finishesSequences else { return make(base, Array(0..<lengths.rows)) }
      let block = FloatBuffer(count: lengths.steps * outputs)
      for sequence in 0..<lengths.batch where lengths.perSequence[sequence] > 0 {
        let rows = lengths.rows(ofSequence: sequence)
        for (place, row) in rows.enumerated() {
          (block.base + place * outputs).update(from: base + row * outputs, count: outputs)
        }
        make(block.base, rows)
        for (place, row) in rows.enumerated() {
          (base + row * outputs).update(from: block.base + place * outputs, count: outputs)
        }
      }
    }
  }

  /// `[count, outputs]` = rows · weightᵀ + bias, or the rows themselves.
  private func multiply(_ rows: UnsafePointer<Float>, count: Int, into block: UnsafeMutablePointer<Float>) {
    guard let linear else { return block.update(from: rows, count: count * outputs) }
    linear.panels.multiply(rows, stride: input.width, rows: count, bias: linear.biases.base, into: block, stride: outputs)
  }
}
