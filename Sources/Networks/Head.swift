import CellCompiler
import Engine
import Sequences

/// The linear layer on top, with its loss: softmax cross-entropy of classes, or mean squared error of values.
///
/// Rows go through it in blocks, so that a vocabulary of many thousand words needs no memory for all rows at once.
final class Head {
  private let output: Architecture.Output
  private let width: Int
  private let classes: Int
  private let machine: Machine
  private let weightRange: Range<Int>
  private let biasRange: Range<Int>
  private let panels: Panels
  /// For the gradient of the rows.
  private let transposedPanels: Panels
  private let bias: FloatBuffer
  /// Each thread's block of outputs, and its sums for the gradient of weight and bias.
  private var blocks: [FloatBuffer]
  private var sums: [FloatBuffer]

  /// Rows of a block: enough for a matrix product to run well, few enough to stay in the caches.
  private var blockRows: Int { max(64, min(512, (1 << 18) / classes)) }

  init(_ network: Network, machine: Machine) {
    output = network.architecture.output
    width = network.plans.last?.width(ofState: 0) ?? 0
    classes = network.architecture.outputWidth
    self.machine = machine
    weightRange = network.layout.outputWeight
    biasRange = network.layout.outputBias
    panels = Panels(n: classes, k: width, level: machine.level)
    transposedPanels = Panels(n: width, k: classes, level: machine.level)
    bias = FloatBuffer(count: biasRange.count)
    blocks = (0..<machine.threads).map { _ in FloatBuffer(count: 0) }
    sums = (0..<machine.threads).map { _ in FloatBuffer(count: 0) }
  }

  func load(_ weights: UnsafePointer<Float>) {
    panels.pack(weights + weightRange.lowerBound, rowStride: width, columnStride: 1)
    transposedPanels.pack(weights + weightRange.lowerBound, rowStride: 1, columnStride: width)
    bias.base.update(from: weights + biasRange.lowerBound, count: biasRange.count)
  }

  /// The loss over rows, and, if wanted, the gradient of its mean with respect to the rows and, added, to the weights.
  ///
  /// - Parameters:
  ///   - rows: `[count, width]`
  ///   - outputGradient: `[count, width]`
  func loss(
    _ rows: UnsafePointer<Float>, rows count: Int, targets: Batch.Targets, outputGradient: UnsafeMutablePointer<Float>? = nil,
    gradients: UnsafeMutablePointer<Float>? = nil
  ) -> Loss {
    let counted = targets.counted(count)
    let scale = counted == 0 ? 0 : 1 / Float(counted)
    let parts = shares(of: count)
    for part in parts.indices {
      blocks[part] = blocks[part].grown(to: blockRows * classes)
      if outputGradient != nil {
        sums[part] = sums[part].grown(to: (width + 1) * classes)
        sums[part].clear(0..<(width + 1) * classes)
      }
    }
    var losses = [Double](repeating: 0, count: parts.count)
    losses.withUnsafeMutableBufferPointer { losses in
      nonisolated(unsafe) let (losses, head, outputGradient) = (losses, self, outputGradient)
      nonisolated(unsafe) let rows = rows
      machine.concurrently(parts.count) { part in
        losses[part] = head.loss(of: parts[part], rows, targets, scale: scale, outputGradient: outputGradient, part: part)
      }
    }
    if let gradients {
      for part in parts.indices {
        let sum = sums[part].base
        let (weightGradient, biasGradient) = (gradients + weightRange.lowerBound, gradients + biasRange.lowerBound)
        for place in 0..<width * classes { weightGradient[place] += sum[place] }
        for place in 0..<classes { biasGradient[place] += sum[width * classes + place] }
      }
    }
    return Loss(sum: losses.reduce(0, +), count: counted)
  }

  /// Probabilities of classes, or values, `[count, outputs]`.
  func outputs(_ rows: UnsafePointer<Float>, rows count: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: count * classes) { buffer, filled in
      filled = count * classes
      guard let base = buffer.baseAddress else { return }
      multiply(rows, count: count, into: base)
      if case .classes = output { machine.level.softmax(base, rows: count, width: classes) }
    }
  }

  /// One range of rows a thread.
  private func shares(of count: Int) -> [Range<Int>] {
    let parts = max(1, min(machine.threads, count * classes * width / (1 << 17)))
    return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
  }

  private func loss(
    of range: Range<Int>, _ rows: UnsafePointer<Float>, _ targets: Batch.Targets, scale: Float,
    outputGradient: UnsafeMutablePointer<Float>?, part: Int
  ) -> Double {
    let block = blocks[part].base
    var total = 0.0
    for first in stride(from: range.lowerBound, to: range.upperBound, by: blockRows) {
      let count = min(blockRows, range.upperBound - first)
      let vectors = rows + first * width
      multiply(vectors, count: count, into: block)
      total += targets.loss(block, rows: first..<first + count, width: classes, scale: scale, level: machine.level)
      guard let outputGradient else { continue }
      transposedPanels.multiply(
        block, stride: classes, rows: count, bias: nil, into: outputGradient + first * width, stride: width)
      machine.level.addOuterProducts(
        block, stride: classes, vectors, stride: width, rows: count, to: sums[part].base, n: classes, k: width)
      machine.level.addColumnSums(
        of: block, stride: classes, rows: count, width: classes, to: sums[part].base + width * classes)
    }
    return total
  }

  /// `[count, outputs]` = rows · weightᵀ + bias
  private func multiply(_ rows: UnsafePointer<Float>, count: Int, into block: UnsafeMutablePointer<Float>) {
    panels.multiply(rows, stride: width, rows: count, bias: bias.base, into: block, stride: classes)
  }
}

extension Batch.Targets {
  /// The rows that have a target.
  fileprivate func counted(_ rows: Int) -> Int {
    switch self {
    case .classes(let classes): classes.reduce(0) { $0 + ($1 < 0 ? 0 : 1) }
    case .values(_, let counted): counted.map { $0.reduce(0) { $0 + ($1 ? 1 : 0) } } ?? rows
    }
  }

  /// The loss of a block of outputs, which become its gradient times `scale`.
  fileprivate func loss(
    _ outputs: UnsafeMutablePointer<Float>, rows: Range<Int>, width: Int, scale: Float, level: CPULevel
  ) -> Double {
    switch self {
    case .classes(let classes):
      return classes.withUnsafeBufferPointer { targets in
        targets.baseAddress.map {
          level.softmaxCrossEntropy(outputs, targets: $0 + rows.lowerBound, rows: rows.count, width: width, scale: scale)
        } ?? 0
      }
    case .values(let values, let counted):
      var total = 0.0
      for (place, row) in rows.enumerated() {
        let isCounted = counted?[row] ?? true
        for column in 0..<width {
          let difference = outputs[place * width + column] - values[row * width + column]
          if isCounted { total += Double(difference * difference) / Double(width) }
          outputs[place * width + column] = isCounted ? 2 * difference * scale / Float(width) : 0
        }
      }
      return total
    }
  }
}
