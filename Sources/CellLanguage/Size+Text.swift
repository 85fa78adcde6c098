extension Size: CustomStringConvertible {
  /// As a sum such as `2 * units + inputs + 16`.
  public var description: String {
    let order = ["units", "inputs"] + terms.keys.filter { $0 != "units" && $0 != "inputs" }.sorted()
    var summands = order.compactMap { name in
      terms[name].map { $0 == 1 ? name : "\($0) * \(name)" }
    }
    if constant != 0 || summands.isEmpty { summands.append(String(constant)) }
    return summands.joined(separator: " + ")
  }
}

extension Size {
  /// The largest literal length and the largest multiple of a named size, so that no sum of them overflows.
  static let largest = 1 << 24
}
