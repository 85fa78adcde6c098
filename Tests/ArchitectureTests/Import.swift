/// An `import` line of a Swift file.
struct Import: Equatable {
  let module: String
  let line: Int

  /// The imports of a file: `public import struct Foundation.Data` names the module Foundation. They begin their lines; what is indented is a
  /// program in a text.
  static func all(in file: Project.File) -> [Import] {
    file.lines.enumerated().compactMap { number, line in
      if line.first?.isWhitespace ?? true { return nil }
      var words = line.split(whereSeparator: \.isWhitespace)
      while let word = words.first, word.hasPrefix("@") || modifiers.contains(word) { words.removeFirst() }
      guard words.first == "import", words.count >= 2 else { return nil }
      words.removeFirst()
      if words.count > 1, kinds.contains(words[0]) { words.removeFirst() }
      let name = words[0].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      return Import(module: String(name), line: number + 1)
    }
  }

  private static let modifiers: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
  private static let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor"]
}
