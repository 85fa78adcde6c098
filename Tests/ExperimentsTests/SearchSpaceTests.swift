import Experiments
import Problems
import Storage
import Support
import TaskKit
import Testing

struct SearchSpaceTests {
  private typealias Space = SearchSpace<ProblemTask>

  private static let space = Space([.learningRate(0.0003...0.03), .units(8...128), .layers(1...3), .dropout(0.1...0.5)])

  @Test func settingsAreWithinTheRangesAndDifferFromTrialToTrial() throws {
    let drawn = (0..<400).map { Self.space.settings(trial: $0, seed: 5) }
    func numbers(_ key: String) throws -> [Double] { try drawn.map { try #require($0[key]) } }
    let (rates, units) = try (numbers("learning_rate"), numbers("units"))
    let (layers, dropout) = try (numbers("layers"), numbers("dropout"))
    #expect(rates.allSatisfy { (0.0003...0.03).contains($0) } && units.allSatisfy { (8...128).contains($0) })
    #expect(layers.allSatisfy { (1...3).contains($0) } && dropout.allSatisfy { (0.1...0.5).contains($0) })
    #expect(Set(drawn).count > 390)
    #expect(Set(layers) == [1, 2, 3])
    // On a logarithmic scale half of them lie on either side of the middle; 5 deviations of a fair coin thrown 400 times are 50.
    #expect(abs(rates.count { $0 < 0.003 } - 200) < 50)
    #expect(abs(units.count { $0 < 32 } - 200) < 50)
    // Two digits, hundredths, and whole numbers.
    #expect(dropout.allSatisfy { "\($0)".count <= 4 })
    #expect(rates.allSatisfy { $0 < 0.001 || "\($0)".count <= 6 })
    #expect(units.allSatisfy { $0 == $0.rounded() })
  }

  @Test func theSeedDecides() {
    let settings = Self.space.settings(trial: 7, seed: 1)
    #expect(settings == Self.space.settings(trial: 7, seed: 1))
    #expect(settings != Self.space.settings(trial: 7, seed: 2))
  }

  @Test func aRangeOfOneIsThatOne() {
    let space = Space([.learningRate(0.00123...0.00123), .units(17...17), .layers(2...2), .dropout(0.125...0.125)])
    #expect(
      space.settings(trial: 3, seed: 0)
        == TrialSettings(["learning_rate": 0.00123, "units": 17, "layers": 2, "dropout": 0.125]))
  }

  /// What version 0.1.0 drew, which its searches go on with: trials 2 and 3 of Tests/Vectors/first-generation/tune.
  @Test func theSameSeedDrawsWhatItAlwaysDid() {
    let space = Space([.learningRate(0.002...0.02), .units(3...5), .layers(1...2), .dropout(0...0.4)])
    #expect(
      space.settings(trial: 1, seed: 3)
        == TrialSettings(["learning_rate": 0.0038, "units": 4, "layers": 2, "dropout": 0.08]))
    #expect(
      space.settings(trial: 2, seed: 3)
        == TrialSettings(["learning_rate": 0.019, "units": 4, "layers": 2, "dropout": 0.33]))
  }

  @Test func settingsGoWhereARecipeKeepsThem() {
    let space = Space([.units(8...128), .number("clip", \.training.clip, in: 1...10)])
    var recipe = Recipe(ProblemTask(name: "adding"))
    recipe.training.seed = 3
    let varied = space.recipe(recipe, with: TrialSettings(["units": 20, "clip": 2.5]))
    #expect(varied.network.units == 20 && varied.training.clip == 2.5 && varied.training.seed == 3)
    #expect(space.recipe(varied, with: TrialSettings()) == recipe)
    #expect(space.nearest(to: varied) == TrialSettings(["units": 20, "clip": 2.5]))
    // What is above the range, and what nothing is said of.
    recipe.network.units = 500
    #expect(space.nearest(to: recipe) == TrialSettings(["units": 128, "clip": 1]))
  }

  @Test func settingsAreKeptUnderTheirNames() throws {
    let settings = TrialSettings(["learning_rate": 0.0038, "units": 4])
    #expect(json(settings) == #"{"learning_rate":0.0038,"units":4}"#)
    #expect(try decodeJSON(json(settings).utf8) == settings)
  }
}
