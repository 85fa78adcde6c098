package import Support

/// How the file of a table is written: what separates its columns, how its numbers are written, and which of its lines are not part
/// of the table. What is nil is found out from the file.
///
///     let table = DataTable(path: "verkauf.csv", dialect: TableDialect(decimal: .comma, thousands: .point))
public struct TableDialect: Sendable, Hashable, Codable {
  /// What stands between the columns.
  public enum Delimiter: String, Sendable, Hashable, Codable, CaseIterable {
    /// `,`
    case comma
    /// `;`
    case semicolon
    /// A tab character.
    case tab
    /// `|`
    case pipe
    /// Spaces or tabs, any number of them.
    case space
  }

  /// What stands before the decimals of a number.
  public enum DecimalMark: String, Sendable, Hashable, Codable, CaseIterable {
    /// `1.5`
    case point
    /// `1,5`
    case comma
  }

  /// What stands between groups of three digits.
  public enum ThousandsMark: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nothing: all digits stand together.
    case none
    /// `1.234.567`
    case point
    /// `1,234,567`
    case comma
    /// `1 234 567`, with any space, those that keep a line together too.
    case space
    /// `1'234'567`
    case apostrophe
  }

  /// What stands between the columns.
  public var delimiter: Delimiter?
  /// What stands before the decimals of a number.
  public var decimal: DecimalMark?
  /// What stands between groups of three digits.
  public var thousands: ThousandsMark?
  /// Whether lines that begin with `#` are comments, which are not part of the table.
  public var hasComments: Bool?
  /// The number of lines at the beginning of the file that are not part of the table.
  public var skippedLines: Int?
  /// The units in which the numbers of some columns are, as they stand beside them; nil if it is not known yet.
  package var units: [String: NumberUnit]?

  /// A dialect of which all is found out from the file.
  public init() {}

  /// A dialect; what is nil is found out from the file.
  public init(
    delimiter: Delimiter? = nil, decimal: DecimalMark? = nil, thousands: ThousandsMark? = nil, hasComments: Bool? = nil,
    skippedLines: Int? = nil
  ) {
    self.delimiter = delimiter
    self.decimal = decimal
    self.thousands = thousands
    self.hasComments = hasComments
    self.skippedLines = skippedLines
  }

  /// What numbers are read as for models and runs that say nothing of it: those of version 0.1.0.
  package static let firstVersion = TableDialect(decimal: .point, thousands: ThousandsMark.none)
}

extension TableDialect.Delimiter {
  /// The byte in the file.
  var byte: UInt8 {
    switch self {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: UInt8(ascii: "\t")
    case .pipe: UInt8(ascii: "|")
    case .space: UInt8(ascii: " ")
    }
  }

  /// What stands between the columns, in a sentence: `commas`.
  var things: String {
    switch self {
    case .comma: "commas"
    case .semicolon: "semicolons"
    case .tab: "tabs"
    case .pipe: "vertical bars"
    case .space: "spaces"
    }
  }

  /// The delimiter that a word or the character itself stands for.
  package init?(word: String) {
    guard let found = Self(rawValue: word) ?? Self.allCases.first(where: { word == String(Character(Unicode.Scalar($0.byte))) })
    else { return nil }
    self = found
  }
}

extension TableDialect.DecimalMark {
  var byte: UInt8 { self == .point ? UInt8(ascii: ".") : UInt8(ascii: ",") }

  /// The mark that a word or the character itself stands for.
  package init?(word: String) {
    guard let found = Self(rawValue: word) ?? [".": .point, ",": .comma][word] else { return nil }
    self = found
  }
}

extension TableDialect.ThousandsMark {
  /// The mark that a word or the character itself stands for.
  package init?(word: String) {
    guard let found = Self(rawValue: word) ?? [".": .point, ",": .comma, " ": .space, "'": .apostrophe][word] else { return nil }
    self = found
  }

  /// What stands between groups of digits, in a sentence: `points`; nil if nothing does.
  var things: String? {
    switch self {
    case .none: nil
    case .point: "points"
    case .comma: "commas"
    case .space: "spaces"
    case .apostrophe: "apostrophes"
    }
  }
}

extension TableDialect {
  /// What is unusual about the dialect, in sentences: `numbers have decimal commas, and points between groups of digits`.
  package var peculiarities: [String] {
    var sentences: [String] = []
    let groups = thousands?.things.map { "\($0) between groups of digits" }
    if decimal == .comma {
      sentences.append("numbers have decimal commas" + (groups.map { ", and \($0)" } ?? ""))
    } else if let groups {
      sentences.append("numbers have \(groups)")
    }
    if hasComments == true { sentences.append("lines that begin with # are comments") }
    if let count = skippedLines, count > 0 {
      sentences.append(count == 1 ? "the first line is skipped" : "the first \(count) lines are skipped")
    }
    return sentences
  }
}

extension TableDialect {
  /// What the caller sets of a dialect is called.
  package enum Settings {
    package static let delimiter = Setting("delimiter")
    package static let decimal = Setting("decimal")
    package static let thousands = Setting("thousands")
    package static let comments = Setting("comments")
    package static let skip = Setting("skip")
  }

  /// What is set; none if all is to be found out.
  package var settings: [Setting] {
    let all: [(Setting, Bool)] = [
      (Settings.delimiter, delimiter != nil), (Settings.decimal, decimal != nil), (Settings.thousands, thousands != nil),
      (Settings.comments, hasComments != nil), (Settings.skip, skippedLines != nil),
    ]
    return all.filter(\.1).map(\.0)
  }

  /// - Throws: ``RecurrentError`` if two marks that are set can't go together.
  func check() throws(RecurrentError) {
    let marks = [
      (Settings.decimal, decimal?.rawValue), (Settings.thousands, thousands?.rawValue),
      (Settings.delimiter, delimiter == .space ? delimiter?.rawValue : nil),
    ]
    guard let thousands = thousands?.rawValue, let other = marks.first(where: { $0.0 != Settings.thousands && $0.1 == thousands })
    else { return }
    throw RecurrentError(
      .usage,
      naming:
        "\(other.0) and \(Settings.thousands) are both \(thousands), which can't be told apart: give another for one"
    )
  }
}

extension TableDialect? {
  /// What is stated of a dialect: nothing where it is nil, and nil where nothing is.
  package var stated: TableDialect {
    get { self ?? TableDialect() }
    set { self = newValue == TableDialect() ? nil : newValue }
  }
}
