import Networks
import Sequences
import Support

/// How a network reads the names of series: as symbols with learned vectors, or not at all.
package struct SeriesNames: Sendable {
  /// The symbol of each series that was trained on; nil if the network reads no names.
  private let symbols: [String: Int32]?
  private let input: Architecture.Input

  /// The fraction of the windows in which training gives no name, so that the vector for unknown series is learned, too, from all
  /// series, and each of these has still nearly all of its windows.
  static let unnamedFraction = 0.1

  init(_ input: Architecture.Input) {
    self.input = input
    guard let names = (input.encoding as? NamedFeaturesInput)?.names else {
      symbols = nil
      return
    }
    symbols = Dictionary(names.symbols.enumerated().dropFirst().map { ($1, Int32($0)) }) { first, _ in first }
  }

  /// A vocabulary of the names of series.
  ///
  /// - Throws: ``RecurrentError`` if there are more than a vocabulary can have.
  static func vocabulary(_ names: [String]) throws(RecurrentError) -> Vocabulary {
    try Vocabulary(kind: .words, symbols: [Vocabulary.unknown] + names.filter { $0 != Vocabulary.unknown })
  }

  /// Whether the network reads names.
  var areRead: Bool { symbols != nil }

  /// The symbol of a series; 0 for one that was not trained on.
  subscript(name: String) -> Int32 { symbols?[name] ?? 0 }

  /// Whether the network reads names and does not know this one.
  package func lack(_ name: String) -> Bool { symbols.map { $0[name] == nil } ?? false }

  /// The network's inputs.
  ///
  /// - Parameters:
  ///   - features: all numbers of each row, `[rows, inputWidth]`.
  ///   - names: the symbol of each row's series.
  func inputs(_ features: [Float], _ names: [Int32]) -> Batch.Inputs {
    areRead ? .namedFeatures(features, names: names) : input.rows(features)
  }
}
