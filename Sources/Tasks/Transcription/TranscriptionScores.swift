package import Engine
package import Support
import Tables

/// How well sequences are transcribed: which edits make the symbols found those that are there.
package struct TranscriptionScores: Sendable, Hashable {
  package private(set) var sequences = 0
  /// Sequences all of whose symbols are right.
  package private(set) var whole = 0
  package private(set) var symbols = 0
  package private(set) var substitutions = 0
  package private(set) var deletions = 0
  package private(set) var insertions = 0
  /// How often a symbol was given as another.
  package private(set) var confusions: [EditDistance.Pair: Int] = [:]

  package var edits: Int { substitutions + deletions + insertions }
  /// The symbol error rate: edits for each symbol that is there, which may be more than one; 0 for no symbols.
  package var errorRate: Double { symbols == 0 ? 0 : Double(edits) / Double(symbols) }
  package var wholeRate: Double { sequences == 0 ? 0 : Double(whole) / Double(sequences) }

  package init() {}

  package mutating func add(_ actual: [String], given: [String]) {
    let distance = EditDistance(from: actual, to: given)
    sequences += 1
    symbols += actual.count
    if distance.all == 0 { whole += 1 }
    substitutions += distance.substitutions
    deletions += distance.deletions
    insertions += distance.insertions
    for pair in distance.confusions { confusions[pair, default: 0] += 1 }
  }

  /// Transcribes sequences and compares what is found with their symbols.
  ///
  /// - Parameters:
  ///   - beam: how many beginnings are kept; 1 to follow the most probable class of each step.
  ///   - progress: called with the number of sequences that are done.
  package init(
    _ transcriber: Transcriber, _ file: Transcripts, beam: Int = 1, machine: Machine, progress: (Int) -> Void = { _ in }
  ) throws(RecurrentError) {
    let runner = TranscriberRunner(transcriber, machine: machine)
    for start in stride(from: 0, to: file.sequences.count, by: TranscriberRunner.defaultCount) {
      let some = file.sequences[start..<min(start + TranscriberRunner.defaultCount, file.sequences.count)]
      for sequence in some { _ = try transcriber.description.numbers(of: sequence, at: file.place(of: sequence)) }
      let found = try runner.transcripts(some.map(\.values), beam: beam)
      for (sequence, transcript) in zip(some, found) { add(sequence.symbols ?? [], given: transcript.symbols) }
      progress(sequences)
    }
  }
}
