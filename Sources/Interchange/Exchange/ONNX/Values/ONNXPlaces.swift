/// The places of an axis that are taken.
enum ONNXPlaces: Equatable {
  case all
  /// All, from the last to the first.
  case reversed
  case first
  case last
  /// `count` of an axis whose length is constant, `step` apart.
  case strided(start: Int, step: Int, count: Int)
  /// Those of an axis whose length is constant.
  case list([Int])

  /// How long an axis may be of which a part is taken.
  static let greatestLength = 1 << 40

  /// - Parameter length: that of the axis.
  static func list(_ places: [Int], of length: Int) -> ONNXPlaces {
    guard let start = places.first, places == Array(start..<start + places.count) else { return .list(places) }
    return strided(start, 1, places.count, of: length)
  }

  static func strided(_ start: Int, _ step: Int, _ count: Int, of length: Int) -> ONNXPlaces {
    switch (start, step, count) {
    case (0, 1, length): .all
    case (length - 1, -1, length): .reversed
    case (0, _, 1): .first
    case (length - 1, _, 1): .last
    default: .strided(start: start, step: step, count: count)
    }
  }

  /// How many there are.
  func count(of length: ONNXLength?) -> ONNXLength? {
    switch self {
    case .all, .reversed: length
    case .first, .last: ONNXLength(1)
    case .strided(_, _, let count): ONNXLength(count)
    case .list(let places): ONNXLength(places.count)
    }
  }

  /// The places of an axis of such a length.
  func resolved(_ length: Int) -> [Int] {
    switch self {
    case .all: Array(0..<length)
    case .reversed: (0..<length).reversed()
    case .first: [0]
    case .last: [length - 1]
    case .strided(let start, let step, let count): (0..<count).map { start + $0 * step }
    case .list(let places): places
    }
  }

  /// The places if they follow each other.
  func range(of length: Int) -> Range<Int>? {
    switch self {
    case .all: 0..<length
    case .first: 0..<1
    case .last: length - 1..<length
    case .strided(let start, 1, let count): start..<start + count
    case .reversed, .strided, .list: nil
    }
  }

  /// What a slice takes; nil if that is not known.
  ///
  /// Bounds below 0 count from the end, and those beyond an end stand for that end.
  init?(start: ONNXLength?, end: ONNXLength?, step: Int, of length: ONNXLength?) {
    guard let length, let start, let end, step != 0 else { return nil }
    if let length = length.constant, let start = start.constant, let end = end.constant {
      guard (0...Self.greatestLength).contains(length) else { return nil }
      self = Self.slice(start, end, max(-length - 1, min(step, length + 1)), length: length)
      return
    }
    /// How far from the beginning or, below 0, from the end a bound is, where `far` stands for the end.
    func place(_ bound: ONNXLength) -> (fromEnd: Bool, count: Int)? {
      if let constant = bound.constant {
        if constant >= Self.far { return (true, 0) }
        if constant <= -Self.far { return (false, -1) }
        return constant < 0 ? (true, -constant) : (false, constant)
      }
      return length.adding(bound, times: -1)?.constant.map { (true, $0) }
    }
    guard let first = place(start), let bound = place(end) else { return nil }
    switch (first, bound, step) {
    case ((false, 0), (true, 0), 1): self = .all
    case ((false, 0), (false, 1), _) where step > 0: self = .first
    case ((true, 1), (true, 0), _) where step > 0: self = .last
    case ((true, 0...1), (false, -1), -1): self = .reversed
    default: return nil
    }
  }

  /// Exporters write the greatest number of 32 or 64 bits for an end that they don't know.
  private static let far = 1 << 31 - 1

  private static func slice(_ start: Int, _ end: Int, _ step: Int, length: Int) -> ONNXPlaces {
    let range = step > 0 ? 0...length : -1...length - 1
    func bound(_ value: Int) -> Int {
      // What wraps round in the sum is far below all bounds.
      let clamped = max(value, -length - 1)
      return min(max(clamped < 0 ? clamped &+ length : clamped, range.lowerBound), range.upperBound)
    }
    let (first, last) = (bound(start), bound(end))
    let distance = step > 0 ? last - first : first - last
    if length == 0 || distance <= 0 { return .list([]) }
    return strided(first, step, (distance + abs(step) - 1) / abs(step), of: length)
  }
}
