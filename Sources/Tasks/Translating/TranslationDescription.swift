package import Models
package import Networks
import Sequences
import Support

/// The description that a network that translates carries. How texts are cut is part of the network, whose encoder and decoder each
/// have a vocabulary of pieces.
package struct TranslationDescription: Sendable, Hashable, Codable {
  package static let kindName = "translation"
  package static let newestVersion = 1

  private(set) var kind = Self.kindName
  private(set) var version = Self.newestVersion
  /// Pieces of a target for each piece of its source: more than 99 in 100 pairs of the training have.
  let piecesPerPiece: Double

  package init(piecesPerPiece: Double) { self.piecesPerPiece = piecesPerPiece }

  /// The most pieces of what a source of some pieces may become: a translation that does not end by itself is cut there.
  package func longest(_ pieces: Int) -> Int {
    Int(min(Double(Self.mostPieces), (10 + 2 * piecesPerPiece * Double(pieces + 1)).rounded(.up)))
  }

  /// The most pieces of any translation.
  static let mostPieces = 10_000
}

extension TranslationDescription: MeaningDescription {
  package static let wording = ModelMeaning.Wording(
    verb: "translate", command: "recurrent train translate", purpose: "translations", versioned: "translations",
    described: "translations")

  package func fits(_ architecture: Architecture) -> Bool {
    guard let target = architecture.vocabulary, target.kind == .pieces else { return false }
    return architecture.sourceVocabulary?.kind == .pieces && architecture.output == .classes(target.count)
      && architecture.readout == .everyStep && piecesPerPiece.isFinite && piecesPerPiece > 0 && piecesPerPiece <= 1000
  }
}
