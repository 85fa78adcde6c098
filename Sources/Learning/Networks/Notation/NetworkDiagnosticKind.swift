import CellLanguage

/// All that can be wrong with a page of equations for networks.
enum NetworkDiagnosticKind {
  case emptyText
  case nameMissing
  case secondNetworkLine
  case extraText(String)
  case strayCharacter(Character)
  case openQuote
  case unclosed(String)
  case missingOperand(String)
  case tooDeep
  case tooManyTerms
  case badTarget(String)
  case noEquals(String)
  case unnamedLine
  case definedTwice(String, line: Int)
  case inputAsTarget
  case unknownName(String, suggestion: String?)
  case definedBelow(String)
  case itself(String)
  case neverRead(String)
  case callInReading(String)
  case unknownCell(String, help: String)
  case wrongCell(String, String)
  case unusedCell(String)
  case noReading(String)
  case badSetting(String)
  case unknownSetting(String, of: String, known: [String])
  case settingTwice(String)
  case badValue(setting: String, value: String, expected: String)
  case mergeWithoutDirection(String)

  /// What is wrong, in one sentence, and what to write instead.
  var texts: (message: String, help: String) {
    switch self {
    case .emptyText: ("the text holds no network", "write a line for each layer, such as `a = gru(x, units: 64)`")
    case .nameMissing: ("a name is missing after `network`", "write `network block`")
    case .secondNetworkLine:
      ("a second network begins here", "a text holds one network: put the other one into a file of its own")
    case .extraText(let text):
      ("`\(text)` is not expected here", "end the line, or write `+`, `*` or a comma before it; a comment begins with `#`")
    case .strayCharacter(let character):
      (
        "`\(character)` has no meaning in a network",
        "layers are added (`a + b`), multiplied (`a * b`) and put side by side (`[a, b]`)"
      )
    case .openQuote: ("the quotation mark is not closed", "write `\"` after the name of the cell or its file")
    case .unclosed(let bracket): ("`\(bracket)` is not closed", "write `\(bracket == "(" ? ")" : "]")` where it ends")
    case .missingOperand(let near):
      (
        near.isEmpty ? "something to read is missing at the end of the line" : "something to read is missing before `\(near)`",
        "name the input `x`, a layer above, or write a layer such as `gru(x)`"
      )
    case .tooDeep: ("brackets stand within each other more than 64 deep", "give what is inside a line of its own")
    case .tooManyTerms:
      ("this reads more than \(Architecture.Reading.mostTerms) terms", "make fewer of them, or give what they share a layer")
    case .badTarget(let text):
      ("`\(text)` is no name for a layer", "a name has letters, digits and `_`, a letter first, as in `a = gru(x)`")
    case .noEquals(let name): ("`=` is missing after `\(name)`", "write `\(name) = …`")
    case .unnamedLine:
      ("a line that lines follow has no name", "write `a = …`; only the last line, which is the output, may do without")
    case .definedTwice(let name, let line): ("`\(name)` is defined on line \(line), too", "give one of them another name")
    case .inputAsTarget: ("`x` is what the network reads", "give the line another name")
    case .unknownName(let name, let suggestion):
      (
        "nothing is called `\(name)`",
        suggestion.map { "did you mean `\($0)`?" }
          ?? "a line reads the input `x` and the lines above it; a layer is written `\(name)(x)`"
      )
    case .definedBelow(let name):
      ("`\(name)` is defined below", "a network has no cycles: put the line of `\(name)` above this one")
    case .itself(let name): ("`\(name)` reads itself", "a network has no cycles: memory is in a layer's cell")
    case .neverRead(let name):
      ("nothing reads `\(name)`", "read it in a line below, or remove the line; the last line is the output")
    case .callInReading(let name): ("`\(name)(…)` is a layer, and only names are expected here", "name a layer that is there")
    case .unknownCell(let name, let help): ("no cell is called `\(name)`", help)
    case .wrongCell(let name, let why):
      (
        "the cell `\(name)` can't be read: \(why)",
        "name a cell of the library, a file such as `mine.cell`, or a cell that stands below"
      )
    case .unusedCell(let name): ("no layer has the cell `\(name)`", "use it in a line of the network, or remove its text")
    case .noReading(let cell): ("`\(cell)` reads nothing", "write `\(cell)(x)`, or name what it reads in place of `x`")
    case .badSetting(let text):
      ("`\(text)` is no setting of a layer", "what a layer reads comes first, then settings such as `units: 64`")
    case .unknownSetting(let name, let cell, let known):
      ("a layer of `\(cell)` has no setting `\(name)`", "there are \(known.map { "`\($0)`" }.joined(separator: ", "))")
    case .settingTwice(let name): ("`\(name)` is given twice", "remove one of them")
    case .badValue(let setting, let value, let expected):
      ("`\(value.isEmpty ? "nothing" : value)` is no value of `\(setting)`", "write \(expected)")
    case .mergeWithoutDirection(let name):
      ("`\(name)` is for layers that read both ways", "write `direction: bidirectional`, too, or remove it")
    }
  }
}

extension SourceText {
  func diagnostic(_ kind: NetworkDiagnosticKind, at span: Span) -> Diagnostic {
    let (message, help) = kind.texts
    return diagnostic(message: message, help: help, at: span)
  }
}
