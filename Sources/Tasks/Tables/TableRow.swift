/// A row of a table as the file has it: texts, without the quotes around them.
package struct TableRow: Sendable {
  /// The line of the file in which it begins, from 1.
  package internal(set) var line = 0
  /// All texts, one after the other.
  var bytes: [UInt8] = []
  /// The index at which each text ends.
  var ends: [Int] = []
  /// How the numbers are written.
  var numbers = NumberReading.plain

  /// The lines of the comments between the row before and this one, in ascending order.
  var comments: ArraySlice<Int> = []

  package init() {}

  package var count: Int { ends.count }

  /// The text of a field, in UTF-8.
  package subscript(index: Int) -> ArraySlice<UInt8> { bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }

  /// The value of a field.
  package func value(_ index: Int) -> TableValue { TableValue(self[index], numbers) }

  /// The text of a field.
  package func text(_ index: Int) -> String { String(decoding: self[index], as: UTF8.self) }

  mutating func clear(line: Int) {
    self.line = line
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  /// Drops the last fields.
  mutating func drop(to count: Int) {
    ends.removeLast(ends.count - count)
    bytes.removeLast(bytes.count - (ends.last ?? 0))
  }

  mutating func add(_ text: some Collection<UInt8>) {
    bytes += text
    ends.append(bytes.count)
  }
}
