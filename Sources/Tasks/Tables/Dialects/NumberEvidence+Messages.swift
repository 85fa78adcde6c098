import Support

extension NumberEvidence.Doubt {
  /// The two numbers that the field may be, as a person writes them.
  private var numbers: (decimals: String, groups: String) {
    let text = Array(field.text.utf8)[...]
    return (short(decimals.amount(text)?.number ?? .nan), short(groups.amount(text)?.number ?? .nan))
  }

  /// - Parameters:
  ///   - source: what messages call the file.
  ///   - column: the name of the field's column.
  func error(_ source: String, column: String) -> RecurrentError {
    RecurrentError(
      .data,
      naming:
        "\(source), line \(field.line), \(title(ofColumn: column)): \(quotedValue(field.text)) may be \(numbers.decimals) or \(numbers.groups), and all values of the file fit both: give \(TableDialect.Settings.decimal) \(decimals.decimal.rawValue) for \(numbers.decimals), or \(TableDialect.Settings.thousands) \(groups.thousands.rawValue) for \(numbers.groups)"
    )
  }

  /// What commas between columns decided.
  func sentence(column: String) -> String {
    "line \(field.line), \(title(ofColumn: column)): \(quotedValue(field.text)) is read as \(numbers.decimals) and not as \(numbers.groups), since commas stand between columns, and all numbers of the column have three decimals"
  }

  /// What the model decided.
  func sentence(_ chosen: NumberReading, column: String) -> String {
    let (one, other) = numbers
    let (taken, left) = chosen.decimal == decimals.decimal ? (one, other) : (other, one)
    return
      "line \(field.line), \(title(ofColumn: column)): \(quotedValue(field.text)) is read as \(taken) and not as \(left), since the model was trained on numbers written so"
  }
}

extension NumberReading {
  /// What would make a number of a text that is none in another reading; nil if nothing would.
  static func remedy(for text: String) -> Sentence? {
    let bytes = Array(text.utf8)[...]
    guard let reading = all.first(where: { $0.amount(bytes) != nil }) else { return nil }
    let decimal: Sentence = "\(TableDialect.Settings.decimal) \(reading.decimal.rawValue)"
    return reading.thousands == .none
      ? "with \(decimal) it is one"
      : "with \(decimal) and \(TableDialect.Settings.thousands) \(reading.thousands.rawValue) it is one"
  }
}
