/// Chooses the number of units that gives a network about as many weights as are asked for.
package enum WeightBudget {
  /// The number of units, from 1 to `most`, with which the weights are nearest to `target`; of two that are equally near the
  /// smaller one.
  ///
  /// - Parameter weights: the weights of a network with a number of units; nil if there is no such network, as a cell may need
  ///   more units. They must not fall as units are added.
  /// - Returns: nil if no number of units gives a network, or even the smallest one has more than `target`.
  package static func units(for target: Int, most: Int = 65_536, weights: (Int) -> Int?) -> Int? {
    var (low, high) = (1, 1)
    while high < most, weights(high) ?? 0 < target { (low, high) = (high, min(most, 2 * high)) }
    // The weights of `low` are below the target, unless it is 1, and those of `high` are not, unless it is the most.
    while high - low > 1 {
      let middle = (low + high) / 2
      if weights(middle) ?? 0 < target { low = middle } else { high = middle }
    }
    guard let above = weights(high) else { return nil }
    guard let below = weights(low), below <= target else { return above == target ? high : nil }
    return target - below <= abs(above - target) ? low : high
  }
}
