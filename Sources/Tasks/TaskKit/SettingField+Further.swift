import Support

extension SettingField {
  /// What a step reads beside its numbers.
  package static func furtherFields(elapsed: Path<String>, constants: Path<[String]>) -> [SettingField] {
    [
      .text(
        "elapsed", "COLUMN", elapsed,
        "the column of times, of which a step reads how long ago the row before was: as dt (t-lstm, cfc, ltc), as d (gru-d), or with the other numbers"
      ),
      .list(
        "static", "COLUMNS", constants,
        "the columns of numbers that are the same in all rows of a sequence: read as s (ea-lstm), or with the other numbers"),
    ]
  }
}
