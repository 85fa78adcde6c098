package import TaskKit

extension Figure {
  /// The edits that make the symbols found those that are there, as a fraction of these.
  package static let symbolErrorRate = Figure("symbol_error_rate", title: "% symbol errors", factor: 100, digits: 2)
  /// The fraction of the sequences all of whose symbols are right.
  package static let wholeSequences = Figure("whole_sequences", title: "% whole", factor: 100, digits: 1)
}

extension TranscribeTask {
  package static var figures: [Figure] { [.symbolErrorRate, .wholeSequences] }
}
