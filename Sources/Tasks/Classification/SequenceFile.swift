import Sequences
package import Support
package import Tables
import TaskKit

/// All sequences of a file, or of arrays in memory, with their labels.
package struct SequenceFile: Sendable {
  /// The file's path, or what messages call sequences in memory.
  package let path: String
  /// Whether the sequences come from a file.
  package let isFile: Bool
  package private(set) var form: SequenceForm
  package let sequences: [SequenceReader.Sequence]
  /// What was decided about values that could be read in two ways, and done about missing numbers, in sentences.
  package let repairs: [String]
  /// How the file is written; nil if it is no text with delimiters.
  let dialect: TableDialect?
  /// The labels that the file declares; nil if they are those that its sequences have.
  private let names: [String]?

  /// - Parameter file: the file. If it does not say whether the first line names the columns, that is assumed if the form's columns
  ///   have names.
  /// - Throws: ``RecurrentError`` if the file can't be read, or what it holds is not as the form says.
  package init(_ file: TableFile, form: SequenceForm) throws(RecurrentError) {
    let (path, reader) = (file.path, try SequenceReader(file, form: form, labels: true))
    var sequences: [SequenceReader.Sequence] = []
    while let sequence = try reader.next() { sequences.append(sequence) }
    guard !sequences.isEmpty else { throw RecurrentError(.data, "\(path) has no sequences") }
    self.path = path
    isFile = true
    self.form = form
    self.sequences = sequences
    repairs = reader.repairs
    dialect = reader.dialect
    names = reader.labelNames ?? (form.labels.count > 1 ? form.labels : nil)
  }

  /// Takes sequences in memory.
  init(_ sequences: [SequenceReader.Sequence], form: SequenceForm, repairs: [String]) throws(RecurrentError) {
    guard !sequences.isEmpty else { throw RecurrentError(.data, "there are no sequences to train on") }
    path = "the data"
    isFile = false
    self.form = form
    self.sequences = sequences
    self.repairs = repairs
    dialect = nil
    names = nil
  }

  /// The sequences with what cells read of them as inputs of their own.
  func read(by inputs: [FurtherInput]) -> SequenceFile {
    var file = self
    file.form.read(by: inputs)
    return file
  }

  /// Where a sequence is, as messages say it: `names.tsv, line 3`, or `sequence 3`.
  func place(of sequence: SequenceReader.Sequence) -> String {
    isFile ? "\(path), line \(sequence.line)" : "sequence \(sequence.line)"
  }

  /// The labels: in the order that the file gives them, or sorted.
  ///
  /// - Throws: ``RecurrentError`` if there are fewer than two labels, or too many to be labels.
  func labelNames() throws(RecurrentError) -> [String] {
    let found = Set(sequences.lazy.flatMap(\.labels))
    let place = isFile ? form.labels.first.map { ", \(title(ofColumn: $0))" } ?? "" : ""
    if found.count < (form.isMultiple ? 1 : 2) {
      let only = found.first.map { "“\($0)” is the label of all sequences" } ?? "no sequence has a label"
      throw RecurrentError(.data, "\(path)\(place): \(only), so there is nothing to tell apart")
    }
    if !form.isMultiple, found.count > 20, found.count * 2 > sequences.count {
      let what = "\(path)\(place): it has \(found.count) different texts in \(sequences.count) sequences, which are no labels"
      throw RecurrentError(
        .data,
        naming: isFile
          ? "\(what); say which column holds them with \(Setting("target")) NAME"
          : "\(what): give each label to several sequences")
    }
    if let names { return names }
    return sortedLabels(found)
  }

  /// The indices of the sequences that are trained on and held out: of each label the same fraction, drawn at random; a label's
  /// only sequence is trained on.
  ///
  /// - Parameter fold: the part of each label's sequences that is held out in place of a fraction; nil for the fraction.
  func split(_ fraction: Double, _ labels: [String], seed: UInt64, fold: Fold? = nil) -> (kept: [Int], held: [Int]) {
    let groups = Dictionary(grouping: sequences.indices) { sequences[$0].labels.first ?? "" }
    var held: Set<Int> = []
    for (number, label) in (labels + [""]).enumerated() {
      guard var places = groups[label] else { continue }
      var random = Random(.heldOutSequences, number, seed: seed)
      random.shuffle(&places)
      if let fold {
        if places.count > 1 { held.formUnion(fold.members(of: places, offset: number)) }
      } else {
        held.formUnion(places.prefix(min(places.count - 1, Int((fraction * Double(places.count)).rounded()))))
      }
    }
    return (sequences.indices.filter { !held.contains($0) }, sequences.indices.filter { held.contains($0) })
  }

  /// A digest that identifies the file's content.
  var digest: String {
    var digest = Digest(ofParts: sequences.count)
    for sequence in sequences {
      switch sequence.content {
      case .text(let text): digest.combine(Digest(of: text))
      case .numbers(let numbers): digest.combine(Digest(of: numbers))
      }
      for label in sequence.labels { digest.combine(Digest(of: label)) }
    }
    return digest.shortDigits
  }
}
