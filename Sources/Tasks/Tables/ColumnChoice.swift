/// The choice of a column, or of none. Where it is optional, nil leaves the choice to the table.
///
///     var task = ForecastTask(path: "sales.csv")
///     task.group = .named("store")
///     task.time = ColumnChoice.none
public enum ColumnChoice: Sendable, Hashable {
  /// No column, although the table may have one that looks like it.
  case none
  /// The column of that name.
  case named(String)

  /// The column's name; nil if there is none.
  package var name: String? { if case .named(let name) = self { name } else { nil } }

  /// The column of that name, or none.
  package init(_ name: String?) { self = name.map { .named($0) } ?? .none }

  /// The choice that a word stands for: `none`, or a name.
  package init(word: String) { self = word == "none" ? .none : .named(word) }
}

extension ColumnChoice: ExpressibleByStringLiteral {
  /// The column of that name.
  public init(stringLiteral name: String) { self = .named(name) }
}

extension ColumnChoice: Codable {
  /// A text is a column's name, and `false` is no column.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let name = try? container.decode(String.self) {
      self = .named(name)
      return
    }
    guard try !container.decode(Bool.self) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "it is neither a column's name nor false")
    }
    self = .none
  }

  /// A column's name is written as a text, and no column as `false`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .none: try container.encode(false)
    case .named(let name): try container.encode(name)
    }
  }
}
