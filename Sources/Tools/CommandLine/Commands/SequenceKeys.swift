import CommandKit
import Sequences
import Tables

/// The options that say how a file holds labelled sequences; what is not given is seen from the file.
struct SequenceKeys: Sendable {
  private let labels: Key<String?>
  private let text: Key<String?>
  private let columns: Key<String?>
  private let group: Key<String?>
  private let perStep: Key<Int?>
  private let separator: Key<String?>
  private let missing: Key<MissingPolicy?>
  private let header: Key<Answer?>

  init(_ declare: inout Declaration) {
    labels = declare.text(
      "--target", "COLUMNS", "the column of labels; several with commas between them hold a 1 for each label that there is")
    text = declare.text("--text", "COLUMN", "the column of texts to read")
    columns = declare.text(
      "--columns", "COLUMNS",
      "the columns of numbers, or of arrays of numbers, to read, with commas between them, or a range: a..z")
    group = declare.text(
      "--group", "COLUMN", "the column that says which sequence a row belongs to; none if each row is a sequence")
    perStep = declare.integer(
      "--per-step", in: 1...65_536, "numbers of a step where each row is a sequence (default: 1)")
    separator = declare.text(
      "--separator", "TEXT",
      "what stands between the labels of a sequence; none if each has one (default: ; where labels hold it)")
    header = TableKeys.header(&declare)
    missing = declare.choice("--missing", of: MissingPolicy.self, "what to do about missing numbers (default: error)")
  }

  func hasHeader(_ invocation: Invocation) -> Bool? { invocation[header]?.isYes }

  /// How a file holds sequences.
  func form(of path: String, _ invocation: Invocation) throws -> (form: SequenceForm, hasHeader: Bool?) {
    if path.hasSuffix(".ts") {
      let own = [labels.name, text.name, columns.name, group.name, perStep.name, separator.name, header.name]
      if let name = own.first(where: { invocation.values[$0] != nil }) {
        throw RecurrentError(.usage, "\(name) is for tables; a .ts file says by itself what it holds: leave it out")
      }
      let dimensions = try LabelledSequences(contentsOf: path).dimensions
      return (SequenceForm(.dimensions(dimensions), labels: [], missing: invocation[missing] ?? .error), nil)
    }
    let request = SequenceRequest(
      labels: invocation[labels].map(listed), text: invocation[text], columns: invocation[columns].map(listed),
      group: invocation[group], perStep: invocation[perStep], separator: invocation[separator], missing: invocation[missing])
    let summary = try TableSummary(ofLabelled: path, header: hasHeader(invocation), names: request.names)
    return (try summary.sequenceForm(request), summary.hasHeader)
  }
}
