import CellLanguage
import Foundation
import Networks
import Support
import Testing

struct DistributionTests {
  static let families: [(Distribution, [Float], [Double])] = [
    (.normal, [0.5, -1], [0.5, -2, 8]),
    (.normal, [0.5, -40], [0.5, 0.52]),
    (.studentT, [-0.25, 0.5, 1], [0, -3, 100]),
    (.studentT, [-0.25, 0.5, 40], [0, -3]),
    (.negativeBinomial, [1.5, 0], [0, 3, 40]),
    (.negativeBinomial, [-2, 2], [0, 1, 7]),
    (.bernoulli, [-1.5], [0, 1]),
    (.bernoulli, [14], [0, 1]),
    (.quantiles([0.2, 0.6]), [-1, 1.5], [-3, 0, 4]),
  ]

  /// The loss and its derivatives against the density's formula and its central differences in Double. A difference over 1e-6 of a loss of
  /// order L is off by 1e-16 L / 1e-6, and by 1e-12 times a third derivative, which grows with the loss too; derivatives are rounded to Float.
  @Test(arguments: families)
  func lossesAreThoseOfTheDensity(family: Distribution, given: [Float], values: [Double]) {
    for value in values {
      var derivatives = given
      let loss = family.loss(of: value, &derivatives)
      let reference = { (given: [Double]) in ReferenceDistribution(family, given).loss(of: value) }
      let exact = given.map(Double.init)
      #expect(abs(loss - reference(exact)) <= 1e-9 * max(1, abs(loss)))
      for place in given.indices {
        let step = 1e-6
        var (raised, lowered) = (exact, exact)
        raised[place] += step
        lowered[place] -= step
        let difference = (reference(raised) - reference(lowered)) / (2 * step)
        let bound = 1e-8 * max(1, abs(loss)) + 0x1p-23 * abs(difference)
        #expect(abs(Double(derivatives[place]) - difference) <= bound, "\(family) at \(value), number \(place)")
      }
    }
  }

  /// What the network gives is relative to the level: the loss and its derivatives, as above, at levels below 1 and above.
  @Test(arguments: [0.01, 0.5, 1, 20, 60])
  func relativeLossesAreThoseOfTheDensity(level: Double) {
    let family = Distribution.relativeNegativeBinomial
    let given: [Float] = [0.25, -0.5]
    for value in [0, 1, 30] as [Double] {
      var derivatives = given
      let loss = family.loss(of: value, &derivatives, level: level)
      let reference = { (given: [Double]) in ReferenceDistribution(family, given, level: level).loss(of: value) }
      let exact = given.map(Double.init)
      #expect(abs(loss - reference(exact)) <= 1e-9 * max(1, abs(loss)))
      for place in given.indices {
        let step = 1e-6
        var (raised, lowered) = (exact, exact)
        raised[place] += step
        lowered[place] -= step
        let difference = (reference(raised) - reference(lowered)) / (2 * step)
        let bound = 1e-8 * max(1, abs(loss)) + 0x1p-23 * abs(difference)
        #expect(abs(Double(derivatives[place]) - difference) <= bound, "\(value), number \(place)")
      }
    }
  }

  /// A series of zeros and ones has the odds of its own share of ones as its level.
  @Test(arguments: [0, 0.01, 0.2, 0.5, 0.97, 1])
  func relativeProbabilitiesAreThoseOfTheLevelsOdds(level: Double) {
    let share = min(max(level, 0.01), 0.99)
    let family = Distribution.relativeBernoulli
    #expect(abs(family.parameters(of: [0] as [Float], level: level)[0] - share) <= 1e-12)
    for value in [0, 1] as [Double] {
      var derivatives: [Float] = [0.25]
      let loss = family.loss(of: value, &derivatives, level: level)
      let odds = share / (1 - share) * exp(0.25)
      let probability = odds / (1 + odds)
      #expect(abs(loss + log(value == 1 ? probability : 1 - probability)) <= 1e-12)
      // A Float has 24 bits.
      #expect(abs(Double(derivatives[0]) - (probability - value)) <= 0x1p-24)
    }
    #expect(Distribution(named: "bernoulli", isRelative: true) == .relativeBernoulli && family != .bernoulli)
  }

  /// A network that gives zeros forecasts the level itself, however large it is, and a level of 1 changes nothing.
  @Test func theLevelIsTheMeanOfANetworkThatGivesZeros() {
    for level in [0.01, 1, 3e7] {
      #expect(Distribution.relativeNegativeBinomial.parameters(of: [0, 0] as [Float], level: level)[0] == level)
    }
    let given: [Float] = [0.3, -1]
    #expect(
      Distribution.relativeNegativeBinomial.parameters(of: given) == Distribution.negativeBinomial.parameters(of: given))
    #expect(Distribution(named: "normal", isRelative: true) == nil)
    #expect(Distribution(named: "negative-binomial", isRelative: true) == .relativeNegativeBinomial)
    #expect(Distribution.relativeNegativeBinomial != .negativeBinomial)
  }

  /// Probabilities of counts add up to 1: what is beyond 3,000 is less than 1e-12 of it here.
  @Test func countsHaveAProbabilityEach() {
    for given in [[1.5, 0], [3, -2]] as [[Float]] {
      let sum = (0..<3000).reduce(0.0) { sum, count in
        var given = given
        return sum + exp(-Distribution.negativeBinomial.loss(of: Double(count), &given))
      }
      #expect(abs(sum - 1) < 1e-9)
    }
  }

  private static let moments: [(Distribution, [Double], Double, Double)] = [
    (.normal, [2, 3], 2, 9), (.studentT, [1, 2, 7], 1, 5.6), (.negativeBinomial, [4, 0.5], 4, 12),
    (.negativeBinomial, [60, 0.01], 60, 96), (.bernoulli, [0.3], 0.3, 0.21),
  ]

  /// Means and variances of 40,000 samples lie within five of their standard errors.
  @Test(arguments: moments)
  func samplesHaveMeanAndVariance(family: Distribution, parameters: [Double], mean: Double, variance: Double) {
    var random = Random(seed: 7)
    let count = 40_000
    let samples = (0..<count).map { _ in family.sample(parameters, using: &random) }
    let own = samples.reduce(0, +) / Double(count)
    let squares = samples.map { ($0 - mean) * ($0 - mean) }
    let ownVariance = squares.reduce(0, +) / Double(count)
    let error = sqrt(squares.reduce(0) { $0 + ($1 - ownVariance) * ($1 - ownVariance) } / Double(count)) / sqrt(Double(count))
    #expect(abs(own - mean) < 5 * sqrt(variance / Double(count)))
    #expect(abs(ownVariance - variance) < 5 * error)
  }

  /// The share of samples below each quantile is its level, to five standard errors.
  @Test func samplesOfQuantilesHaveTheQuantiles() {
    let levels = [0.1, 0.5, 0.9]
    let quantiles = [-1.0, 0.5, 4]
    var random = Random(seed: 8)
    let samples = (0..<40_000).map { _ in Distribution.quantiles(levels).sample(quantiles, using: &random) }
    for (level, quantile) in zip(levels, quantiles) {
      let fraction = Double(samples.count { $0 < quantile }) / 40_000
      #expect(abs(fraction - level) < 5 * sqrt(level * (1 - level) / 40_000))
    }
  }

  @Test func quantilesInAnotherOrderAreSorted() {
    #expect(Distribution.quantiles([0.1, 0.5, 0.9]).parameters(of: [2, -1, 0.5] as [Float]) == [-1, 0.5, 2])
  }

  @Test(arguments: [[0.5, 0.1], [0, 0.5], [0.5, 1]])
  func levelsMustRise(levels: [Double]) {
    #expect(throws: RecurrentError.self) {
      try Network(input: .features(1), layers: [.init(.lstm, units: 2)], output: .distribution(.quantiles(levels), targets: 1))
    }
  }
}
