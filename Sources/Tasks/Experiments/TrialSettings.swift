/// The numbers that a trial of a search uses.
package struct TrialSettings: Sendable, Hashable {
  /// The numbers by the keys of the ``SearchDimension``s: `learning_rate`.
  package var values: [String: Double]

  package init(_ values: [String: Double] = [:]) { self.values = values }

  package subscript(key: String) -> Double? {
    get { values[key] }
    set { values[key] = newValue }
  }
}

extension TrialSettings: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode([String: Double].self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(values)
  }
}
