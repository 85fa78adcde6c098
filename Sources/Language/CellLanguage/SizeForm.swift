/// A size while it is being found: named sizes, a number, and unknowns that later equations may settle.
struct SizeForm: Hashable {
  var terms: [String: Int] = [:]
  var constant = 0
  var unknowns: [Int: Int] = [:]

  init() {}

  init(_ size: Size) { (terms, constant) = (size.terms, size.constant) }

  init(unknown: Int) { unknowns = [unknown: 1] }

  /// The size, once no unknown is left in it.
  var size: Size { Size(terms: terms, constant: constant) }

  func adding(_ other: SizeForm, times factor: Int = 1) -> SizeForm {
    var sum = self
    sum.constant += other.constant * factor
    for (name, count) in other.terms { sum.terms[name, default: 0] += count * factor }
    for (unknown, count) in other.unknowns { sum.unknowns[unknown, default: 0] += count * factor }
    sum.terms = sum.terms.filter { $0.value != 0 }
    sum.unknowns = sum.unknowns.filter { $0.value != 0 }
    return sum
  }

  /// An equivalent of the equation `self = 0` with the smallest whole coefficients.
  var reduced: SizeForm {
    let divisor = max(1, coefficients.reduce(constant.magnitude, greatestCommonDivisor))
    return mapped { $0 / Int(divisor) }
  }

  /// Whether no number in it is larger than sums can hold.
  var isSmall: Bool { coefficients.allSatisfy { $0 <= Size.largest } && constant.magnitude <= Size.largest }

  var isZero: Bool { terms.isEmpty && unknowns.isEmpty && constant == 0 }

  /// Whether it could be a vector's length.
  var isLength: Bool { isSum && (constant > 0 || !terms.isEmpty) }

  /// Whether it is at least `least` whatever the sizes, each at least 1, are.
  func isAlways(atLeast least: Int) -> Bool {
    unknowns.isEmpty && terms.values.allSatisfy { $0 >= 0 }
      && constant + terms.values.reduce(0, +) >= least
  }

  /// Whether it is at most `most` whatever the sizes, each at least 1, are.
  func isAlways(atMost most: Int) -> Bool {
    unknowns.isEmpty && terms.values.allSatisfy { $0 <= 0 }
      && constant + terms.values.reduce(0, +) <= most
  }

  /// Whether nothing is subtracted in it.
  private var isSum: Bool {
    constant >= 0 && terms.values.allSatisfy { $0 > 0 } && unknowns.values.allSatisfy { $0 > 0 }
  }

  /// Whether `self = 0` holds for some lengths of at least 1; there are no unknowns.
  var canBeZero: Bool {
    guard !terms.isEmpty else { return constant == 0 }
    let divisor = terms.values.map(\.magnitude).reduce(0, greatestCommonDivisor)
    guard constant.magnitude % divisor == 0 else { return false }
    let isRising = terms.values.allSatisfy { $0 > 0 }
    guard isRising || terms.values.allSatisfy({ $0 < 0 }) else { return true }
    return (isRising ? -constant : constant) >= terms.values.reduce(0) { $0 + abs($1) }
  }

  /// `self = 0` solved for an unknown or a named size that occurs exactly once, rather for one that is a sum of the
  /// others than for one that is a difference, because lengths are sums.
  func solved<Key: Hashable & Comparable>(
    for counts: KeyPath<SizeForm, [Key: Int]>, removing remove: (inout SizeForm, Key) -> Void
  ) -> (key: Key, form: SizeForm)? {
    let candidates = self[keyPath: counts].filter { $0.value.magnitude == 1 }.sorted { $0.key < $1.key }
    let solutions = candidates.map { key, count in
      var rest = self
      remove(&rest, key)
      return (key, rest.mapped { -count * $0 })
    }
    return solutions.first { $0.1.isSum } ?? solutions.first
  }

  private var coefficients: [UInt] { terms.values.map(\.magnitude) + unknowns.values.map(\.magnitude) }

  private func mapped(_ change: (Int) -> Int) -> SizeForm {
    var result = SizeForm()
    (result.terms, result.constant, result.unknowns) = (terms.mapValues(change), change(constant), unknowns.mapValues(change))
    return result
  }
}

extension SizeForm: CustomStringConvertible {
  /// The part of the size that is known.
  var description: String {
    if unknowns.isEmpty { return size.description }
    return terms.isEmpty && constant == 0 ? "?" : "\(size) + ?"
  }
}

private func greatestCommonDivisor(_ a: UInt, _ b: UInt) -> UInt { b == 0 ? a : greatestCommonDivisor(b, a % b) }
