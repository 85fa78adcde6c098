public import CellLanguage
public import Networks
import Support

/// What a network's layers are. What is nil is chosen from the task and its data when the training begins.
///
///     recipe.network.cell = try .named("gru")
///     recipe.network.units = 256
public struct NetworkSettings: Codable, Hashable, Sendable {
  /// The model from whose weights the training starts: a file, or the folder of a run, which stands for the best model in it. What
  /// is left open is then as it is there; vocabulary, labels and columns are those of the data, and keep their weights where the
  /// model has them. Fresh weights if nil.
  public var from: String?
  /// The cell of all layers; that of the task if nil, an LSTM as a rule.
  public var cell: CellText?
  /// The number of recurrent layers, one above the other, from 1 to 64.
  public var layers: Int?
  /// What the layers are and what each of them reads, in place of a number of layers that are all alike; nil for such.
  public var page: NetworkText?
  /// The number of units in each layer, from 1 to 65,536; of those in a page only where this leaves it open.
  public var units: Int?
  /// Values for the sizes that the cell's equations name, each at least 1.
  public var sizes: [String: Int]?
  /// Whether the states before the first step are learned; they are zero otherwise.
  public var learnsInitialStates: Bool?
  /// Whether layers read each sequence from its end, too, with weights of their own for that direction.
  public var isBidirectional: Bool?
  /// What a bidirectional layer makes of its two directions; they are concatenated if nil.
  public var merge: Architecture.Merge?
  /// The fraction of each state's units that keep their value at a step of training; none if nil.
  public var zoneout: ZoneoutFractions?

  package init() {}
}

/// A cell as a recipe holds it: its equations, so that the recipe needs no other file.
///
///     recipe.network.cell = try .named("gru")
public struct CellText: Codable, Hashable, Sendable {
  /// The equations, as a `.cell` file has them.
  package let equations: String
  /// What messages call it: the library's name, or the file's.
  package let name: String

  /// The text of a cell, such as one of your own.
  ///
  ///     recipe.network.cell = CellText(try Cell(contentsOf: "mine.cell"))
  public init(_ cell: Cell) {
    equations = cell.description
    name = cell.name
  }

  /// The built-in cell of that name, such as `lstm`.
  ///
  /// - Throws: ``UnknownCell`` if the library has none of that name.
  public static func named(_ name: String) throws -> CellText { CellText(try Cell.named(name)) }

  /// The checked cell.
  package func cell() throws -> Cell { try Cell(parsing: equations, file: name) }
}

/// The fraction of a state's units that keep their value at a step of training (zoneout), at least 0 and below 1.
///
///     recipe.network.zoneout = .states(["c": 0.5, "h": 0.05])
public enum ZoneoutFractions: Codable, Hashable, Sendable {
  /// The same fraction for all states.
  case all(Double)
  /// A fraction for each state by name; 0 for those that are not named.
  case states([String: Double])

  /// `0.1`, or `c=0.5,h=0.05`; nil if the text is neither, or gives a state twice.
  package init?(_ text: String) {
    if let fraction = decimalNumber(text) {
      self = .all(fraction)
      return
    }
    var fractions: [String: Double] = [:]
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = item.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, let fraction = decimalNumber(parts[1]),
        fractions.updateValue(fraction, forKey: parts[0]) == nil
      else { return nil }
    }
    self = .states(fractions)
  }

  /// The fractions of all states.
  package var fractions: [Double] {
    switch self {
    case .all(let fraction): [fraction]
    case .states(let fractions): Array(fractions.values)
    }
  }

  /// As a text, from which it can be read.
  package var text: String {
    switch self {
    case .all(let fraction): short(fraction)
    case .states(let fractions):
      fractions.sorted { $0.key < $1.key }.map { "\($0.key)=\(short($0.value))" }.joined(separator: ",")
    }
  }
}
