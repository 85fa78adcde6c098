/// Names of Swift as names of JSON and back: `batchSize` and `batch_size`, `readURL` and `read_url`.
enum SnakeCase {
  /// A name in Swift's style as words in lower case with `_` between them.
  ///
  /// A word begins with the first capital after a small letter. A row of capitals is one word but for its last letter
  /// where a small one follows: `readURLNow` is `read_url_now`.
  static func from(camelCase name: String) -> String {
    if name.utf8.allSatisfy({ $0 < 0x80 && !(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0) }) { return name }
    let letters = Array(name.unicodeScalars)
    // The first letter begins a word, whatever it is.
    var starts = [0]
    var next = 1
    while let capital = letters[next...].firstIndex(where: isCapital) {
      starts.append(capital)
      guard let small = letters[capital...].firstIndex(where: isSmall) else { break }
      if small > capital + 1 { starts.append(small - 1) }
      next = small + 1
    }
    return zip(starts, starts.dropFirst() + [letters.count]).map { start, end in
      String(String.UnicodeScalarView(letters[start..<end])).lowercased()
    }.joined(separator: "_")
  }

  /// The name in Swift's style of which ``from(camelCase:)`` makes `name`, unless it had rows of capitals.
  ///
  /// What stands before the first word and after the last one stays: `_batch_size` is `_batchSize`.
  static func camelCase(from name: String) -> String {
    guard name.utf8.contains(UInt8(ascii: "_")) else { return name }
    let lead = name.prefix { $0 == "_" }
    let words = name.split(separator: "_")
    guard words.count > 1, let first = words.first else { return name }
    let trail = String(repeating: "_", count: name.reversed().prefix { $0 == "_" }.count)
    return lead + first.lowercased() + words.dropFirst().map(capitalized).joined() + trail
  }

  /// The word with a capital wherever a letter follows a character that is not one, and small letters elsewhere.
  private static func capitalized(_ word: Substring) -> String {
    var text = ""
    var followsLetter = false
    for letter in word.unicodeScalars {
      switch (isCapital(letter), isSmall(letter), followsLetter) {
      case (true, _, true): text += letter.properties.lowercaseMapping
      case (_, true, false): text += letter.properties.titlecaseMapping
      default: text.unicodeScalars.append(letter)
      }
      followsLetter = isCapital(letter) || isSmall(letter)
    }
    return text
  }

  private static func isCapital(_ letter: Unicode.Scalar) -> Bool {
    letter.properties.generalCategory == .uppercaseLetter || letter.properties.generalCategory == .titlecaseLetter
  }

  private static func isSmall(_ letter: Unicode.Scalar) -> Bool { letter.properties.generalCategory == .lowercaseLetter }
}
