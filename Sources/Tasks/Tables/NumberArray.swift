/// A sequence in a field of a table: an array of numbers, or of arrays of numbers, one for each step.
struct NumberArray {
  /// `[T, width]`; NaN for `null` and `NaN`.
  private(set) var values: [Double] = []
  /// The number of numbers in a step.
  private(set) var width = 1

  var steps: Int { values.count / width }

  /// Why a text is no such array.
  struct Problem: Error { let text: String }

  /// Whether a text looks like an array of numbers: it is in brackets and has only characters that occur in such arrays.
  static func isLikely(_ text: ArraySlice<UInt8>) -> Bool {
    text.first == UInt8(ascii: "[") && text.last == UInt8(ascii: "]") && text.allSatisfy { marks[Int($0)] }
  }

  private static let marks: [Bool] = {
    var marks = [Bool](repeating: false, count: 256)
    for byte in "[], \t+-.0123456789eEnulNaInfity".utf8 { marks[Int(byte)] = true }
    return marks
  }()

  /// - Throws: ``Problem`` if the text is something else, or its steps have not equally many numbers.
  init(_ text: ArraySlice<UInt8>) throws(Problem) {
    guard text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") else {
      throw Problem(text: "\(quotedValue(String(decoding: text, as: UTF8.self))) is no array of numbers such as [1.5, 2, 0.25]")
    }
    var rest = Self.trimmed(text.dropFirst().dropLast())
    let isNested = rest.first == UInt8(ascii: "[")
    guard isNested else {
      values = try Self.numbers(rest) { "number \($0)" }
      return
    }
    var step = 0
    while !rest.isEmpty {
      step += 1
      guard rest.first == UInt8(ascii: "["), let end = rest.firstIndex(of: UInt8(ascii: "]")) else {
        throw Problem(text: "step \(step) is no array, and the first one is; give all steps as arrays, or all as numbers")
      }
      let numbers = try Self.numbers(rest[rest.startIndex + 1..<end]) { "step \(step), number \($0)" }
      if step == 1 { width = max(1, numbers.count) }
      guard numbers.count == width else {
        let count = numbers.count == 1 ? "1 number" : "\(numbers.count) numbers"
        throw Problem(text: "step \(step) has \(count), and \(step == 1 ? "needs at least one" : "the first has \(width)")")
      }
      values += numbers
      rest = Self.trimmed(rest[(end + 1)...])
      if rest.isEmpty { return }
      guard rest.first == UInt8(ascii: ",") else { throw Problem(text: "a comma is missing after step \(step)") }
      rest = Self.trimmed(rest.dropFirst())
      if rest.isEmpty { throw Problem(text: "nothing stands after the last comma") }
    }
  }

  /// Numbers with commas between them; none for an empty text.
  private static func numbers(
    _ text: ArraySlice<UInt8>, place: (Int) -> String
  ) throws(Problem) -> [Double] {
    if trimmed(text).isEmpty { return [] }
    var numbers: [Double] = []
    for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let word = trimmed(part)
      if word.isEmpty { throw Problem(text: "\(place(numbers.count + 1)) is missing; write null there") }
      switch TableValue(word) {
      case .number(let number): numbers.append(number)
      case .missing where word.elementsEqual("null".utf8) || word.elementsEqual("NaN".utf8): numbers.append(.nan)
      case .missing, .amount, .truth, .moment, .text, .array:
        throw Problem(
          text:
            "\(place(numbers.count + 1)): \(quotedValue(String(decoding: word, as: UTF8.self))) is not a number; write null where one is missing"
        )
      }
    }
    return numbers
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) }) else {
      return []
    }
    return text[first...last]
  }
}
