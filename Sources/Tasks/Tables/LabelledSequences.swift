package import Support

/// Sequences of numbers with a label each, as the UEA and UCR archives keep them in `.ts` files.
package struct LabelledSequences: Sendable {
  /// The number of dimensions of a step, D.
  package let dimensions: Int
  /// The labels, in the order in which the file declares them; none if it has none.
  package let labels: [String]
  package let sequences: [Sequence]

  package struct Sequence: Sendable, Hashable {
    /// `[T, D]`; NaN where the file has `?`.
    package let values: [Double]
    /// The index of the sequence's label in ``LabelledSequences/labels``; nil if the file has none.
    package let label: Int?
    /// The line of the sequence in the file.
    package let line: Int
  }

  /// The number of steps of each sequence.
  package var lengths: [Int] { sequences.map { $0.values.count / dimensions } }

  /// Reads a `.ts` file: lines that begin with `@` say what follows, and each line after `@data` is a sequence, with colons
  /// between its dimensions and before the label.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read, or a line is not as the lines with `@` say.
  package init(contentsOf path: String) throws(RecurrentError) {
    let lines = TextLines(try ByteSource(path: path))
    var labels: [String] = []
    var hasLabels = false
    var isData = false
    var dimensions: Int?
    var sequences: [Sequence] = []
    while let line = try lines.next() {
      if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) || line.first == UInt8(ascii: "#") { continue }
      if !isData {
        let words = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
        guard let first = words.first else { continue }
        switch first.lowercased() {
        case "@data": isData = true
        case "@timestamps" where words.count > 1 && words[1].lowercased() == "true":
          throw RecurrentError(
            .data,
            "\(path), line \(lines.line): @timeStamps says that each value stands with its time in parentheses, and such sequences are not read; write the values alone, and @timeStamps false"
          )
        case "@classlabel":
          hasLabels = words.count > 1 && words[1].lowercased() == "true"
          labels = hasLabels ? Array(words.dropFirst(2)) : []
        case let word where word.hasPrefix("@"): break
        default:
          throw RecurrentError(
            .data,
            "\(path), line \(lines.line): \(quotedValue(first)) stands before @data; put a line @data before the first sequence")
        }
        continue
      }
      var parts = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      let label = hasLabels ? parts.removeLast() : nil
      let count = dimensions ?? parts.count
      dimensions = count
      guard parts.count == count, count > 0 else {
        throw RecurrentError(
          .data,
          "\(path), line \(lines.line): it has \(parts.count == 1 ? "1 dimension" : "\(parts.count) dimensions"), and the first sequence has \(count); put a colon between "
            + "dimensions, and give all sequences the same")
      }
      var number: Int?
      if let label {
        let text = String(decoding: label, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        number = labels.firstIndex(of: text)
        if number == nil {
          throw RecurrentError(
            .data,
            "\(path), line \(lines.line): the label “\(text)” is not one of those that @classLabel names: \(labels.joined(separator: ", ")); correct it, or name it there"
          )
        }
      }
      sequences.append(Sequence(values: try Self.values(parts, path: path, line: lines.line), label: number, line: lines.line))
    }
    guard let dimensions else { throw RecurrentError(.data, "\(path) has no sequences after @data") }
    self.dimensions = dimensions
    self.labels = labels
    self.sequences = sequences
  }

  /// The dimensions of a line, step by step.
  private static func values(_ parts: [ArraySlice<UInt8>], path: String, line: Int) throws(RecurrentError) -> [Double] {
    let columns = try parts.enumerated().map { dimension, part throws(RecurrentError) in
      try part.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
        text throws(RecurrentError) -> Double in
        let space = UInt8(ascii: " ")
        let text = text.drop { $0 == space }
        switch TableValue(text.last == space ? text.dropLast() : text) {
        case .number(let number): return number
        case .missing: return .nan
        case .amount, .truth, .moment, .array, .text:
          throw RecurrentError(
            .data,
            "\(path), line \(line), dimension \(dimension + 1): \(quotedValue(String(decoding: text, as: UTF8.self))) is not a number; mend it, or write ? where it is missing"
          )
        }
      }
    }
    if let odd = columns.firstIndex(where: { $0.count != columns[0].count }) {
      throw RecurrentError(
        .data,
        "\(path), line \(line): dimension \(odd + 1) has \(columns[odd].count) steps, and the first one \(columns[0].count); they should be equal"
      )
    }
    return columns[0].indices.flatMap { step in columns.map { $0[step] } }
  }
}

/// Lines of a file, without their ends.
final class TextLines {
  private let bytes: ByteSource
  private(set) var line = 0

  init(_ bytes: ByteSource) { self.bytes = bytes }

  func next() throws(RecurrentError) -> ArraySlice<UInt8>? {
    if line == 0 { try bytes.skipByteOrderMark() }
    guard try bytes.peek() != nil else { return nil }
    var text: [UInt8] = []
    while let byte = try bytes.next(), byte != UInt8(ascii: "\n") { text.append(byte) }
    if text.last == UInt8(ascii: "\r") { text.removeLast() }
    line += 1
    return text[...]
  }
}
