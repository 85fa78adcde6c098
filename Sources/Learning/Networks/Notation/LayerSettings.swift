import CellLanguage
import Support

/// What a page says of a layer behind what it reads: `units: 64`, `direction: reverse`, sizes of the cell.
struct LayerSettings {
  private let cell: Cell
  private let name: String
  private let source: SourceText
  private var units: Int?
  private var sizes: [String: Int] = [:]
  private var direction: (word: String, span: Span)?
  private var merge: (Architecture.Merge, Span)?
  private var reverse: (Cell, Span)?
  private var learnsInitialStates = false
  private var given: Set<String> = []

  init(_ cell: Cell, called name: String, in source: SourceText) { (self.cell, self.name, self.source) = (cell, name, source) }

  /// - Parameter find: the cell that a word names.
  mutating func set(_ setting: NetworkToken, to value: NetworkToken, _ find: (NetworkToken) throws -> Cell) throws {
    guard given.insert(setting.text).inserted else { throw source.diagnostic(.settingTwice(setting.text), at: setting.span) }
    func bad(_ expected: String) -> Diagnostic {
      source.diagnostic(.badValue(setting: setting.text, value: value.text, expected: expected), at: value.span)
    }
    func count() throws(Diagnostic) -> Int {
      guard value.kind == .word, let count = wholeNumber(value.text, in: 1...Size.largest) else {
        throw bad("a whole number from 1 to \(Size.largest)")
      }
      return count
    }
    switch setting.text {
    case "units" where cell.hasUnits: units = try count()
    case "direction":
      guard ["forward", "reverse", "bidirectional"].contains(value.text) else {
        throw bad("`forward`, `reverse` or `bidirectional`")
      }
      direction = (value.text, value.span)
    case "merge":
      guard let own = Architecture.Merge(rawValue: value.text) else {
        throw bad(Architecture.Merge.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "))
      }
      merge = (own, setting.span)
    case "reverse": reverse = (try find(value), setting.span)
    case "states":
      guard ["zero", "learned"].contains(value.text) else { throw bad("`zero` or `learned`") }
      learnsInitialStates = value.text == "learned"
    case let size where cell.sizes.contains { $0.name == size }: sizes[size] = try count()
    case let other:
      let known = (cell.hasUnits ? ["units"] : []) + cell.sizes.map(\.name) + ["direction", "merge", "reverse", "states"]
      throw source.diagnostic(.unknownSetting(other, of: name, known: known), at: setting.span)
    }
  }

  /// - Throws: a diagnostic if something is said of two directions of a layer that has one.
  func check() throws(Diagnostic) {
    if direction?.word == "bidirectional" { return }
    if let merge { throw source.diagnostic(.mergeWithoutDirection("merge"), at: merge.1) }
    if let reverse { throw source.diagnostic(.mergeWithoutDirection("reverse"), at: reverse.1) }
  }

  func layer(named name: String, reading: Architecture.Reading) -> NetworkPage.Layer {
    let direction: Architecture.Direction =
      switch direction?.word {
      case "reverse": .reverse
      case "bidirectional": .bidirectional(merge?.0 ?? .concatenate, reverse: reverse?.0)
      default: .forward
      }
    return NetworkPage.Layer(
      name: name, cell: cell, reads: reading, units: units, sizes: sizes, direction: direction,
      learnsInitialStates: learnsInitialStates)
  }
}
