/// A search by successive halving (Jamieson & Talwalkar 2016, Non-stochastic best arm identification and hyperparameter
/// optimization).
///
/// A bracket of trials is trained for few iterations; the better half of them goes on for twice as many, the better half of these
/// for twice as many again, until one has had all. So every round but the first costs half as much as training one network to the
/// end, and the first as much as training one. Rounds end with validations: where these are too few for that, all that are left
/// go on to the end together (``finalists``), and where there is but one, this is a random search. Bracket follows bracket for as
/// long as there is time; each draws settings of its own. What comes next depends on the losses alone, in whatever order trials
/// of a round are made.
package struct Halving: Sendable, Hashable, Codable {
  package struct Trial: Sendable, Hashable, Codable {
    package let settings: TrialSettings
    /// The best held-out loss at the end of each round that the trial was in; infinite if it diverged.
    package fileprivate(set) var losses: [Double] = []

    /// The best loss after the last round.
    package var loss: Double? { losses.last }
  }

  /// Trials of the same round that are still to be made.
  package struct Round: Sendable, Hashable {
    /// The bracket's number, counted from 0.
    package let bracket: Int
    package let number: Int
    /// Iterations, from the beginning of the training, after which the trials are compared.
    package let iterations: Int
    /// The trials' indices in ``Halving/trials``.
    package let trials: [Int]
  }

  /// Iterations at the end of each round.
  package let rungs: [Int]
  /// Trials that a bracket begins with.
  package let width: Int
  package private(set) var trials: [Trial] = []

  /// - Parameters:
  ///   - width: trials that a bracket begins with, at least 1.
  ///   - iterations: those of a whole training, a multiple of `interval`.
  ///   - interval: iterations between validations; rounds end at multiples of it.
  package init(width: Int, iterations: Int, interval: Int) {
    self.width = width
    var rungs = [iterations]
    var left = width
    while left > 1, let first = rungs.first, first / 2 >= interval {
      rungs.insert(first / 2 / interval * interval, at: 0)
      left /= 2
    }
    self.rungs = rungs
  }

  /// How many trials of a bracket are trained to the end, if they are more than one.
  package var finalists: Int? {
    let left = rungs.dropFirst().reduce(width) { count, _ in max(1, count / 2) }
    return left > 1 ? left : nil
  }

  /// What to do next: the rest of the last bracket's round, or nil if that bracket is done and another one may begin.
  package var round: Round? {
    guard !trials.isEmpty else { return nil }
    let bracket = trials.count / width - 1
    var field = Array(bracket * width..<trials.count)
    for (number, iterations) in rungs.enumerated() {
      let missing = field.filter { trials[$0].losses.count <= number }
      if !missing.isEmpty { return Round(bracket: bracket, number: number, iterations: iterations, trials: missing) }
      field.sort { (trials[$0].losses[number], $0) < (trials[$1].losses[number], $1) }
      field = field.prefix(max(1, field.count / 2)).filter { trials[$0].losses[number].isFinite }.sorted()
    }
    return nil
  }

  /// Begins another bracket.
  package mutating func begin(_ settings: (_ trial: Int) -> TrialSettings) {
    let first = trials.count
    trials += (first..<first + width).map { Trial(settings: settings($0)) }
  }

  /// Records the best loss that a trial has reached at the end of its round.
  package mutating func record(_ loss: Double, of trial: Int) {
    trials[trial].losses.append(loss.isNaN ? .infinity : loss)
  }

  /// The trials that have a loss, the best first.
  package var ranking: [Int] {
    func loss(_ trial: Int) -> Double { trials[trial].loss ?? .infinity }
    return trials.indices.filter { loss($0).isFinite }.sorted { (loss($0), $0) < (loss($1), $1) }
  }
}
