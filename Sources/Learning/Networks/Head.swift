import CellCompiler
import Engine
import Sequences

/// The linear layer on top, with its loss: softmax cross-entropy of classes, mean squared error of values, or what
/// distributions say of targets. Without weights it is
/// what the last layer gives, with the loss of values.
///
/// Rows go through it in blocks, so that a vocabulary of many thousand words needs no memory for all rows at once. Threads
/// take the blocks one after the other, the last one first: a batch whose rows come in segments, the last one first, gives the
/// same bits as one whose rows come all at once.
final class Head {
  private let output: Architecture.Output
  private let width: Int
  private let classes: Int
  private let machine: Machine
  private let linear: Linear?
  /// The fraction of a target that is spread evenly over all classes, in gradients.
  private let smoothing: Double
  /// Each thread's block of outputs, and its sums for the gradient of weight and bias.
  private var blocks: [FloatBuffer]
  private var sums: [FloatBuffer]
  /// How many threads share the batch.
  private var parts = 1
  /// What a row counts in the mean loss.
  private var scale: Float = 0

  /// Rows of a block: enough for a matrix product to run well, few enough to stay in the caches and to be shared evenly.
  private var blockRows: Int { max(64, min(128, (1 << 18) / classes)) }

  /// The weights, and where they stand among the network's.
  private struct Linear {
    let weightRange: Range<Int>
    let biasRange: Range<Int>
    let panels: Panels
    /// The transposed weights, for the gradient of the rows.
    let transposedPanels: Panels
    let bias: FloatBuffer
  }

  init(_ network: Network, machine: Machine, labelSmoothing: Double) {
    smoothing = labelSmoothing
    output = network.architecture.output
    width = network.architecture.topWidth(network.plans, headPlans: network.headPlans)
    classes = network.architecture.outputWidth
    self.machine = machine
    linear = network.layout.head.map { [classes, width] weight, bias in
      Linear(
        weightRange: weight.range, biasRange: bias.range, panels: Panels(n: classes, k: width, level: machine.instructionSet),
        transposedPanels: Panels(n: width, k: classes, level: machine.instructionSet), bias: FloatBuffer(count: classes))
    }
    blocks = (0..<machine.threads).map { _ in FloatBuffer(count: 0) }
    sums = (0..<machine.threads).map { _ in FloatBuffer(count: 0) }
  }

  func load(_ weights: UnsafePointer<Float>) {
    guard let linear else { return }
    linear.panels.pack(weights + linear.weightRange.lowerBound, rowStride: width, columnStride: 1)
    linear.transposedPanels.pack(weights + linear.weightRange.lowerBound, rowStride: 1, columnStride: width)
    linear.bias.base.update(from: weights + linear.biasRange.lowerBound, count: classes)
  }

  /// Begins a batch of `rows` rows.
  ///
  /// - Parameter sumsGradients: whether gradients are wanted.
  /// - Returns: how many rows have a target.
  func begin(_ targets: Batch.Targets, rows: Int, sumsGradients: Bool) -> Int {
    let counted = targets.counted(rows)
    scale = counted == 0 ? 0 : 1 / Float(counted)
    parts = max(1, min(machine.threads, rows * classes * width / (1 << 17)))
    for part in 0..<parts {
      blocks[part] = blocks[part].grown(to: blockRows * classes)
      if sumsGradients && linear != nil {
        sums[part] = sums[part].grown(to: (width + 1) * classes)
        sums[part].clear(0..<(width + 1) * classes)
      }
    }
    return counted
  }

  /// The sum of the loss over some rows of the batch, and, if wanted, the gradient of the whole batch's mean with respect to
  /// them; that of the weights is summed up.
  ///
  /// - Parameters:
  ///   - vectors: `[rows, width]`
  ///   - rows: which of the batch they are.
  ///   - outputGradient: `[rows, width]`
  func loss(
    _ vectors: UnsafePointer<Float>, rows: Range<Int>, targets: Batch.Targets,
    outputGradient: UnsafeMutablePointer<Float>? = nil
  ) -> Double {
    var losses = [Double](repeating: 0, count: parts)
    losses.withUnsafeMutableBufferPointer { losses in
      nonisolated(unsafe) let (losses, head, vectors, outputGradient) = (losses, self, vectors, outputGradient)
      machine.concurrently(parts) { part in
        losses[part] = head.loss(vectors, rows, targets, outputGradient: outputGradient, part: part)
      }
    }
    return losses.reduce(0, +)
  }

  /// Adds what the batch's rows have summed up to the gradient of the weights.
  func addSums(to gradients: UnsafeMutablePointer<Float>) {
    guard let linear else { return }
    let (weightGradient, biasGradient) = (gradients + linear.weightRange.lowerBound, gradients + linear.biasRange.lowerBound)
    for sum in sums.prefix(parts).map(\.base) {
      for place in 0..<width * classes { weightGradient[place] += sum[place] }
      for place in 0..<classes { biasGradient[place] += sum[width * classes + place] }
    }
  }

  /// Probabilities of classes, or values, `[count, outputs]`.
  func outputs(_ rows: UnsafePointer<Float>, rows count: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: count * classes) { buffer, filled in
      filled = count * classes
      guard let base = buffer.baseAddress else { return }
      multiply(rows, count: count, into: base)
      if case .classes = output { machine.instructionSet.softmax(base, rows: count, width: classes) }
    }
  }

  private func loss(
    _ vectors: UnsafePointer<Float>, _ rows: Range<Int>, _ targets: Batch.Targets, outputGradient: UnsafeMutablePointer<Float>?,
    part: Int
  ) -> Double {
    let outputs = blocks[part].base
    var total = 0.0
    let touched = rows.lowerBound / blockRows..<(rows.upperBound + blockRows - 1) / blockRows
    for block in touched.reversed() where block % parts == part {
      let own = (block * blockRows..<(block + 1) * blockRows).clamped(to: rows)
      let first = own.lowerBound - rows.lowerBound
      let vectors = vectors + first * width
      multiply(vectors, count: own.count, into: outputs)
      total += targets.loss(
        outputs, rows: own, width: classes, scale: scale, of: output, level: machine.instructionSet)
      guard let outputGradient else { continue }
      if smoothing > 0 { targets.smooth(outputs, rows: own, width: classes, by: Float(smoothing) * scale) }
      guard let linear else {
        (outputGradient + first * width).update(from: outputs, count: own.count * width)
        continue
      }
      linear.transposedPanels.multiply(
        outputs, stride: classes, rows: own.count, bias: nil, into: outputGradient + first * width, stride: width)
      machine.instructionSet.addOuterProducts(
        outputs, stride: classes, vectors, stride: width, rows: own.count, to: sums[part].base, n: classes, k: width)
      machine.instructionSet.addColumnSums(
        of: outputs, stride: classes, rows: own.count, width: classes, to: sums[part].base + width * classes)
    }
    return total
  }

  /// `[count, outputs]` = rows · weightᵀ + bias, or the rows themselves.
  private func multiply(_ rows: UnsafePointer<Float>, count: Int, into block: UnsafeMutablePointer<Float>) {
    guard let linear else { return block.update(from: rows, count: count * width) }
    linear.panels.multiply(rows, stride: width, rows: count, bias: linear.bias.base, into: block, stride: classes)
  }
}

extension Batch.Targets {
  /// The rows that have a target.
  func counted(_ rows: Int) -> Int {
    switch self {
    case .classes(let classes), .weightedClasses(let classes, _): classes.reduce(0) { $0 + ($1 < 0 ? 0 : 1) }
    case .values(_, let counted): counted.map { $0.reduce(0) { $0 + ($1 ? 1 : 0) } } ?? rows
    }
  }

  /// Spreads a fraction of each target evenly over all classes, in the gradient of a block of outputs.
  ///
  /// - Parameter fraction: times what a row counts in the loss.
  fileprivate func smooth(_ gradient: UnsafeMutablePointer<Float>, rows: Range<Int>, width: Int, by fraction: Float) {
    let (classes, weights): ([Int32], [Float]?)
    switch self {
    case .classes(let all): (classes, weights) = (all, nil)
    case .weightedClasses(let all, let counts): (classes, weights) = (all, counts)
    case .values: return
    }
    for (place, row) in rows.enumerated() where classes[row] >= 0 {
      let own = gradient + place * width
      let fraction = fraction * (weights?[row] ?? 1)
      for index in 0..<width { own[index] -= fraction / Float(width) }
      own[Int(classes[row])] += fraction
    }
  }

  /// The loss of a block of outputs, which become its gradient times `scale`.
  fileprivate func loss(
    _ outputs: UnsafeMutablePointer<Float>, rows: Range<Int>, width: Int, scale: Float, of output: Architecture.Output,
    level: InstructionSet
  ) -> Double {
    switch self {
    case .values(let values, let counted) where output.distribution != nil:
      guard let (family, targets) = output.distribution else { return 0 }
      return values.withUnsafeBufferPointer { values in
        var total = 0.0
        for (place, row) in rows.enumerated() {
          for target in 0..<targets {
            total += family.loss(
              outputs + place * width + target * family.parameterCount,
              target: counted?[row] ?? true ? Double(values[row * targets + target]) : .nan, scale: Double(scale))
          }
        }
        return total
      }
    case .classes(let classes):
      return classes.withUnsafeBufferPointer { targets in
        targets.baseAddress.map {
          level.softmaxCrossEntropy(outputs, targets: $0 + rows.lowerBound, rows: rows.count, width: width, scale: scale)
        } ?? 0
      }
    case .weightedClasses(let classes, let weights):
      return rows.enumerated().reduce(0) { sum, row in
        let weight = weights[row.element]
        let loss = withUnsafePointer(to: classes[row.element]) {
          level.softmaxCrossEntropy(outputs + row.offset * width, targets: $0, rows: 1, width: width, scale: scale * weight)
        }
        return sum + Double(weight) * loss
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

extension Architecture.Output {
  /// The family and the number of targets, if the network gives distributions.
  package var distribution: (family: Distribution, targets: Int)? {
    if case .distribution(let family, let targets) = self { (family, targets) } else { nil }
  }
}
