extension Size: CustomStringConvertible {
  /// As a sum such as `2 * units + inputs + 16`.
  package var description: String {
    let order = ["units", "inputs"] + terms.keys.filter { $0 != "units" && $0 != "inputs" }.sorted()
    let counts = order.compactMap { name in terms[name].map { (count: $0, name: name) } }
    let summands = counts.map { (isAdded: $0.count > 0, text: abs($0.count) == 1 ? $0.name : "\(abs($0.count)) * \($0.name)") }
    let all = summands + (constant == 0 && !summands.isEmpty ? [] : [(constant >= 0, "\(abs(constant))")])
    let added = all.filter(\.isAdded).map(\.text).joined(separator: " + ")
    return all.filter { !$0.isAdded }.reduce(added) { "\($0)\($0.isEmpty ? "-" : " - ")\($1.text)" }
  }
}

extension Size {
  /// The largest literal length and the largest multiple of a named size, so that no sum of them overflows.
  package static let largest = 1 << 24
}
