import Engine
package import Sequences
import Support

/// An output that is values as they are; mean squared error.
package protocol SquaredErrorHead: OutputHead {}

extension SquaredErrorHead {
  package var function: HeadFunction { .identity }
  package var unit: LossUnit { .squaredError }

  package func fault(in targets: Batch.Targets, rows: Int, width: Int) -> String? {
    targets.valueFault(rows: rows, width: width)
  }

  package func loss(
    _ outputs: UnsafeMutablePointer<Float>, width: Int, rows: Range<Int>, of targets: Batch.Targets, _ terms: LossTerms
  ) -> Double {
    targets.squaredError(outputs, width: width, rows: rows, scale: terms.scale)
  }

  package func probe(_ rows: [ArraySlice<Float>?], width: Int, known: [Int32?]) -> Batch.Targets {
    .evenProbe(rows, width: width)
  }
}

/// A number of values.
package struct ValuesHead: SquaredErrorHead {
  package let values: Int

  package static let keys: (required: Set<String>, optional: Set<String>) = (["values"], [])
  package static let title = "values"

  package var outputs: Int? { values }
}

/// What the last layer gives.
package struct LastLayerHead: SquaredErrorHead {
  package init() {}

  package static let keys: (required: Set<String>, optional: Set<String>) = (["lastLayer"], [])
  package static let title = "the last layer's"

  package var outputs: Int? { nil }
  package var isLinear: Bool { false }

  private enum CodingKeys: CodingKey { case lastLayer }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard try container.decode(Bool.self, forKey: .lastLayer) else {
      throw DecodingError.dataCorruptedError(
        forKey: .lastLayer, in: container, debugDescription: "the output is the last layer's, or something else is named")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(true, forKey: .lastLayer)
  }
}

extension Architecture {
  /// How many values the network gives, if it gives values.
  package var values: Int? { (output.head as? ValuesHead)?.values }
}

extension LossUnit {
  static let squaredError = LossUnit("squared error", digits: (5, 5), per: .nothing)
}

extension Batch.Targets {
  /// What is wrong with targets that should be `width` numbers a row, as a sentence; nil if nothing is.
  package func valueFault(rows: Int, width: Int) -> String? {
    guard case .values(let values, let counted) = self else {
      return "the network gives values, and the batch has target classes"
    }
    if values.count != rows * width {
      return "the batch has \(values.count) target values; \(rows) rows of \(width) are \(rows * width)"
    }
    if let counted, counted.count != rows { return "the batch must say of each row whether it has a target" }
    return nil
  }

  /// The mean over a row's outputs of their squared error, summed over rows; the outputs become its gradient times `scale`.
  fileprivate func squaredError(
    _ outputs: UnsafeMutablePointer<Float>, width: Int, rows: Range<Int>, scale: Float
  ) -> Double {
    guard case .values(let values, let counted) = self else {
      fatalError("the network gives values, and the batch has target classes")
    }
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

  /// Targets such that the gradient of the mean of (y - t)² / width is 1 for each output y.
  fileprivate static func evenProbe(_ rows: [ArraySlice<Float>?], width: Int) -> Batch.Targets {
    .values(
      rows.flatMap { row in row.map { $0.map { $0 - Float(width) / 2 } } ?? [Float](repeating: 0, count: width) },
      counted: rows.map { $0 != nil })
  }
}
