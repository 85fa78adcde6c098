import Storage
import Support

/// Reads rows of JSON lines: an object a line, all with the same keys, flat but for arrays of numbers.
struct JSONLineRows {
  private let bytes: ByteSource
  /// How many lines have been read.
  private(set) var line = 0
  /// The keys of the first object, in its order.
  private(set) var names: [String] = []
  private var first: TableRow?

  /// - Throws: ``RecurrentError`` if the first line is no such object.
  init(_ bytes: ByteSource) throws(RecurrentError) {
    self.bytes = bytes
    var row = TableRow()
    guard let members = try readMembers() else { throw RecurrentError(.data, "\(bytes.name) is empty; it has an object a line") }
    names = members.map(\.key)
    fill(&row, members)
    first = row
  }

  mutating func next(_ row: inout TableRow) throws(RecurrentError) -> Bool {
    if let known = first {
      row = known
      first = nil
      return true
    }
    guard let members = try readMembers() else { return false }
    if let new = members.first(where: { !names.contains($0.key) }) {
      throw RecurrentError(
        .data, "\(bytes.name), line \(line): the first line has no “\(new.key)”; give all objects the same keys")
    }
    fill(&row, members)
    return true
  }

  private mutating func fill(_ row: inout TableRow, _ members: [(key: String, text: String)]) {
    row.clear(line: line)
    let texts = Dictionary(members.map { ($0.key, $0.text) }) { first, _ in first }
    for name in names { row.add(Array((texts[name] ?? "").utf8)) }
  }

  /// The members of the next line's object; nil at the end.
  private mutating func readMembers() throws(RecurrentError) -> [(key: String, text: String)]? {
    var text: [UInt8] = []
    repeat {
      text.removeAll(keepingCapacity: true)
      guard try bytes.peek() != nil else { return nil }
      while let byte = try bytes.next(), byte != UInt8(ascii: "\n") { text.append(byte) }
      line += 1
    } while text.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\t") }
    var members: [(key: String, text: String)] = []
    var json = StrictJSON(text[...])
    var place = ""
    do throws(StrictJSON.Problem) {
      try json.object { json, key throws(StrictJSON.Problem) in
        place = ", \(title(ofColumn: key))"
        members.append((key, try json.beginsArray ? json.numberArrayText() : json.scalarText()))
        place = ""
      }
      try json.end()
    } catch {
      throw RecurrentError(
        .data,
        "\(bytes.name), line \(line)\(place): \(error.text); write one flat object a line, such as {\"time\": \"2024-01-31\", \"value\": 1.5} or "
          + "{\"label\": \"a\", \"values\": [1.5, 2]}")
    }
    return members
  }
}
