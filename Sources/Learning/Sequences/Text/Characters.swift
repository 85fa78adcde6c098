import Support

/// One more than the largest Unicode scalar: tables over all of them are small beside the texts that need them.
private let scalars = 0x11_0000

extension Vocabulary {
  /// The Unicode scalars of a text, in the order of their codes, and how long it is.
  static func characters(
    of bytes: UnsafeBufferPointer<UInt8>, source: String
  ) throws(RecurrentError) -> (vocabulary: Vocabulary, count: Int) {
    var count = 0
    var isPresent = [Bool](repeating: false, count: scalars)
    var position = UTF8Decoding.start(of: bytes)
    while position < bytes.count {
      let scalar = UTF8Decoding.scalar(bytes, at: &position)
      if scalar == UTF8Decoding.invalid { throw UTF8Decoding.error(bytes, at: position, in: source) }
      isPresent[Int(scalar)] = true
      count += 1
    }
    let symbols = isPresent.indices.lazy.filter { isPresent[$0] }.compactMap { Unicode.Scalar(UInt32($0)).map { String($0) } }
    if symbols.count > largest {
      throw RecurrentError(
        .data, "\(source) has \(symbols.count) different characters, more than the \(largest) of a vocabulary; read it as bytes")
    }
    return (Vocabulary(kind: .characters, checked: Array(symbols)), count)
  }
}

extension Tokens {
  /// The scalars of a text as tokens.
  ///
  /// - Parameter count: how many there are, if they have been counted already.
  init(
    charactersOf bytes: UnsafeBufferPointer<UInt8>, source: String, in vocabulary: Vocabulary, count: Int
  ) throws(RecurrentError) {
    let tokens = vocabulary.tokensOfScalars
    var position = UTF8Decoding.start(of: bytes)
    self.init(count: count, symbols: vocabulary.count) { Int(tokens[Int(UTF8Decoding.scalar(bytes, at: &position))]) }
  }

  /// The scalars of a text as tokens of a vocabulary that may lack some.
  ///
  /// - Parameters:
  ///   - policy: what is done about these.
  ///   - replaced: takes in which they are.
  init(
    charactersOf bytes: UnsafeBufferPointer<UInt8>, source: String, in vocabulary: Vocabulary, _ policy: UnknownCharacters,
    _ replaced: inout ReplacedCharacters
  ) throws(RecurrentError) {
    let tokens = vocabulary.tokensOfScalars
    var other: Int32?
    if case .read(let scalar) = policy {
      other = tokens[Int(scalar.value)]
      if other == -1 {
        throw RecurrentError(
          .data,
          naming:
            "\(Setting("unknown")) is \(quotedSymbol(String(scalar))), which is not among the \(vocabulary.count) characters of the vocabulary itself: give one that is, or skip"
        )
      }
    }
    let count = try vocabulary.check(bytes, source: source, policy, &replaced) { tokens[Int($0)] >= 0 }
    var position = UTF8Decoding.start(of: bytes)
    self.init(count: count, symbols: vocabulary.count) {
      while true {
        let token = tokens[Int(UTF8Decoding.scalar(bytes, at: &position))]
        if token >= 0 { return Int(token) }
        if let other { return Int(other) }
      }
    }
  }
}

extension Vocabulary {
  /// The token of each scalar; -1 for those that are not there.
  fileprivate var tokensOfScalars: [Int32] {
    var tokens = [Int32](repeating: -1, count: scalars)
    for (token, symbol) in symbols.enumerated() {
      for scalar in symbol.unicodeScalars { tokens[Int(scalar.value)] = Int32(token) }
    }
    return tokens
  }

  /// How many tokens a text has.
  fileprivate func check(
    _ bytes: UnsafeBufferPointer<UInt8>, source: String, _ policy: UnknownCharacters, _ replaced: inout ReplacedCharacters,
    isKnown: (UInt32) -> Bool
  ) throws(RecurrentError) -> Int {
    var count = 0
    var position = UTF8Decoding.start(of: bytes)
    while position < bytes.count {
      let start = position
      let scalar = UTF8Decoding.scalar(bytes, at: &position)
      if scalar == UTF8Decoding.invalid { throw UTF8Decoding.error(bytes, at: position, in: source) }
      if !isKnown(scalar) {
        if case .refused(let setting) = policy { throw lacks(scalar, bytes, at: start, in: source, setting) }
        replaced.add(scalar)
        if policy == .skipped { continue }
      }
      count += 1
    }
    return count
  }

  /// The error for a scalar at `offset` that the vocabulary has not.
  private func lacks(
    _ scalar: UInt32, _ bytes: UnsafeBufferPointer<UInt8>, at offset: Int, in source: String, _ setting: Setting?
  ) -> RecurrentError {
    let line = bytes[..<offset].reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    let character = Unicode.Scalar(scalar).map { quotedSymbol(String($0)) } ?? ""
    let known = count <= 100 ? ": " + symbols.joined().debugDescription : ""
    let remedy: Sentence =
      setting.map { "; leave such characters out with \($0) skip, or name one that is read in their place" } ?? ""
    return RecurrentError(
      .data,
      naming:
        "\(source) has the character \(character) in line \(line), which is not among the \(count) characters of the vocabulary\(known)\(remedy)"
    )
  }
}
