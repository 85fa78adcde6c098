/// The best validation so far, and how long ago it was: what early stopping and a plateau schedule go by.
package struct BestLoss: Sendable, Hashable, Codable {
  /// The smallest loss; nil before the first one that is a number.
  package private(set) var loss: Double?
  /// The score of the weights with that loss, where scores and not losses say which are the best.
  package private(set) var score: Double?
  /// How many validations came since, none of them better.
  package private(set) var validationsSince = 0

  package init() {}

  /// Takes in a loss, and a score if that decides: the highest is the best, and of equal ones the first. NaN never is.
  ///
  /// - Returns: whether it is the best.
  @discardableResult
  package mutating func record(_ new: Double, score newScore: Double? = nil) -> Bool {
    let isBest = if let newScore { newScore > score ?? -.infinity } else { new < loss ?? .infinity }
    guard isBest else {
      validationsSince += 1
      return false
    }
    (loss, score) = (new, newScore)
    validationsSince = 0
    return true
  }

  /// Begins to count again, with the same best.
  mutating func wait() { validationsSince = 0 }
}
