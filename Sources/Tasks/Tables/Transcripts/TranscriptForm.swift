/// Where a file has sequences of numbers and their symbols: keys of JSON lines, or arrays of an `.npz` file.
package struct TranscriptForm: Sendable, Hashable, Codable {
  /// The key or array of the numbers.
  package var numbers: String
  /// The key or array of the symbols; nil if the file has none.
  package var symbols: String?
  /// How a text of symbols is cut; nil if the symbols are listed.
  package var cut: SymbolCut?
  /// The arrays that say how many steps and how many symbols each sequence has.
  package var lengths: String?
  package var counts: String?

  package init(numbers: String, symbols: String?, cut: SymbolCut? = nil, lengths: String? = nil, counts: String? = nil) {
    (self.numbers, self.symbols, self.cut) = (numbers, symbols, cut)
    (self.lengths, self.counts) = (lengths, counts)
  }

  /// What messages call the symbols.
  package var symbolsTitle: String { symbols ?? "symbols" }

  /// What stands between symbols where they are written as a text.
  package var separator: String { cut == .characters ? "" : " " }
}

/// How a text of symbols is cut.
public enum SymbolCut: String, Sendable, Hashable, Codable, CaseIterable {
  /// Each character is a symbol, a space too.
  case characters
  /// What stands between spaces is a symbol.
  case words

  /// The symbols of a text.
  package func symbols(of text: String) -> [String] {
    switch self {
    case .characters: text.map(String.init)
    case .words: text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
  }
}

/// What is asked for of a file of transcribed sequences; nil where it is left to be seen from the file.
package struct TranscriptRequest: Sendable, Hashable {
  package var numbers: String?
  package var symbols: String?
  package var cut: SymbolCut?
  package var lengths: String?
  package var counts: String?
  /// Whether the symbols are wanted; without, a file may lack them, and they may be of any kind.
  package var takesSymbols = true

  package init() {}

  /// What a known form asks for.
  package init(_ form: TranscriptForm, takesSymbols: Bool = true) {
    (numbers, symbols, cut) = (form.numbers, form.symbols, form.cut)
    (lengths, counts) = (form.lengths, form.counts)
    self.takesSymbols = takesSymbols
  }
}
