/// The names of one scope of C source, each given once.
struct CNames: Sendable {
  private var taken: Set<String> = []

  /// A name like the one wanted that nothing else has.
  mutating func name(_ wanted: String) -> String {
    let identifier = Self.identifier(wanted)
    // Capitals alone are left to macros, unless there is only one.
    let isCapitals = identifier.utf8.count > 1 && !identifier.contains { $0.isLowercase }
    let stem = isCapitals ? identifier.lowercased() : identifier
    var name = stem
    var number = 2
    while Self.reserved.contains(name) || taken.contains(name) {
      name = "\(stem)_\(number)"
      number += 1
    }
    taken.insert(name)
    return name
  }

  /// A text as an identifier: Greek letters by their names, primes spelled out, everything else but ASCII letters and digits as `_`, of
  /// which C++ allows neither two in a row nor one at the beginning.
  static func identifier(_ text: String) -> String {
    var name = ""
    for character in text.unicodeScalars {
      switch character {
      case "a"..."z", "A"..."Z", "0"..."9": name.unicodeScalars.append(character)
      case "'", "′": name += "_next"
      default: name += greek[character] ?? "_"
      }
    }
    let words = name.split(separator: "_").joined(separator: "_")
    return words.first.map { $0.isNumber } ?? true ? "n\(words)" : words
  }

  private static let greek: [Unicode.Scalar: String] = {
    let names = [
      "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
      "omicron",
      "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    ]
    var table: [Unicode.Scalar: String] = [:]
    for (place, name) in names.enumerated() {
      if let small = Unicode.Scalar(0x3B1 + UInt32(place)) { table[small] = name }
      if place != 17, let large = Unicode.Scalar(0x391 + UInt32(place)) {
        table[large] = name.prefix(1).uppercased() + name.dropFirst()
      }
    }
    return table
  }()

  /// Words of C and C++, what the source itself calls something, and functions that headers may declare as macros.
  private static let reserved: Set<String> = Set(
    """
    alignas alignof and and_eq asm assert atomic auto bitand bitor bool break case catch char class compl complex concept const \
    consteval constexpr constinit const_cast continue co_await co_return co_yield decltype default delete do double dynamic_cast else \
    enum errno explicit export extern false final float for friend goto if imaginary import inline int isfinite isinf isnan linux long \
    main module mutable namespace new noexcept noreturn not not_eq nullptr offsetof operator or or_eq override private protected public \
    register reinterpret_cast requires restrict return short signbit signed sizeof static static_assert static_cast stderr stdin \
    stdout struct switch template this thread_local throw true try typedef typeid typename typeof union unix unsigned using \
    virtual void volatile wchar_t while xor xor_eq \
    size_t int8_t int32_t uint16_t uint32_t unit row column
    """.split(separator: " ").map(String.init) + CHelper.allCases.map(\.rawValue)
      + ["exp", "log", "log1p", "sqrt", "sin", "cos", "fabs", "tanh", "erf"].flatMap { [$0, $0 + "f"] })
}

/// A text as it may stand within a comment: on one line, without what begins or ends a comment or is not to be seen.
func commented(_ text: String) -> String {
  var line = ""
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator, .privateUse: line += "?"
    default: line.unicodeScalars.append(scalar)
    }
  }
  line = line.replacing("*/", with: "* /").replacing("/*", with: "/ *").replacing("??", with: "? ?")
  while line.hasSuffix("\\") { line.removeLast() }
  return line
}

/// A text as a literal of C: bytes that are not plain ASCII as three octal digits, which end by themselves.
func literal(_ text: String) -> String {
  var literal = "\""
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "?"): literal += "\\" + String(UnicodeScalar(byte))
    case 0x20..<0x7F: literal.unicodeScalars.append(UnicodeScalar(byte))
    default:
      let digits = String(byte, radix: 8)
      literal += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
  }
  return literal + "\""
}
