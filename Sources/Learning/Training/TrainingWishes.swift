/// What a process wants of the training that several make together: what one wants is done by all, after the same iteration.
package struct TrainingWishes: Sendable, Hashable {
  /// To save and stop.
  package var stops = false
  /// To save.
  package var saves = false

  package init(stops: Bool = false, saves: Bool = false) {
    self.stops = stops
    self.saves = saves
  }

  func or(_ other: TrainingWishes) -> TrainingWishes {
    TrainingWishes(stops: stops || other.stops, saves: saves || other.saves)
  }
}
