package import Models
package import Networks
package import Support
package import Tables

/// The description that a network that transcribes sequences carries: what its symbols are called, how numbers are scaled, and
/// where files have them.
package struct TranscriptionDescription: Sendable, Hashable, Codable {
  package static let kindName = "transcription"
  package static let newestVersion = 1

  private(set) var kind = Self.kindName
  private(set) var version = Self.newestVersion
  package let form: TranscriptForm
  /// The symbols, in the order of the network's classes after the blank.
  package let symbols: [String]
  /// The scaling of each number of a step.
  package let scaling: [Scaling]

  package init(form: TranscriptForm, symbols: [String], scaling: [Scaling]) {
    (self.form, self.symbols, self.scaling) = (form, symbols, scaling)
  }

  /// What the network reads of a sequence's numbers, `[T, width]`.
  package func features(_ values: [Float]) -> [Float] {
    values.enumerated().map { Float(scaling[$0 % scaling.count].scaled(Double($1))) }
  }

  /// The numbers of a sequence's symbols.
  ///
  /// - Parameter place: where the sequence is, for messages.
  /// - Throws: ``RecurrentError`` if there are none, or the network does not know one.
  package func numbers(of sequence: TranscribedSequence, at place: String) throws(RecurrentError) -> [Int32] {
    let numbers = places
    return try (sequence.symbols ?? []).map { symbol throws(RecurrentError) in
      if let number = numbers[symbol] { return number }
      throw RecurrentError(
        .data,
        "\(place): the symbol “\(symbol)” is not one of those that are trained on: \(shortened(symbols)); correct it, or train on "
          + "sequences with it")
    }
  }

  private var places: [String: Int32] {
    Dictionary(symbols.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
  }
}

extension TranscriptionDescription: MeaningDescription {
  package static let wording = ModelMeaning.Wording(
    verb: "transcribe sequences", command: "recurrent train transcribe", purpose: "transcriptions", versioned: "symbols",
    described: "symbols")

  package func fits(_ architecture: Architecture) -> Bool {
    architecture.output == Architecture.Output(CTCHead(symbols: symbols.count)) && architecture.features == scaling.count
      && !scaling.isEmpty
  }
}
