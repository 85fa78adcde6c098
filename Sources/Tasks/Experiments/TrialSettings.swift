/// What a search tries: the numbers of a trial.
public struct TrialSettings: Sendable, Hashable {
  /// By the keys of the ``SearchDimension``s: `learning_rate`.
  public var values: [String: Double]

  public init(_ values: [String: Double] = [:]) { self.values = values }

  public subscript(key: String) -> Double? {
    get { values[key] }
    set { values[key] = newValue }
  }
}

extension TrialSettings: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode([String: Double].self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(values)
  }
}
