package import Engine
package import Sequences

/// Numbers that the first layer reads as they are.
package struct NumbersPart: InputPart {
  package let width: Int

  package let axis: WeightAxis

  /// - Parameter axis: what the numbers are; features if nothing else is said.
  package init(_ width: Int, axis: WeightAxis? = nil) {
    self.width = width
    self.axis = axis ?? .features(width)
  }

  package var form: InputForm { .numbers(width) }

  package func fault(in rows: any InputRows, count: Int) -> String? {
    guard let numbers = rows as? NumberRows else { return "has no features, and the network reads \(width) at each step" }
    if numbers.values.count == count * width { return nil }
    return "has \(numbers.values.count) features; \(count) rows of \(width) are \(count * width)"
  }

  package func encoder(machine: Machine, trains: Bool, dropout: Double, isTied: Bool) -> any PartEncoder {
    NumbersEncoder(width: width)
  }
}

private final class NumbersEncoder: PartEncoder {
  private let width: Int
  private var values: [Float] = []

  init(width: Int) { self.width = width }

  func begin(_ rows: any InputRows, _ lengths: PackedLengths, seed: UInt64?) { values = rows.read(as: NumberRows.self).values }

  func write(_ rows: Range<Int>, to target: UnsafeMutablePointer<Float>, stride: Int) {
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      let source = base + rows.lowerBound * width
      if stride == width { return target.update(from: source, count: rows.count * width) }
      for row in 0..<rows.count { (target + row * stride).update(from: source + row * width, count: width) }
    }
  }
}
