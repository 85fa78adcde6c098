/// The best validation so far, and how long ago it was: what early stopping and a plateau schedule go by.
package struct BestLoss: Sendable, Hashable, Codable {
  /// The smallest loss; nil before the first one that is a number.
  package private(set) var loss: Double?
  /// How many validations came since, none of them better.
  package private(set) var validationsSince = 0

  package init() {}

  /// Takes in a loss; returns whether it is the best. NaN never is.
  @discardableResult
  package mutating func record(_ new: Double) -> Bool {
    guard new < loss ?? .infinity else {
      validationsSince += 1
      return false
    }
    loss = new
    validationsSince = 0
    return true
  }

  /// Begins to count again, with the same best.
  mutating func wait() { validationsSince = 0 }
}
