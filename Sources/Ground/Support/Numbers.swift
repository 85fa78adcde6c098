import Platform

extension Double {
  /// The number with the given count of decimals, rounded to the nearest: `1.640`.
  package func fixed(_ decimals: Int) -> String {
    guard isFinite else { return isNaN ? "nan" : self < 0 ? "-inf" : "inf" }
    // The C library rounds the exact value; scaling by a power of ten first would round twice.
    return withVaList([Int32(decimals), self]) { arguments in
      let text = String(unsafeUninitializedCapacity: 320 + decimals) { buffer in
        buffer.withMemoryRebound(to: CChar.self) { Int(vsnprintf($0.baseAddress, $0.count, "%.*f", arguments)) }
      }
      // What rounds to nothing has no sign.
      return text.hasPrefix("-") && text.allSatisfy { "-0.".contains($0) } ? String(text.dropFirst()) : text
    }
  }
}

extension Double {
  /// The number without an exponent, with enough digits to distinguish values that differ by `resolution`, and no trailing zeros.
  package func plainDigits(to resolution: Double) -> String {
    // Without a resolution the number is shown whole: 17 digits distinguish each Double from the next.
    let unit = resolution > 0 && resolution.isFinite ? resolution : max(magnitude, .leastNormalMagnitude) * 1e-17
    var text = fixed(Int(min(320, max(0, -log10(unit))).rounded(.up)))
    guard text.contains(".") else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}

extension Double {
  /// The nearest whole number with its digits in groups of three: `150,000`.
  package var grouped: String {
    let digits = fixed(0)
    let whole = digits.drop { $0 == "-" }
    guard isFinite else { return digits }
    return (digits.hasPrefix("-") ? "-" : "") + groupedDigits(whole)
  }
}

extension Int {
  /// The number with its digits in groups of three: `1,234,567`.
  package var grouped: String { (self < 0 ? "-" : "") + groupedDigits(String(magnitude)) }
}

/// Digits with a comma before each third from the end.
private func groupedDigits(_ digits: some StringProtocol) -> String {
  digits.enumerated().map { index, digit in
    (index > 0 && (digits.count - index) % 3 == 0 ? "," : "") + String(digit)
  }.joined()
}

extension Int {
  /// A count of bytes, in three digits: `96 bytes`, `1.25 MiB`.
  package var asBytes: String {
    if self < 1000 { return "\(self) bytes" }
    var number = Double(self)
    var prefix = ""
    // 999.5 would round to 1000.
    for next in ["K", "M", "G", "T", "P"] where number >= 999.5 {
      number /= 1024
      prefix = next
    }
    return "\(number.fixed(number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2)) \(prefix)iB"
  }
}

extension Duration {
  /// The time in its two largest units: `0.4 s`, `12 s`, `2 min 05 s`, `1 h 02 min`, `3 d 04 h`.
  package var brief: String {
    if self < .seconds(10) { return "\(seconds.fixed(1)) s" }
    let whole = Int(seconds.rounded())
    func pair(_ large: String, _ small: String, _ count: Int, of size: Int) -> String {
      let rest = count % size
      return "\(count / size) \(large) \(rest < 10 ? "0" : "")\(rest) \(small)"
    }
    return switch whole {
    case ..<60: "\(whole) s"
    case ..<3600: pair("min", "s", whole, of: 60)
    case ..<86_400: pair("h", "min", whole / 60, of: 60)
    default: pair("d", "h", whole / 3600, of: 24)
    }
  }

  /// The time as a number of seconds.
  package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// A count of things per second, in three digits: `83 steps/s`, `1.25 M tokens/s`.
package func rate(_ perSecond: Double, _ things: String) -> String {
  var number = perSecond
  var prefix = ""
  // 999.5 would round to 1000.
  for next in ["k ", "M ", "G ", "T "] where number >= 999.5 {
    number /= 1000
    prefix = next
  }
  let decimals = number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2
  return "\(number.fixed(decimals)) \(prefix)\(things)/s"
}
