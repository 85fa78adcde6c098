public import Tables
public import TaskKit

/// A transcriber: a network that says which symbols stand in a sequence of numbers, in their order, and learns it from sequences of
/// which only the symbols are known, and not where each of them stands.
///
/// What is nil is seen from the file, or chosen when the training begins.
///
///     var recipe = Recipe(TranscribeTask(path: "digits.npz"))
///     recipe.network.isBidirectional = false
public struct TranscribeTask: LearningTask {
  package static let kind = "transcribe"
  package static let version = 1

  /// The file of sequences with their symbols: JSON lines, or arrays in an `.npz` file.
  public var path: String?
  /// A file of the same form to validate on, in place of a fraction that is held out.
  public var validationPath: String?
  /// The fraction of the sequences that is held out, at least 0 and below 1; 0.1 if nil.
  public var validation: Double?
  /// The key of the numbers in each line, or the array of the steps of all sequences.
  public var values: String?
  /// The key of the symbols in each line, or the array of the symbols of all sequences.
  public var target: String?
  /// How a text of symbols is cut; into characters if nil.
  public var tokens: SymbolCut?
  /// The array that says how many steps each sequence has.
  public var lengths: String?
  /// The array that says how many symbols each sequence has.
  public var targetLengths: String?

  /// A task of which all but the data is left to be chosen.
  ///
  /// - Parameter path: the file of sequences; nil if sequences in memory are given.
  public init(path: String? = nil) { self.path = path }

  /// What is asked for of the files.
  package var request: TranscriptRequest {
    var request = TranscriptRequest()
    (request.numbers, request.symbols, request.cut) = (values, target, tokens)
    (request.lengths, request.counts) = (lengths, targetLengths)
    return request
  }

  /// Puts in what was found in the file.
  mutating func take(_ form: TranscriptForm) {
    (values, target, tokens) = (form.numbers, form.symbols, form.cut)
    (lengths, targetLengths) = (form.lengths, form.counts)
  }
}
