import Experiments
import Testing

struct HalvingTests {
  private static func settings(_ trial: Int) -> TrialSettings { TrialSettings(["units": Double(trial + 1)]) }

  /// Trials whose loss is their place in `losses`, whatever the round, made in the order that `order` brings a round into.
  private func bracket(_ halving: inout Halving, losses: [Double], order: ([Int]) -> [Int] = { $0 }) -> [Halving.Round] {
    halving.begin(Self.settings)
    var rounds: [Halving.Round] = []
    while let round = halving.round {
      rounds.append(round)
      for trial in order(round.trials) { halving.record(losses[trial % losses.count], of: trial) }
    }
    return rounds
  }

  @Test(arguments: [
    (16, 1600, 10, [100, 200, 400, 800, 1600]), (16, 1600, 300, [300, 600, 1600]), (1, 50, 10, [50]), (3, 100, 1, [50, 100]),
    (8, 10, 10, [10]), (5, 100, 7, [21, 49, 100]),
  ])
  func roundsEndAtMultiplesOfTheInterval(width: Int, iterations: Int, interval: Int, rungs: [Int]) {
    #expect(Halving(width: width, iterations: iterations, interval: interval).rungs == rungs)
  }

  @Test(arguments: [(16, 1600, 10, nil), (16, 1600, 300, 4), (1, 50, 10, nil), (3, 100, 1, nil), (8, 10, 10, 8)])
  func soManyGoOnToTheEnd(width: Int, iterations: Int, interval: Int, finalists: Int?) {
    var halving = Halving(width: width, iterations: iterations, interval: interval)
    #expect(halving.finalists == finalists)
    #expect(bracket(&halving, losses: [5, 1, 7, 3]).last?.trials.count == finalists ?? 1)
  }

  @Test func theBetterHalfGoesOn() {
    var halving = Halving(width: 8, iterations: 800, interval: 10)
    let rounds = bracket(&halving, losses: [5, 1, 7, 3, 2, 8, 4, 6])
    #expect(rounds.map(\.trials) == [Array(0..<8), [1, 3, 4, 6], [1, 4], [1]])
    #expect(rounds.map(\.iterations) == [100, 200, 400, 800])
    #expect(halving.ranking.first == 1)
    #expect(halving.trials[1].losses == [1, 1, 1, 1])
    #expect(halving.trials[2].losses == [7])
    // The next bracket is by itself.
    #expect(
      bracket(&halving, losses: [8, 7, 6, 5, 4, 3, 2, 1]).map(\.trials) == [Array(8..<16), [12, 13, 14, 15], [14, 15], [15]])
    #expect(halving.ranking.prefix(2) == [1, 15])
  }

  /// Trials run side by side, and what is faster comes first.
  @Test func theOrderOfARoundDecidesNothing() {
    let losses = [3.0, 3, 1, 9, 9, 2, 2, 5]
    var (one, other) = (Halving(width: 8, iterations: 80, interval: 1), Halving(width: 8, iterations: 80, interval: 1))
    _ = bracket(&one, losses: losses)
    _ = bracket(&other, losses: losses) { $0.reversed() }
    #expect(one == other)
  }

  @Test func aRoundThatBrokeOffGoesOn() throws {
    var halving = Halving(width: 4, iterations: 40, interval: 1)
    halving.begin(Self.settings)
    halving.record(2, of: 3)
    halving.record(1, of: 0)
    let round = try #require(halving.round)
    #expect(round.trials == [1, 2])
    #expect(round.iterations == 10)
    #expect(halving.ranking == [0, 3])
  }

  @Test func whatDivergesStays() {
    var halving = Halving(width: 4, iterations: 40, interval: 1)
    let rounds = bracket(&halving, losses: [.nan, 4, .infinity, .infinity])
    #expect(rounds.map(\.trials) == [[0, 1, 2, 3], [1], [1]])
    #expect(halving.ranking == [1])
    var none = Halving(width: 2, iterations: 40, interval: 1)
    #expect(bracket(&none, losses: [.infinity, .nan]).count == 1)
    #expect(none.ranking == [])
  }
}
