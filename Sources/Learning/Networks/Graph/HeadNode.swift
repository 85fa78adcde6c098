import CellCompiler
import Engine
import Sequences
package import Support

/// The network's output: a matrix times the rows below plus a bias, if the head has them, and its loss.
package struct HeadNode: NetworkNode {
  package let head: any OutputHead
  private let input: Int
  /// The numbers of a row that it reads.
  private let inputWidth: Int
  private let isTied: Bool

  init(_ head: any OutputHead, reads: Int, width: Int, isTied: Bool) {
    self.head = head
    input = reads
    inputWidth = width
    self.isTied = isTied
  }

  static let (weight, bias) = ("output.weight", "output.bias")

  package var name: String { "the output" }
  package var reads: [Int] { [input] }
  package var width: Int { head.outputs ?? inputWidth }

  package var tensors: [WeightTensor] {
    guard head.isLinear else { return [] }
    return (isTied ? [] : [WeightTensor(Self.weight, [width, inputWidth])]) + [WeightTensor(Self.bias, [width])]
  }

  /// The matrix is Glorot uniform, the bias 0.
  package func initialWeights(isTied: Bool, using random: inout Random) -> [Float] {
    guard head.isLinear else { return [] }
    let matrix = self.isTied ? [] : Matrix.glorot(rows: width, columns: inputWidth, &random).elements.map(Float.init)
    return matrix + [Float](repeating: 0, count: width)
  }

  package func runner(_ parts: RunnerParts) -> any NodeRunner { HeadRunner(head, width: width, reads: parts.edges[input], parts) }

  package func stream(_ stream: StreamParts) throws(RecurrentError) -> any StreamNode {
    HeadStream(head, width: width, reads: input, stream)
  }
}

/// Gives the network's output, and its loss.
///
/// Rows go through it in blocks, so that a vocabulary of many thousand words needs no memory for all rows at once. Threads
/// take the blocks one after the other, the last one first: a batch whose rows come in segments, the last one first, gives the
/// same bits as one whose rows come all at once.
package final class HeadRunner: NodeRunner {
  package let span: NetworkGraph.Span
  private let head: any OutputHead
  let input: EdgeRows
  private let outputs: Int
  private let machine: Machine
  private let linear: Linear?
  private let smoothing: Double
  private var targets: Batch.Targets?
  /// Each thread's block of outputs, and its sums for the gradient of matrix and bias.
  private var blocks: [FloatBuffer]
  private var sums: [FloatBuffer]
  /// How many threads share the batch.
  private var parts = 1
  /// What a row counts in the mean loss.
  private var scale: Float = 0
  /// The loss of the rows so far.
  private(set) var loss = Loss()

  /// Rows of a block: enough for a matrix product to run well, few enough to stay in the caches and to be shared evenly.
  private var blockRows: Int { max(64, min(128, (1 << 18) / outputs)) }

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
    blocks = (0..<machine.threads).map { _ in FloatBuffer(count: 0) }
    sums = blocks
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
    let counted = targets.counted(rows)
    loss = Loss(sum: 0, count: counted)
    scale = counted == 0 ? 0 : 1 / Float(counted)
    parts = max(1, min(machine.threads, rows * outputs * input.width / (1 << 17)))
    for part in 0..<parts {
      blocks[part] = blocks[part].grown(to: blockRows * outputs)
      if run.takesGradient && linear != nil {
        sums[part] = sums[part].grown(to: (input.width + 1) * outputs)
        sums[part].clear(0..<(input.width + 1) * outputs)
      }
    }
  }

  /// There is nothing to do before it is known what is wanted of the outputs: ``score(_:)``, ``given(_:)`` or the way back.
  package func forward(_ segment: Segment) {}

  /// Adds the loss of the rows that have just come up.
  func score(_ segment: Segment) { score(segment, gradient: nil) }

  package func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    input.addGradient(rows: segment.lengths(of: span).rows) { score(segment, gradient: $0) }
  }

  private func score(_ segment: Segment, gradient: UnsafeMutablePointer<Float>?) {
    guard let targets else { fatalError("a loss is asked for without targets") }
    let rows = span == .step ? segment.whole.rows(of: segment.steps) : 0..<segment.whole.batch
    var losses = [Double](repeating: 0, count: parts)
    losses.withUnsafeMutableBufferPointer { losses in
      nonisolated(unsafe) let (losses, head, vectors, gradient) = (losses, self, input.values, gradient)
      machine.concurrently(parts) { part in
        losses[part] = head.loss(vectors, rows, targets, gradient: gradient, part: part)
      }
    }
    loss.sum += losses.reduce(0, +)
  }

  private func loss(
    _ vectors: UnsafePointer<Float>, _ rows: Range<Int>, _ targets: Batch.Targets, gradient: UnsafeMutablePointer<Float>?,
    part: Int
  ) -> Double {
    let (block, width) = (blocks[part].base, input.width)
    let terms = LossTerms(scale: scale, smoothing: gradient == nil ? 0 : smoothing, kernels: machine.instructionSet)
    var total = 0.0
    let touched = rows.lowerBound / blockRows..<(rows.upperBound + blockRows - 1) / blockRows
    for number in touched.reversed() where number % parts == part {
      let own = (number * blockRows..<(number + 1) * blockRows).clamped(to: rows)
      let first = own.lowerBound - rows.lowerBound
      let vectors = vectors + first * width
      multiply(vectors, count: own.count, into: block)
      total += head.loss(block, width: outputs, rows: own, of: targets, terms)
      guard let gradient else { continue }
      guard let linear else {
        (gradient + first * width).update(from: block, count: own.count * width)
        continue
      }
      linear.transposedPanels.multiply(
        block, stride: outputs, rows: own.count, bias: nil, into: gradient + first * width, stride: width)
      machine.instructionSet.addOuterProducts(
        block, stride: outputs, vectors, stride: width, rows: own.count, to: sums[part].base, n: outputs, k: width)
      machine.instructionSet.addColumnSums(
        of: block, stride: outputs, rows: own.count, width: outputs, to: sums[part].base + width * outputs)
    }
    return total
  }

  /// Adds what the batch's rows have summed up to the gradient of the weights.
  package func finish(_ gradients: UnsafeMutablePointer<Float>) {
    guard let linear else { return }
    let (weight, bias) = (gradients + linear.weight.lowerBound, gradients + linear.bias.lowerBound)
    let count = input.width * outputs
    for sum in sums.prefix(parts).map(\.base) {
      for place in 0..<count { weight[place] += sum[place] }
      for place in 0..<outputs { bias[place] += sum[count + place] }
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
