package import TaskKit

/// The ranges that are searched by default: those of learning rate, units, layers and dropout.
package struct SearchRanges: Sendable, Hashable {
  package let learningRate: ClosedRange<Double>
  package let units: ClosedRange<Int>
  package let layers: ClosedRange<Int>
  package let dropout: ClosedRange<Double>

  package init(
    learningRate: ClosedRange<Double>, units: ClosedRange<Int>, layers: ClosedRange<Int>, dropout: ClosedRange<Double>
  ) {
    self.learningRate = learningRate
    self.units = units
    self.layers = layers
    self.dropout = dropout
  }

  /// Up to ten times more and less than a task's learning rate, four times its units, one or two layers, and dropout up to a
  /// half.
  package init(about defaults: TaskDefaults) {
    let (rate, units) = (defaults.learningRate, defaults.units)
    // Parsed from text, a tenth has no more digits than the rate; divided, it may have many.
    learningRate = (Double("\(rate)e-1") ?? rate)...(Double("\(rate)e1") ?? rate)
    self.units = max(1, units / 4)...units * 4
    layers = 1...2
    dropout = 0...0.5
  }
}

extension SearchSpace {
  /// The search space of those ranges.
  ///
  /// - Parameter variesLayers: whether units and layers are searched, which a model to start from decides.
  package init(_ ranges: SearchRanges, variesLayers: Bool = true) {
    self.init(
      [.learningRate(ranges.learningRate)] + (variesLayers ? [.units(ranges.units), .layers(ranges.layers)] : [])
        + [.dropout(ranges.dropout)])
  }
}
