/// What a field of a table holds.
package enum TableValue: Sendable, Hashable {
  case missing
  case number(Double)
  /// A number with a unit beside it.
  case amount(Double, NumberUnit)
  /// `true` or `false`, in any case.
  case truth(Bool)
  case moment(Moment)
  /// An array of numbers, or of arrays of numbers.
  case array
  case text

  /// The texts that stand for missing values, in lower case: those of people, of programs for statistics, and what spreadsheets
  /// write where a formula has no result.
  package static let missingTexts: Set<String> = [
    "", "na", "n/a", "nan", "null", "none", "?", "nil", "-", "--", ".", "..", "nat", "#n/a", "#na", "<na>", "n.a.", "-nan",
    "#null!",
    "#value!", "#div/0!", "#num!", "#ref!", "#name?",
  ]

  private static let longestMissing = missingTexts.map(\.utf8.count).max() ?? 0
  /// Whether a text that stands for a missing value may begin with a byte.
  private static let beginsMissing: [Bool] = {
    var marks = [Bool](repeating: false, count: 256)
    for text in missingTexts {
      for first in [text, text.uppercased()].compactMap(\.utf8.first) { marks[Int(first)] = true }
    }
    return marks
  }()

  /// The value that a text stands for.
  package init(_ text: ArraySlice<UInt8>, _ numbers: NumberReading = .plain) {
    guard let first = text.first else {
      self = .missing
      return
    }
    if let (number, unit) = numbers.amount(text) {
      self = unit.map { .amount(number, $0) } ?? .number(number)
    } else if UInt8(ascii: "0")...UInt8(ascii: "9") ~= first, let moment = Moment(text) {
      self = .moment(moment)
    } else if text.count <= Self.longestMissing, Self.beginsMissing[Int(first)],
      Self.missingTexts.contains(String(decoding: text, as: UTF8.self).lowercased())
    {
      self = .missing
    } else if let truth = Self.truth(text) {
      self = .truth(truth)
    } else if NumberArray.isLikely(text) {
      self = .array
    } else {
      self = .text
    }
  }

  private static func truth(_ text: ArraySlice<UInt8>) -> Bool? {
    guard 4...5 ~= text.count else { return nil }
    let lower = text.lazy.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 + 32 : $0 }
    return lower.elementsEqual("true".utf8) ? true : lower.elementsEqual("false".utf8) ? false : nil
  }
}
