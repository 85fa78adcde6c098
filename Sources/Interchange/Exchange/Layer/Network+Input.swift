import Networks
import Support

extension Network {
  /// - Parameters:
  ///   - others: what is to hold the input, for messages.
  ///   - holdsNames: whether they know of names beside features.
  /// - Throws: ``RecurrentError`` if the network reads words, of which other systems know nothing, or names that these don't
  ///   know.
  func checkInput(for others: String, holdsNames: Bool = false) throws(RecurrentError) {
    switch architecture.input {
    case .tokens, .features: return
    case .words:
      throw RecurrentError(
        .interchange,
        "the network reads words with their spelling, which \(others) can't hold: `recurrent predict` runs it on sentences")
    case .namedFeatures:
      if holdsNames { return }
      throw RecurrentError(
        .interchange,
        naming:
          "the network reads the name of a series beside its numbers, which \(others) can't hold as it is written here: convert it to ONNX, or "
          + "train without \(Setting("series-embedding"))")
    }
  }
}
