import Foundation
import Sequences
import Support
import Tables

/// A message of an error, without the folder in which the file was.
struct Refusal: Error, Equatable { let text: String }

/// Writes a file, hands its path to `body`, and removes it. Errors of data come as ``Refusal``.
func withFile<Result>(_ text: String, name: String = "sales.csv", _ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let file = folder.appending(path: name)
  try Data(text.utf8).write(to: file)
  do { return try body(file.path) } catch let error as RecurrentError {
    throw Refusal(text: error.description.replacingOccurrences(of: folder.path + "/", with: ""))
  }
}

/// All rows of a table, as texts.
func rows(_ text: String, name: String = "sales.csv", header: Bool? = nil) throws -> (
  columns: [String], rows: [[String]], lines: [Int]
) {
  try withFile(text, name: name) { path in
    let reader = try TableReader(TableFile(path, hasHeader: header))
    var (row, rows, lines) = (TableRow(), [[String]](), [Int]())
    while try reader.next(&row) {
      rows.append((0..<row.count).map { row.text($0) })
      lines.append(row.line)
    }
    return (reader.columns, rows, lines)
  }
}

extension TableSummary {
  init(contentsOf path: String, header: Bool? = nil, times: TimeRequest = TimeRequest()) throws(RecurrentError) {
    try self.init(of: DataTable(path: path, hasHeader: header), times: times)
  }

  init(ofLabelled path: String, names: [String] = []) throws(RecurrentError) {
    try self.init(ofLabelled: TableFile(path), names: names)
  }
}

extension SeriesTable {
  init(contentsOf path: String, roles: ColumnRoles, missing: MissingPolicy) throws(RecurrentError) {
    try self.init(DataTable(path: path), roles: roles, missing: missing)
  }
}

extension SequenceReader {
  convenience init(path: String, form: SequenceForm, missing: MissingPolicy? = nil, labels: Bool) throws(RecurrentError) {
    try self.init(TableFile(path), form: form, missing: missing, labels: labels)
  }
}
