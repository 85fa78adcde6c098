import Foundation
import Networks
import Support
import Testing

struct SamplerTests {
  private let logits: [Float] = [1, 3, 0, 2, 3, -50]

  private func probabilities(temperature: Double, of classes: [Int]) -> [Double] {
    let weights = logits.indices.map { classes.contains($0) ? exp(Double(logits[$0]) / temperature) : 0 }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// A count is binomial: five of its deviations away is one in two million, and the draws are the same each time.
  private func expect(_ sampler: Sampler, draws expected: [Double]) {
    var sampler = sampler
    var counts = [Int](repeating: 0, count: logits.count)
    let draws = 20_000
    for _ in 0..<draws { counts[sampler.pick(logits: logits)] += 1 }
    for (count, fraction) in zip(counts, expected) {
      let deviation = (Double(draws) * fraction * (1 - fraction)).squareRoot()
      #expect(abs(Double(count) - Double(draws) * fraction) <= 5 * deviation)
    }
  }

  @Test(arguments: [0.5, 1, 2, 100])
  func drawsFromTheSoftmax(temperature: Double) throws {
    expect(try Sampler(temperature: temperature), draws: probabilities(temperature: temperature, of: Array(logits.indices)))
  }

  @Test(
    arguments: [(1, [1]), (2, [1, 4]), (3, [1, 3, 4]), (6, [0, 1, 2, 3, 4, 5]), (99, [0, 1, 2, 3, 4, 5])] as [(Int, [Int])])
  func topKLeavesTheLikeliest(count: Int, classes: [Int]) throws {
    expect(try Sampler(topK: count, seed: 4), draws: probabilities(temperature: 1, of: classes))
  }

  /// The classes have the shares 0.06, 0.40, 0.02, 0.15, 0.40 and nothing: the fewest that together reach the share are left.
  @Test(
    arguments: [(0.1, [1]), (0.39, [1]), (0.41, [1, 4]), (0.85, [1, 3, 4]), (0.96, [0, 1, 3, 4]), (1, [0, 1, 2, 3, 4])]
      as [(Double, [Int])])
  func topPLeavesTheLikeliestThatReachTheFraction(fraction: Double, classes: [Int]) throws {
    expect(try Sampler(topP: fraction, seed: 4), draws: probabilities(temperature: 1, of: classes))
  }

  @Test func bothLimitsHold() throws {
    expect(try Sampler(topK: 3, topP: 0.41, seed: 4), draws: probabilities(temperature: 1, of: [1, 4]))
    expect(try Sampler(topK: 2, topP: 0.99, seed: 4), draws: probabilities(temperature: 1, of: [1, 4]))
  }

  @Test(arguments: [0, 1e-300])
  func noTemperatureTakesTheLikeliest(temperature: Double) throws {
    var sampler = try Sampler(temperature: temperature, seed: 1)
    let picked = (0..<20).map { _ in sampler.pick(logits: [-1, 0.5, 0.25]) }
    #expect(picked == Array(repeating: 1, count: 20))
  }

  @Test func theSeedDecides() throws {
    func draws(_ seed: UInt64) throws -> [Int] {
      var sampler = try Sampler(temperature: 2, seed: seed)
      return (0..<50).map { _ in sampler.pick(logits: logits) }
    }
    #expect(try draws(1) == draws(1))
    #expect(try draws(1) != draws(2))
  }

  @Test(arguments: [[Float.infinity, 0, 1], [.nan, 1, 2], [-.infinity, -.infinity]])
  func logitsThatWentWrongAreSurvived(logits: [Float]) throws {
    var sampler = try Sampler(topK: 2, topP: 0.5)
    #expect(logits.indices.contains(sampler.pick(logits: logits)))
  }

  @Test(
    arguments: [
      (-1, nil, nil, "the temperature is -1.0; it must be at least 0"),
      (.nan, nil, nil, "the temperature is nan; it must be at least 0"),
      (.infinity, nil, nil, "the temperature is inf; it must be at least 0"),
      (1, 0, nil, "top-k is 0; it must be at least 1"),
      (1, nil, 0, "top-p is 0.0; it must be above 0 and at most 1"),
      (1, nil, 1.5, "top-p is 1.5; it must be above 0 and at most 1"),
    ] as [(Double, Int?, Double?, String)])
  func refusesWhatMakesNoSense(temperature: Double, topK: Int?, topP: Double?, message: String) {
    let error = #expect(throws: RecurrentError.self) { try Sampler(temperature: temperature, topK: topK, topP: topP) }
    #expect(error?.description == message)
  }
}
