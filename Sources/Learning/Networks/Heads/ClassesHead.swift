package import Engine
package import Sequences
package import Support

/// One of a number of classes; softmax cross-entropy.
package struct ClassesHead: OutputHead {
  /// Nil: as many as the symbols that the network reads.
  package let classes: Int?

  package static let keys: (required: Set<String>, optional: Set<String>) = (["classes"], [])
  package static let title = "classes"

  package var outputs: Int? { classes }
  package var function: HeadFunction { .softmax }
  package var unit: LossUnit { LossUnit("nats", digits: (3, 3), per: .namedStep, isOfClasses: true) }
  package var smoothsTargets: Bool { true }

  package func resolved(reading input: any InputEncoding) throws(RecurrentError) -> ClassesHead {
    if classes != nil { return self }
    guard let symbols = input.symbols else {
      throw RecurrentError(.network, "a network that reads features has no symbols to give: say how many classes there are")
    }
    return ClassesHead(classes: symbols.count)
  }

  package func fault(in targets: Batch.Targets, rows: Int, width: Int) -> String? {
    let classes: [Int32]
    switch targets {
    case .classes(let given): classes = given
    case .weightedClasses(let given, let weights):
      classes = given
      if weights.count != given.count { return "the batch must say of each row what it counts" }
    case .values: return "the network gives classes, and the batch has target values"
    case .symbols: return "the network gives classes, and the batch has symbols of whole sequences"
    }
    if classes.count != rows { return "the batch has \(classes.count) targets for \(rows) rows" }
    return classes.first { Int($0) >= width }.map {
      "the target is class \($0); the network gives \(width) classes, counted from 0"
    }
  }

  package func loss(
    _ outputs: UnsafeMutablePointer<Float>, width: Int, rows: Range<Int>, of targets: Batch.Targets, _ terms: LossTerms
  ) -> Double {
    let loss: Double
    switch targets {
    case .classes(let classes):
      loss = classes.withUnsafeBufferPointer { classes in
        guard let base = classes.baseAddress else { return 0 }
        return terms.kernels.softmaxCrossEntropy(
          outputs, targets: base + rows.lowerBound, rows: rows.count, width: width, scale: terms.scale)
      }
      smooth(outputs, width: width, rows, classes, weights: nil, terms)
    case .weightedClasses(let classes, let weights):
      loss = rows.enumerated().reduce(0) { sum, row in
        let weight = weights[row.element]
        let loss = withUnsafePointer(to: classes[row.element]) {
          terms.kernels.softmaxCrossEntropy(
            outputs + row.offset * width, targets: $0, rows: 1, width: width, scale: terms.scale * weight)
        }
        return sum + Double(weight) * loss
      }
      smooth(outputs, width: width, rows, classes, weights: weights, terms)
    case .values, .symbols: fatalError("the network gives classes, and the batch has none")
    }
    return loss
  }

  /// Spreads a fraction of each target evenly over all classes, in the gradient of a block of outputs.
  private func smooth(
    _ gradient: UnsafeMutablePointer<Float>, width: Int, _ rows: Range<Int>, _ classes: [Int32], weights: [Float]?,
    _ terms: LossTerms
  ) {
    if terms.smoothing == 0 { return }
    for (place, row) in rows.enumerated() where classes[row] >= 0 {
      let own = gradient + place * width
      let fraction = Float(terms.smoothing) * terms.scale * (weights?[row] ?? 1)
      for index in 0..<width { own[index] -= fraction / Float(width) }
      own[Int(classes[row])] += fraction
    }
  }

  package func finish(
    _ outputs: UnsafeMutablePointer<Float>, rows: Int, width: Int, weights: UnsafePointer<Float>, on kernels: InstructionSet
  ) {
    kernels.softmax(outputs, rows: rows, width: width)
  }

  /// The class that is known, or the one that came second. The gradient of the loss that it would have is, where the first one is
  /// certain, that of what the first is ahead by; the first one's own loss has none there.
  package func probe(_ rows: [ArraySlice<Float>?], width: Int, known: [Int32?]) -> Batch.Targets {
    .classes(
      zip(rows, known).map { row, known in
        guard let row else { return -1 }
        let order = row.indices.sorted { (row[$1], $0) < (row[$0], $1) }
        return known ?? Int32((order.count > 1 ? order[1] : row.startIndex) - row.startIndex)
      })
  }
}
