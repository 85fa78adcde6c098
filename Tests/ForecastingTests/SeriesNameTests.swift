import Engine
import Forecasting
import Foundation
import Networks
import Sequences
import Support
import Tables
import Testing
import Models

struct SeriesNameTests {
  private static let values = (0..<60).map(Samples.seasonal(noise: 0.3))
  private static let names = ["north", "south", "<unk>", "far, far away"]

  private static func data(_ names: [String] = names, embedding: Int? = 3) throws -> ForecastData {
    try Samples.data(Samples.table(names, count: 60) { series, step, _ in Double(series) + values[step] }) {
      $0.seriesEmbedding = embedding
    }
  }

  private static func symbols(_ batch: Batch) throws -> [Int32] {
    try #require(batch.inputs.parts[0] as? SymbolRows).symbols
  }

  /// Some windows have no name, so that the vector of unknown series is learned; the others have their own, all along.
  @Test func oneWindowInTenHasNoName() throws {
    let data = try Self.data()
    var counts: [Int32: Int] = [:]
    for iteration in 0..<400 {
      let batch = data.training.batch(at: iteration)
      let symbols = try Self.symbols(batch)
      for sequence in 0..<batch.lengths.batch {
        let own = (0..<batch.lengths.perSequence[sequence]).map { symbols[batch.lengths.row(step: $0, sequence: sequence)] }
        #expect(Set(own).count == 1)
        counts[own[0], default: 0] += 1
      }
    }
    // A series that is called like the unknown ones is one of them.
    #expect(Set(counts.keys) == [0, 1, 2, 3])
    let windows = Double(counts.values.reduce(0, +))
    // A quarter of the windows is of the series without a symbol of its own, and a tenth of the others is not told. Of 1600 draws with
    // a share p the deviation is √(p (1 - p) / 1600), at most 0.0125: four of them.
    #expect(abs(Double(counts[0] ?? 0) / windows - (0.25 + 0.75 * 0.1)) < 0.05)
  }

  @Test func validationTellsAllNames() throws {
    let data = try Self.data(["north", "south", "west"])
    let validation = try #require(data.validation)
    #expect(Set(try Self.symbols(validation.batch(at: 0))) == [1, 2, 3])
  }

  @Test func aSeriesThatWasNotTrainedOnIsUnknown() throws {
    let forecaster = try Samples.forecaster(Self.data())
    #expect(forecaster.names.lack("west") && !forecaster.names.lack("north"))
    let runner = NetworkRunner(forecaster.network, machine: try Machine(threads: 1), trains: false)
    func median(_ name: String) throws -> Double {
      let stream = ForecastStream(forecaster, series: name, runner: runner)
      for step in 0..<40 { try stream.observe(time: nil, known: [], values: [Self.values[step]]) }
      return try stream.paths(9, times: [nil], known: [[]], seed: 1).quantile(0.5, step: 0, target: 0)
    }
    #expect(try median("west") == median("east"))
    // Scaled alike, so that nothing but the vector differs.
    var renamed = forecaster.description
    for name in ["north", "south", "west"] { renamed.seriesScaling[name] = renamed.scaling }
    var network = forecaster.network
    network.meaning = renamed.text
    let alike = try Forecaster(network, path: "model")
    func first(_ name: String) throws -> Double? {
      let stream = ForecastStream(alike, series: name, runner: runner)
      let surprisals = try (0..<14).map { try stream.observe(time: nil, known: [], values: [Self.values[$0]]) }
      return surprisals.last ?? nil
    }
    #expect(try first("north") != first("south"))
    #expect(try first("north") != first("west"))
  }

  @Test func withoutNamesNothingIsLacked() throws {
    let forecaster = try Samples.forecaster(Self.data(embedding: nil))
    #expect(!forecaster.names.lack("west"))
    #expect(forecaster.network.architecture.input == .features(forecaster.description.inputWidth))
  }

  @Test func aSingleSeriesHasNoUseForAName() {
    let error = #expect(throws: RecurrentError.self) { _ = try Self.data([""]) }
    #expect(
      error?.description
        == "seriesEmbedding tells series apart, and there is only one: leave it out, or name its column with group")
  }
}
