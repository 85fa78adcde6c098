import Compression
package import Sequences
package import Support

extension TokenizedText {
  /// Reads a text, which gzip may have packed, and makes its vocabulary from it.
  ///
  /// - Parameters:
  ///   - words: how many of the most frequent words are kept; nil for 20,000 of those that occur twice at least.
  ///   - heldOut: the fraction at the end of the text whose words are not looked at.
  package init(file path: String, as kind: Vocabulary.Kind, words: Int?, heldOut: Double) throws(RecurrentError) {
    try self.init(
      Gzip.contents(of: path), source: path, as: kind, words: words ?? Self.defaultWords, rarest: words == nil ? 2 : 1,
      heldOut: heldOut)
  }

  /// Reads a text, which gzip may have packed, in the symbols of a vocabulary that there is already.
  ///
  /// - Parameter policy: what is done about characters that the vocabulary lacks.
  package init(
    file path: String, in vocabulary: Vocabulary, _ policy: UnknownCharacters = .refused(naming: nil)
  ) throws(RecurrentError) {
    try self.init(Gzip.contents(of: path), source: path, in: vocabulary, policy)
  }
}

extension Vocabulary {
  /// What is done about characters that the vocabulary lacks.
  ///
  /// - Parameters:
  ///   - asked: what is asked for; nil to refuse them.
  ///   - model: what reads the text, for messages.
  /// - Throws: ``RecurrentError`` if something is asked for of a vocabulary that lacks none.
  package func policy(_ asked: UnknownCharacters?, of model: String) throws(RecurrentError) -> UnknownCharacters {
    if asked != nil, kind != .characters {
      throw RecurrentError(
        .usage,
        naming: "\(Setting("unknown")) is for models that read characters, and \(model) reads \(kind.rawValue): leave it out")
    }
    return asked ?? .refused(naming: Setting("unknown"))
  }
}
