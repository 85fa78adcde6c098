/// Series that are forecast by their linear autoregressions alone, since the network's part brought them nothing where they were held out.
package struct LinearAlone: Sendable, Hashable, Codable {
  /// The names of the series.
  package let series: Set<String>
  /// The numbers that stand in the place of what the network gives at a step, by which what is left is spread about what is expected.
  let outputs: [Float]
}

extension Forecaster {
  /// What the network gives for steps of a series, or what stands in its place.
  ///
  /// - Parameter given: `[steps, outputs]`
  func outputs(_ given: [Float], of series: String) -> [Float] {
    guard let alone = description.linearAlone, alone.series.contains(series) else { return given }
    return Array(repeatElement(alone.outputs, count: given.count / alone.outputs.count).joined())
  }
}
