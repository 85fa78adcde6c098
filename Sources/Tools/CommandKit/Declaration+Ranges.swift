package import Support

extension Declaration {
  /// An option whose value is a range of whole numbers, `16..128`, or a single one, nil if it is not given.
  package mutating func range(
    _ name: String, in bounds: ClosedRange<Int>, default defaultValue: ClosedRange<Int>, _ help: String
  ) -> Key<ClosedRange<Int>> {
    add(
      name, "A..B", help, expected: "\(expectation(bounds)), or two with .. between them, the smaller one first",
      defaultValue: defaultValue,
      shown: "\(defaultValue.lowerBound)..\(defaultValue.upperBound)"
    ) { readRange($0) { wholeNumber($0, in: bounds) } }
  }

  /// An option whose value is a range of numbers, `0.001..0.1`, or a single one.
  package mutating func range(
    _ name: String, in bounds: Bounds, default defaultValue: ClosedRange<Double>, _ help: String
  ) -> Key<ClosedRange<Double>> {
    add(
      name, "A..B", help, expected: "\(bounds.expectation), or two with .. between them, the smaller one first",
      defaultValue: defaultValue,
      shown: "\(short(defaultValue.lowerBound))..\(short(defaultValue.upperBound))"
    ) { readRange($0) { decimalNumber($0, bounds) } }
  }
}

/// The range that a text such as `1..5` or `3` stands for; nil if it has another form.
private func readRange<Bound: Comparable>(_ text: String, _ read: (String) -> Bound?) -> ClosedRange<Bound>? {
  if let single = read(text) { return single...single }
  guard let dots = text.firstRange(of: ".."), let lower = read(String(text[..<dots.lowerBound])),
    let upper = read(String(text[dots.upperBound...])), lower <= upper
  else { return nil }
  return lower...upper
}
