import Storage
package import Support

/// Reads JSON lines of sequences of numbers with their symbols: `{"steps": [[0.1, 2], [0.3, 1]], "symbols": ["a", "b"]}`.
package final class TranscriptLines {
  /// The file's name, for messages.
  package let source: String
  package let form: TranscriptForm
  /// The numbers of a step.
  package let width: Int
  private let lines: TextLines
  private let takesSymbols: Bool
  private var first: (line: TranscriptLine, number: Int)?

  /// - Throws: ``RecurrentError`` if the file can't be read, its first line is no such object, or it is not clear what in it the
  ///   numbers or the symbols are.
  package init(_ path: String, _ request: TranscriptRequest) throws(RecurrentError) {
    let bytes = try ByteSource(path: path)
    source = bytes.name
    lines = TextLines(bytes)
    takesSymbols = request.takesSymbols
    guard let first = try Self.next(lines, source) else {
      throw RecurrentError(.data, "\(bytes.name) is empty; it has a sequence a line: \(Self.example)")
    }
    let place = "\(bytes.name), line \(lines.line)"
    form = try Self.form(first, request, at: place)
    width = first[form.numbers]?.steps?.first?.count ?? 0
    if width == 0 {
      throw RecurrentError(.data, "\(place): the first step of “\(form.numbers)” has no number; give each step at least one")
    }
    self.first = (first, lines.line)
  }

  private static let example = #"{"steps": [[0.5, 1], [0.25, 2]], "symbols": ["a", "b"]}"#

  private static func next(_ lines: TextLines, _ source: String) throws(RecurrentError) -> TranscriptLine? {
    while let text = try lines.next() {
      if text.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) { continue }
      do throws(StrictJSON.Problem) {
        return try TranscriptLine(text)
      } catch {
        throw RecurrentError(.data, "\(source), line \(lines.line): \(error.text); write an object a line, such as \(example)")
      }
    }
    return nil
  }

  /// Finds out which members the numbers and the symbols are.
  private static func form(
    _ line: TranscriptLine, _ request: TranscriptRequest, at place: String
  ) throws(RecurrentError) -> TranscriptForm {
    let keys = line.members.map(\.key)
    for name in [request.numbers, request.takesSymbols ? request.symbols : nil].compactMap({ $0 }) where !keys.contains(name) {
      throw RecurrentError(.data, "\(place): there is no “\(name)”; it has \(shortened(keys))")
    }
    func only(_ keys: [String], _ what: String, _ setting: String) throws(RecurrentError) -> String {
      if keys.count == 1 { return keys[0] }
      throw RecurrentError(
        .data,
        naming: keys.isEmpty
          ? "\(place): nothing in it can be the \(what) of a sequence; write an object a line, such as \(example)"
          : "\(place): the \(what) may be \(keys.map { "“\($0)”" }.joined(separator: " or ")): say which with \(Setting(setting))"
      )
    }
    let isNested = line.members.contains { if case .steps = $0.value { true } else { false } }
    let candidates = line.members.filter { member in
      if case .steps = member.value { return true }
      return !isNested && member.value.steps != nil && member.key != request.symbols
    }.map(\.key)
    let numbers = if let name = request.numbers { name } else { try only(candidates, "numbers", "values") }
    if line[numbers]?.steps == nil {
      throw RecurrentError(.data, "\(place): “\(numbers)” is no array of steps; write one such as [[0.5, 1], [0.25, 2]]")
    }
    guard request.takesSymbols else {
      return TranscriptForm(numbers: numbers, symbols: request.symbols, cut: request.cut)
    }
    let others = line.members.filter { $0.key != numbers && $0.value.canBeSymbols }.map(\.key)
    let symbols = if let name = request.symbols { name } else { try only(others, "symbols", "target") }
    guard let value = line[symbols], value.canBeSymbols, symbols != numbers else {
      throw RecurrentError(
        .data, "\(place): “\(symbols)” has no symbols; write them as a text, or as a list such as [\"a\", \"b\"]")
    }
    if case .text = value {
      return TranscriptForm(numbers: numbers, symbols: symbols, cut: request.cut ?? .characters)
    }
    if request.cut != nil {
      throw RecurrentError(
        .data, naming: "\(place): “\(symbols)” lists its symbols, and \(Setting("tokens")) says how a text is cut: leave it out")
    }
    return TranscriptForm(numbers: numbers, symbols: symbols)
  }

  /// The next sequence, or what is wrong with it and where; nil at the end.
  ///
  /// - Throws: ``RecurrentError`` if a line is no such object, after which nothing more is known.
  package func next() throws(RecurrentError) -> (sequence: TranscribedSequence, fault: TranscriptFault?)? {
    let line: TranscriptLine
    if let (known, _) = first {
      line = known
    } else {
      guard let next = try Self.next(lines, source) else { return nil }
      line = next
    }
    let number = first?.number ?? lines.line
    first = nil
    let place = "\(source), line \(number)"
    guard let steps = line[form.numbers]?.steps else {
      throw RecurrentError(
        .data, "\(place): \(line[form.numbers] == nil ? "there is no" : "it has no array of steps as") “\(form.numbers)”")
    }
    var symbols: [String]?
    if takesSymbols {
      symbols = line[form.symbolsTitle]?.symbols(form.cut)
      if symbols == nil {
        let what = line[form.symbolsTitle] == nil ? "there is no" : "there are no symbols in"
        throw RecurrentError(
          .data, "\(place): \(what) “\(form.symbolsTitle)” as in the first line: give all lines the same form")
      }
    }
    let odd = steps.firstIndex { $0.count != width }
    let sequence = TranscribedSequence(
      line: number, values: odd == nil ? steps.joined().map { Float($0) } : [], steps: steps.count, symbols: symbols)
    if let odd { return (sequence, .width(step: odd + 1, numbers: steps[odd].count, expected: width)) }
    return (sequence, TranscriptFault(sequence, width: width))
  }

  /// Where a sequence is, as messages say it.
  package func place(of sequence: TranscribedSequence) -> String { "\(source), line \(sequence.line)" }

  /// Whether a file looks like this: its first line is an object with steps, and a list of symbols.
  package static func isLikely(_ path: String) throws(RecurrentError) -> Bool {
    let bytes = try ByteSource(path: path)
    guard try bytes.peek() == UInt8(ascii: "{"), let text = try TextLines(bytes).next(), let line = try? TranscriptLine(text)
    else {
      return false
    }
    let hasSteps = line.members.contains { if case .steps = $0.value { true } else { false } }
    let hasSymbols = line.members.contains { member in
      if case .texts = member.value { true } else if case .numbers = member.value { member.value.canBeSymbols } else { false }
    }
    return hasSteps && hasSymbols
  }
}
