import Networks

extension NetworkWriter {
  /// Where stands what a layer, or the output, reads. What is made of several rows is made once, in an array of the step's own.
  mutating func place(of reading: Architecture.Reading) -> (name: String, width: Int) {
    if let row = rows[reading] { return row }
    let parts = reading.parts.map { place(of: $0) }
    let row: (name: String, width: Int)
    switch reading {
    case .sum: row = (combined(parts, with: " + "), parts[0].width)
    case .product: row = (combined(parts, with: " * "), parts[0].width)
    case .concatenation: row = concatenated(parts)
    case .input, .layer: fatalError("\(reading.text) is there before it is read")
    }
    rows[reading] = row
    return row
  }

  /// An array that no other reading has, with the loops that fill it.
  private mutating func array(_ count: Int) -> String { local("read\(rows.count { !$0.key.parts.isEmpty } + 1)", count) }

  private mutating func combined(_ parts: [(name: String, width: Int)], with sign: String) -> String {
    let name = array(parts[0].width)
    let value = parts.map { "\($0.name)[unit]" }.joined(separator: sign)
    steps.append("for (unit = 0; unit < \(parts[0].width); unit++) \(name)[unit] = \(value);")
    return name
  }

  private mutating func concatenated(_ parts: [(name: String, width: Int)]) -> (name: String, width: Int) {
    let width = parts.reduce(0) { $0 + $1.width }
    let name = array(width)
    var column = 0
    for part in parts {
      let place = column == 0 ? "unit" : "\(column) + unit"
      steps.append("for (unit = 0; unit < \(part.width); unit++) \(name)[\(place)] = \(part.name)[unit];")
      column += part.width
    }
    return (name, width)
  }
}
