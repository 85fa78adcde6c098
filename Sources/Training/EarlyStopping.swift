/// The best validation so far.
public struct BestLoss: Sendable, Hashable, Codable {
  /// The smallest loss; nil before the first one that is a number.
  public private(set) var loss: Double?
  /// How many validations came since, none of them better.
  public private(set) var validationsSince = 0

  public init() {}

  /// Takes in a loss; returns whether it is the best. NaN never is.
  @discardableResult
  public mutating func record(_ new: Double) -> Bool {
    guard new < loss ?? .infinity else {
      validationsSince += 1
      return false
    }
    loss = new
    validationsSince = 0
    return true
  }

  /// Begins to count anew, with the same best.
  mutating func wait() { validationsSince = 0 }
}

/// Ends a training that no longer gets better. Saved and read back, it goes on as if never interrupted.
public struct EarlyStopping: Sendable, Hashable, Codable {
  /// How many validations in a row may bring nothing better.
  public let patience: Int
  public private(set) var best = BestLoss()

  /// - Throws: ``OptionError`` if the patience is below 1.
  public init(patience: Int) throws(OptionError) {
    try OptionError.require(patience >= 1, "the patience is \(patience) validations; it must be at least 1")
    self.patience = patience
  }

  /// Takes in the loss of a validation; returns whether it is the best.
  @discardableResult
  public mutating func record(validation loss: Double) -> Bool { best.record(loss) }

  /// Whether the patience is at its end.
  public var isOver: Bool { best.validationsSince >= patience }
}
