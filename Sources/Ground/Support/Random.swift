import Platform

/// Random numbers that are the same for the same seed, on every machine and in every release.
///
/// xoshiro256** by Blackman & Vigna 2021, Scrambled linear pseudorandom number generators, equation 7 and figure 2,
/// seeded through splitmix64. The drawing functions here, unlike those of the standard library, promise their
/// sequence. Its text, ``description``, is its whole state: a checkpoint stores it and goes on with ``init(_:)``.
package struct Random: RandomNumberGenerator, Sendable, Hashable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// The generator that `seed` begins.
  package init(seed: UInt64) { self.init(seed: seed, stream: 0) }

  /// The generator that `seed` begins; generators with different `stream` numbers are independent of each other. Which purpose has
  /// which numbers, ``RandomStream`` says.
  package init(seed: UInt64, stream: UInt64) {
    // Two rounds, so that neither small seeds nor seeds that differ by the stream number give related states.
    var mixer = SplitMix64(state: seed)
    let first = mixer.next()
    mixer.state ^= SplitMix64.scrambled(stream &+ first)
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  /// 64 random bits.
  package mutating func next() -> UInt64 {
    let result = Random.rotated(state.1 &* 5, by: 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = Random.rotated(state.3, by: 45)
    return result
  }

  private static func rotated(_ bits: UInt64, by count: UInt64) -> UInt64 { bits << count | bits >> (64 - count) }

  package static func == (left: Random, right: Random) -> Bool { left.state == right.state }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(state.0)
    hasher.combine(state.1)
    hasher.combine(state.2)
    hasher.combine(state.3)
  }
}

extension Random {
  /// A number in `0 ..< 1`, a multiple of 2⁻⁵³.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in `0 ..< 1`, a multiple of 2⁻²⁴, so that it stays below 1 as a `Float`.
  package mutating func uniformFloat() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A number of the normal distribution with mean 0 and standard deviation 1, by Marsaglia's polar method.
  ///
  /// The second number of each pair is dropped: that keeps the state four words long.
  package mutating func normal() -> Double {
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      if square > 0 && square < 1 { return x * (-2 * log(square) / square).squareRoot() }
    }
  }

  /// A whole number in `range`, each equally likely. The range must not be empty.
  package mutating func integer(in range: Range<Int>) -> Int {
    // Lemire 2019, Fast random integer generation in an interval: the product's high word, redrawn where it would be biased.
    let width = UInt64(range.count)
    var product = next().multipliedFullWidth(by: width)
    if product.low < width {
      let unfair = (0 &- width) % width
      while product.low < unfair { product = next().multipliedFullWidth(by: width) }
    }
    return range.lowerBound + Int(product.high)
  }

  /// One of the elements, each equally likely. The collection must not be empty.
  package mutating func element<Element>(of elements: [Element]) -> Element { elements[integer(in: 0..<elements.count)] }

  /// Puts the elements into a random order, each order equally likely.
  package mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in elements.indices.dropFirst().reversed() { elements.swapAt(last, integer(in: 0..<last + 1)) }
  }
}

extension Random: LosslessStringConvertible, Codable {
  /// The state as 64 hexadecimal digits.
  package var description: String {
    [state.0, state.1, state.2, state.3].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// The generator whose ``description`` is `text`; nil if the text is no such state.
  package init?(_ text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 64 else { return nil }
    var words: [UInt64] = []
    for start in stride(from: 0, to: 64, by: 16) {
      let digits = String(decoding: digits[start..<start + 16], as: UTF8.self)
      guard !digits.hasPrefix("+"), let word = UInt64(digits, radix: 16) else { return nil }
      words.append(word)
    }
    // The one state that the generator never leaves.
    guard words.contains(where: { $0 != 0 }) else { return nil }
    state = (words[0], words[1], words[2], words[3])
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let random = Random(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "the state of the random numbers must be 64 hexadecimal digits, not all 0")
    }
    self = random
  }
}

/// The generator that spreads a seed over the state: Steele, Lea & Flood 2014, Fast splittable pseudorandom number generators.
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return SplitMix64.scrambled(state)
  }

  static func scrambled(_ bits: UInt64) -> UInt64 {
    var bits = bits
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }
}
