package import Sequences
package import Support

/// A text's batches for training and for validation.
package struct TextData: Sendable {
  package let vocabulary: Vocabulary
  package let training: TextSource
  /// The batches to validate on; nil if nothing is held out.
  package let validation: TextSource?
  /// The number of tokens of the whole text.
  package let count: Int
  /// A digest that identifies the text.
  package let digest: String?
  /// The text's file; nil for one in memory.
  package internal(set) var path: String?

  /// The most tokens of a validation: with a deviation of two nats a token, they give the loss to within 0.004 nats.
  package static let validationLimit = 250_000

  /// Splits a text into the part to train on and, at its end, the part held out.
  ///
  /// - Throws: ``RecurrentError`` if a part is too short.
  package init(_ text: TokenizedText, batch: Int, sequence: Int, validation: Double) throws(RecurrentError) {
    vocabulary = text.vocabulary
    count = text.tokens.count
    digest = text.digest
    let (training, heldOut) = try text.tokens.split(heldOut: validation)
    guard heldOut.count != 1 else {
      throw RecurrentError(
        .data,
        "the part of the text held out for validation has a single token, which leaves nothing to predict; hold out more, or nothing"
      )
    }
    self.training = TextSource(try TextWindows(training, streams: batch, steps: sequence))
    let part = heldOut[0..<min(heldOut.count, Self.validationLimit)]
    self.validation = heldOut.count == 0 ? nil : try TextSource(evaluating: part)
  }
}

extension TextSource {
  /// The windows of a text to evaluate: a few long streams, since each begins without a past.
  package init(evaluating tokens: Tokens) throws(RecurrentError) {
    self.init(try TextWindows(tokens, streams: max(1, min(16, tokens.count / 2000)), steps: 250))
  }
}
