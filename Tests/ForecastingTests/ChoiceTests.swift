import Engine
import Forecasting
import Foundation
import Networks
import Sequences
import Support
import Tables
import Testing

struct ChoiceTests {
  private static let normal: [Double] = {
    var random = Random(seed: 3)
    return (0..<400).map { _ in random.normal() }
  }()

  private static let likelihoods: [(Distribution, [Double])] = [
    (.relativeBernoulli, normal.map { $0 > 0 ? 1 : 0 }), (.relativeNegativeBinomial, normal.map { (abs($0) * 3).rounded() }),
    (.normal, normal),
    (.normal, normal.map { 1000 + (100 * $0).rounded() }), (.studentT, normal.enumerated().map { $0 % 20 == 0 ? $1 * 12 : $1 }),
  ]

  @Test(arguments: likelihoods)
  func theLikelihoodIsThatOfTheValues(family: Distribution, values: [Double]) throws {
    let data = try Samples.data(Samples.table(count: 400) { _, step, _ in values[step] })
    #expect(data.distribution == family)
    #expect(data.reasons.contains { $0.description.contains("\(family.name) (likelihood)") })
  }

  /// Where bands would be too narrow otherwise.
  @Test func fewStepsGetASmallNetworkAndDropout() throws {
    func data(_ count: Int) throws -> ForecastData {
      try Samples.data(Samples.table(count: count) { _, step, _ in Self.normal[step] })
    }
    // A tenth is held out.
    let small = try #require(try data(200).small)
    #expect(small.units == 16 && small.regularization.dropout > 0 && small.regularization.isVariational)
    #expect(try data(340).small == nil)
  }

  /// What is forecast begins where training ended, and goes as far as something was held out.
  @Test func forecastsAreComparedWithWhatWasHeldOut() throws {
    let wave = Samples.seasonal()
    let table = Samples.table(["a", "b"], count: 80) { series, step, _ in wave(step) + Double(series) }
    let data = try Samples.data(table, test: 10, validation: 8)
    let network = try Samples.forecaster(data).network
    let comparisons = try data.comparisons(network, machine: Machine(threads: 1), most: 4)
    #expect(comparisons.map(\.name) == ["a", "b"])
    for (number, each) in comparisons.enumerated() {
      #expect(each.past.count == 62 && each.times.count == 3 && each.paths.values.count == 3)
      #expect(each.came == (62..<65).map { wave($0) + Double(number) })
    }
    #expect(try Samples.data(table, validation: 0).comparisons(network, machine: Machine(threads: 1), most: 4).isEmpty)
  }

  @Test func aSeasonIsFound() throws {
    let wave = Samples.seasonal(noise: 0.3)
    let data = try Samples.data(Samples.table(count: 200) { _, step, _ in wave(step) })
    #expect(data.description.season == 12 && data.description.transform.difference == nil)
    // Of another length than the calendar's.
    let other = try Samples.data(
      Samples.table(count: 200) { _, step, _ in sin(2 * .pi * Double(step) / 17) + 0.3 * Self.normal[step] })
    #expect(other.description.season == 17)
  }

  @Test func whereThereIsNoSeasonNoneIsFound() throws {
    #expect(try Samples.data(Samples.table(count: 300) { _, step, _ in Self.normal[step] }).description.season == nil)
    // What changes slowly is no season.
    var values = [0.0]
    for step in 1..<400 { values.append(0.9 * values[step - 1] + Self.normal[step]) }
    #expect(try Samples.data(Samples.table(count: 400) { _, step, _ in values[step] }).description.season != 12)
  }

  /// Of few steps no weights can be told.
  @Test func aTrendOfFewStepsIsLearnedAsChanges() throws {
    let wave = Samples.seasonal(slope: 0.2)
    let data = try Samples.data(Samples.table(count: 39) { _, step, _ in wave(step) }) { $0.season = 12 }
    #expect(
      data.description.transform == ForecastTransform(isLogarithmic: false, difference: 12) && data.description.linear == nil)
    let straight = try Samples.data(Samples.table(count: 39) { _, step, _ in Double(step) + Self.normal[step] })
    #expect(straight.description.transform.difference == 1)
    #expect(try Samples.data(Samples.table(count: 40) { _, step, _ in wave(step) }).description.linear != nil)
  }

  @Test func growthIsLearnedAsLogarithms() throws {
    let wave = Samples.seasonal(noise: 0.05)
    let data = try Samples.data(Samples.table(count: 200) { _, step, _ in exp(4 + 0.02 * Double(step) + 0.2 * wave(step)) })
    #expect(data.description.transform == ForecastTransform(isLogarithmic: true, difference: nil))
    #expect(data.description.linear != nil)
  }

  private static func asking(_ change: (inout ForecastTask) -> Void) -> ForecastTask {
    var task = ForecastTask()
    task.season = 0
    change(&task)
    return task
  }

  private static let refusals: [(ForecastTask, String)] = [
    (asking { $0.likelihood = .bernoulli }, "likelihood bernoulli is for zeros and ones, and the values go from -1 to 1"),
    (asking { $0.likelihood = .negativeBinomial }, "likelihood negative-binomial is for counts: whole numbers of at least 0"),
    (asking { $0.transform = .log }, "transform log needs values above 0, and the smallest is -1"),
    (asking { $0.difference = .season }, "difference season needs a season, and none was found: give season N"),
  ]

  @Test(arguments: refusals)
  func whatDoesNotGoWithTheDataIsRefused(task: ForecastTask, message: String) {
    let table = Samples.table(count: 100) { _, step, _ in
      step % 2 == 0 ? max(-1, min(1, Self.normal[step])) : step % 4 == 1 ? -1 : 1
    }
    let error = #expect(throws: RecurrentError.self) { _ = try Samples.data(table, { $0 = task }) }
    #expect(error?.description == message)
  }

  @Test func whatLiesBetweenZeroAndOneIsNoneOfThem() {
    let table = Samples.table(count: 60) { _, step, _ in step == 20 ? 0.5 : Double(step % 2) }
    let error = #expect(throws: RecurrentError.self) { _ = try Samples.data(table) { $0.likelihood = .bernoulli } }
    #expect(error?.description == "likelihood bernoulli is for zeros and ones, and one of the values is 0.5")
  }

  @Test func tooShortSeriesAreRefused() {
    let error = #expect(throws: RecurrentError.self) {
      _ = try Samples.data(Samples.table(count: 4) { _, step, _ in Double(step % 3) + 0.5 })
    }
    #expect(
      error?.description.hasPrefix("the longest series has 4 steps, of which 1 are left to train on, and at least ") == true)
  }
}
