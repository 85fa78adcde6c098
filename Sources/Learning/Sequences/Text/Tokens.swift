package import Support

/// A text as numbers, each the place of a symbol in a ``Vocabulary``: a byte each, or two if there are more than 256 symbols.
///
/// A slice, `tokens[range]`, shares the memory of the whole.
package struct Tokens: Sendable {
  enum Storage: Sendable {
    case narrow([UInt8])
    case wide([UInt16])
  }

  private let storage: Storage
  private let range: Range<Int>

  init(_ bytes: [UInt8]) {
    storage = .narrow(bytes)
    range = 0..<bytes.count
  }

  init(_ words: [UInt16]) {
    storage = .wide(words)
    range = 0..<words.count
  }

  private init(storage: Storage, range: Range<Int>) {
    self.storage = storage
    self.range = range
  }

  /// `count` tokens, which `next` gives one by one, as narrow as `symbols` symbols allow.
  init(count: Int, symbols: Int, _ next: () -> Int) {
    self =
      symbols <= 256
      ? Tokens(Tokens.filled(count) { UInt8(truncatingIfNeeded: next()) })
      : Tokens(Tokens.filled(count) { UInt16(truncatingIfNeeded: next()) })
  }

  private static func filled<Token: FixedWidthInteger>(_ count: Int, _ next: () -> Token) -> [Token] {
    [Token](unsafeUninitializedCapacity: count) { buffer, filled in
      for place in 0..<count { buffer.initializeElement(at: place, to: next()) }
      filled = count
    }
  }

  /// The number of tokens.
  package var count: Int { range.count }

  /// The token at `index` of `0 ..< count`.
  package subscript(index: Int) -> Int32 {
    ensure((0..<count).contains(index), "there is no token \(index): the text has \(count), counted from 0")
    return switch storage {
    case .narrow(let bytes): Int32(bytes[range.lowerBound + index])
    case .wide(let words): Int32(words[range.lowerBound + index])
    }
  }

  /// The tokens of a range of `0 ..< count`.
  package subscript(slice: Range<Int>) -> Tokens {
    ensure(
      slice.lowerBound >= 0 && slice.upperBound <= count, "there are no tokens \(slice): the text has \(count), counted from 0")
    return Tokens(storage: storage, range: range.lowerBound + slice.lowerBound..<range.lowerBound + slice.upperBound)
  }

  /// Copies the tokens of `slice` to every `stride`-th place of `target`, beginning at `place`.
  func copy(_ slice: Range<Int>, to target: inout [Int32], from place: Int, stride: Int) {
    ensure(
      slice.lowerBound >= 0 && slice.upperBound <= count, "there are no tokens \(slice): the text has \(count), counted from 0")
    let first = range.lowerBound + slice.lowerBound
    switch storage {
    case .narrow(let bytes): for step in 0..<slice.count { target[place + step * stride] = Int32(bytes[first + step]) }
    case .wide(let words): for step in 0..<slice.count { target[place + step * stride] = Int32(words[first + step]) }
    }
  }
}

extension Tokens {
  /// A digest that identifies the text.
  var digest: Digest {
    switch storage {
    case .narrow(let bytes): Digest(of: bytes[range])
    case .wide(let words): Digest(of: words[range])
    }
  }

  /// Where the part that is held out begins, among `count` tokens.
  static func boundary(of count: Int, heldOut: Double) throws(RecurrentError) -> Int {
    guard heldOut >= 0 && heldOut < 1 else {
      throw RecurrentError(.data, "the held-out fraction is \(heldOut); it must be at least 0 and below 1, such as 0.05")
    }
    return count - Int((Double(count) * heldOut).rounded())
  }

  /// All tokens but the last `heldOut` of them, and those: the end of a text, which training never sees.
  ///
  /// - Parameter heldOut: the fraction of the second part, `0 ..< 1`.
  package func split(heldOut: Double) throws(RecurrentError) -> (training: Tokens, heldOut: Tokens) {
    let boundary = try Tokens.boundary(of: count, heldOut: heldOut)
    return (self[0..<boundary], self[boundary..<count])
  }
}
