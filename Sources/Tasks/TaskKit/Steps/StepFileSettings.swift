package import Support
package import Tables

/// How a file of sequences that are rows is read by a model.
package struct StepFileSettings: EmptySettings {
  package var hasHeader: Bool?
  package var dialect = TableDialect()
  package var missing: MissingPolicy?

  package init() {}

  package static let fields: [SettingField<StepFileSettings>] =
    [
      .answer("header", \.hasHeader, "whether the first line names the columns; seen from the file if not given"),
      .choice("missing", \.missing, "what to do about missing numbers (default: as in training)"),
    ] + TableDialect.fields.map { $0.within(\.dialect) }

  /// A file as a model reads it.
  ///
  /// - Parameters:
  ///   - form: what the model reads.
  ///   - known: how the table was written that the model was trained on.
  /// - Throws: ``RecurrentError`` if missing numbers are to be masked, and the network reads no mask.
  package func table(_ path: String, form: StepForm, known: TableDialect?) throws(RecurrentError) -> DataTable {
    if missing == .mask, form.missing != .mask {
      throw RecurrentError(
        .data,
        naming:
          "the model was trained without \(Setting("missing")) mask, so that it reads no mask of what is missing: give \(Setting("missing")) interpolate"
      )
    }
    return DataTable(TableFile(path, hasHeader: hasHeader, dialect: dialect, model: known ?? .firstVersion))
  }
}
