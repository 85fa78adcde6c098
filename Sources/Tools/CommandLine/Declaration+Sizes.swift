package import CommandKit
import Support

extension Declaration {
  /// The option `--size`: values for named sizes of a cell, such as `P=64` or `P=64,C=16`.
  package mutating func sizes() -> Key<[String: Int]> {
    add(
      "--size", "P=N", "the value of a size that the cell's equations name; several are written P=N,Q=N",
      expected: "sizes such as P=64 or P=64,Q=32", defaultValue: [:], shown: nil, read: namedSizes)
  }
}

/// The sizes that a text such as `P=64,C=16` gives, nil if it is none such or gives one twice.
@Sendable private func namedSizes(_ text: String) -> [String: Int]? {
  var sizes: [String: Int] = [:]
  for item in text.split(separator: ",", omittingEmptySubsequences: false) {
    let parts = item.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, let value = wholeNumber(parts[1], in: 1...Int.max),
      sizes.updateValue(value, forKey: parts[0]) == nil
    else { return nil }
  }
  return sizes
}
