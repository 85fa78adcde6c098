import Engine

/// A function that the steps call and the C library lacks. A file has those that it needs.
enum CHelper: String, Sendable, CaseIterable {
  case larger, smaller, relu, sign, softsign, softplus
  case tanh = "quick_tanh"
  case sigmoid
  case half = "half_value"
  case upperHalf = "upper_half_value"
  case dot
  case dotDown = "dot_down"
  case softmax
  case sumDown = "sum_down"
  case sumUp = "sum_up"

  /// What it calls itself.
  func needs(_ options: CSourceOptions) -> [CHelper] {
    switch self {
    case .softplus, .softmax: [.larger]
    case .sigmoid: options.math == .fast ? [.tanh] : []
    case .dot, .dotDown: options.weights.helper.map { [$0] } ?? []
    case .larger, .smaller, .relu, .sign, .softsign, .tanh, .half, .upperHalf, .sumDown, .sumUp: []
    }
  }

  /// Whether it calls functions of the C library.
  func usesMath(_ options: CSourceOptions) -> Bool {
    switch self {
    case .softplus, .softmax, .softsign: true
    case .sigmoid: options.math == .exact
    case .larger, .smaller, .relu, .sign, .tanh, .half, .upperHalf, .dot, .dotDown, .sumDown, .sumUp: false
    }
  }

  /// The function's definition, with a comment before it.
  func definition(_ options: CSourceOptions) -> [String] {
    let number = options.number
    let real = number.rawValue
    let (zero, one) = (number.literal(0), number.literal(1))
    func function(_ comment: String, _ head: String, _ body: [String]) -> [String] {
      ["/* \(comment) */", "static \(real) \(head)", "{"] + body.map { $0.isEmpty ? "" : "  " + $0 } + ["}"]
    }
    switch self {
    case .larger:
      return function(
        "The larger one; NaN if one is.", "larger(\(real) a, \(real) b)", ["return a > b ? a : b >= a ? b : a + b;"])
    case .smaller:
      return function(
        "The smaller one; NaN if one is.", "smaller(\(real) a, \(real) b)", ["return a < b ? a : b <= a ? b : a + b;"])
    case .relu: return function("a where it is positive, otherwise 0.", "relu(\(real) a)", ["return a <= \(zero) ? \(zero) : a;"])
    case .sign:
      return function(
        "1, 0 or -1 as a is positive, zero or negative.", "sign(\(real) a)",
        ["return a > \(zero) ? \(one) : a < \(zero) ? -\(one) : a;"])
    case .softsign:
      let much = number.literal(1e30)
      return function(
        "a / (1 + |a|), infinity included.", "softsign(\(real) a)",
        ["return a > \(much) ? \(one) : a < -\(much) ? -\(one) : a / (\(one) + \(number.library("fabs"))(a));"])
    case .softplus:
      let (exp, log1p, fabs) = (number.library("exp"), number.library("log1p"), number.library("fabs"))
      return function(
        "log(1 + exp(a)), without overflow.", "softplus(\(real) a)",
        ["return larger(a, \(zero)) + \(log1p)(\(exp)(-\(fabs)(a)));"])
    case .tanh: return Self.quickTanh(number, function)
    case .sigmoid:
      let half = number.literal(0.5)
      return function(
        "The logistic function.", "sigmoid(\(real) a)",
        [
          options.math == .fast
            ? "return \(half) + \(half) * quick_tanh(\(half) * a);" : "return \(one) / (\(one) + \(number.library("exp"))(-a));"
        ])
    case .half: return Self.half(number, function)
    case .upperHalf: return Self.upperHalf(function)
    case .dot: return Self.dot(options, function)
    case .dotDown: return Self.dotDown(options, function)
    case .sumDown:
      return [
        "/* The sums of each element and all before it, in their place. */", "static void sum_down(\(real) *y, size_t n)", "{",
        "  size_t i;", "", "  for (i = 1; i < n; i++) y[i] += y[i - 1];", "}",
      ]
    case .sumUp:
      return [
        "/* The sums of each element and all after it, in their place. */", "static void sum_up(\(real) *y, size_t n)", "{",
        "  size_t i;", "", "  for (i = n - 1; i > 0; i--) y[i - 1] += y[i];", "}",
      ]
    case .softmax:
      return [
        "/* Probabilities of classes, in the place of the numbers that they are made of. */",
        "static void softmax(\(real) *y, size_t n)", "{", "  \(real) largest = y[0];", "  \(real) sum = \(zero);", "  size_t i;",
        "",
        "  for (i = 1; i < n; i++) largest = larger(largest, y[i]);", "  for (i = 0; i < n; i++) {",
        "    y[i] = \(number.library("exp"))(y[i] - largest);", "    sum += y[i];", "  }",
        "  for (i = 0; i < n; i++) y[i] /= sum;", "}",
      ]
    }
  }

  private typealias Writer = (_ comment: String, _ head: String, _ body: [String]) -> [String]

  /// How far ``tanh`` may be from the exact value, and so twice as far as `sigmoid` is.
  static let quickTanhError = 2e-6

  /// A quotient of polynomials, fitted by least squares that were weighted anew until the error was level, 9e-7, within ±7; beyond
  /// that it stays where it is, 1.2e-6 from 1 at most.
  private static func quickTanh(_ number: CNumber, _ function: Writer) -> [String] {
    func polynomial(_ coefficients: [Double]) -> String {
      let last = number.literal(coefficients[coefficients.count - 1])
      return coefficients.dropLast().reversed().reduce(last) { "\(number.literal($1)) + z * " + ($0 == last ? $0 : "(\($0))") }
    }
    let bound = number.literal(7)
    return function(
      "tanh(a), within \(quickTanhError).", "quick_tanh(\(number.rawValue) a)",
      [
        "const \(number.rawValue) x = a > \(bound) ? \(bound) : a < -\(bound) ? -\(bound) : a;",
        "const \(number.rawValue) z = x * x;",
        "const \(number.rawValue) above = x * (\(polynomial([0.9999957, 0.12302184, 0.00227699, 3.9300185e-06])));",
        "const \(number.rawValue) below = \(polynomial([1, 0.4563403, 0.021072185, 0.00014235097]));", "",
        "return above / below;",
      ])
  }

  /// The bits of a number in 16 bits, moved to where a number in 32 bits has them, are 2⁻¹¹² of it, subnormal ones included.
  private static func half(_ number: CNumber, _ function: Writer) -> [String] {
    function(
      "The number that 16 bits stand for (IEEE 754 binary16, finite).", "half_value(uint16_t bits)",
      [
        "const uint32_t moved = ((uint32_t)(bits & 0x8000u) << 16) | ((uint32_t)(bits & 0x7FFFu) << 13);", "float number;", "",
        "memcpy(&number, &moved, sizeof number);", "return number * \(number.literal(0x1p112));",
      ])
  }

  private static func upperHalf(_ function: Writer) -> [String] {
    function(
      "The number whose upper 16 bits are given, and whose lower ones are 0.", "upper_half_value(uint16_t bits)",
      [
        "const uint32_t moved = (uint32_t)bits << 16;", "float number;", "", "memcpy(&number, &moved, sizeof number);",
        "return number;",
      ])
  }

  /// Four sums side by side, so that no addition has to wait for the one before it.
  private static func dot(_ options: CSourceOptions, _ function: Writer) -> [String] {
    let (real, zero) = (options.number.rawValue, options.number.literal(0))
    func term(_ place: String) -> String { options.weights.value("w[\(place)]", options.number) + " * v[\(place)]" }
    return function(
      "The sum of w[i] * v[i].", "dot(const \(options.weights.cType) *w, const \(real) *v, size_t n)",
      [
        "\(real) a = \(zero), b = \(zero), c = \(zero), d = \(zero);", "size_t i = 0;", "",
        "for (; i + 4 <= n; i += 4) {", "  a += \(term("i"));", "  b += \(term("i + 1"));", "  c += \(term("i + 2"));",
        "  d += \(term("i + 3"));", "}", "for (; i < n; i++) a += \(term("i"));", "return (a + b) + (c + d);",
      ])
  }

  private static func dotDown(_ options: CSourceOptions, _ function: Writer) -> [String] {
    let (real, zero) = (options.number.rawValue, options.number.literal(0))
    let scale = options.weights == .int8 ? ", const float *scale" : ""
    let factor = options.weights == .int8 ? "scale[i] * " : ""
    return function(
      "The sum of a column of a matrix times v: w is the column's first number, columns the length of a row.",
      "dot_down(const \(options.weights.cType) *w, size_t columns\(scale), const \(real) *v, size_t n)",
      [
        "\(real) sum = \(zero);", "size_t i;", "",
        "for (i = 0; i < n; i++) sum += \(options.weights.value("w[columns * i]", options.number)) * (\(factor)v[i]);",
        "return sum;",
      ])
  }
}
