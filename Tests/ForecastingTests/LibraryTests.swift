import Engine
import Forecasting
import Foundation
import Models
import Networks
import Storage
import Support
import Tables
import TaskKit
import Testing
import Training

/// What a program calls to train, to keep and to use a model that forecasts.
struct LibraryTests {
  private static let wave = (0..<60).map(Samples.seasonal(noise: 0.2))
  private static let months = (0..<60).map { "\(2000 + $0 / 12)-\($0 % 12 < 9 ? "0" : "")\($0 % 12 + 1)" }
  private static let table = DataTable(columns: ["month": months, "sales": wave])

  private static func small(_ recipe: inout Recipe<ForecastTask>) {
    (recipe.network.units, recipe.training.iterations, recipe.training.validateEvery) = (4, 6, 3)
    recipe.training.batch = 4
  }

  private static func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  private static func train(_ table: DataTable = table, folder: String? = nil) throws -> Forecaster {
    try Forecaster.train(
      on: table, target: "sales", horizon: 5, folder: folder, machine: Machine(threads: 1), configure: small)
  }

  @Test func aTableInMemoryTrainsAForecaster() throws {
    var iterations: [Int] = []
    let forecaster = try Forecaster.train(on: Self.table, target: "sales", horizon: 5, machine: Machine(threads: 1)) { report in
      iterations.append(report.iteration)
    } configure: {
      Self.small(&$0)
    }
    #expect(iterations == Array(1...6))
    #expect(forecaster.description.horizon == 5 && forecaster.description.roles.time == "month")
    #expect(forecaster.network.architecture.layers[0].units == 4)
    let forecasts = try forecaster.forecast(Self.table, samples: 200, machine: Machine(threads: 1))
    let forecast = try #require(forecasts.first)
    #expect(forecasts.count == 1 && forecast.series.isEmpty && forecast.targets == ["sales"])
    #expect(forecast.steps.map { $0.time?.description } == ["2005-01", "2005-02", "2005-03", "2005-04", "2005-05"])
    #expect(forecast.steps.map(\.number) == Array(61...65))
    for step in forecast.steps {
      #expect(step.values[0].samples.count == 200)
      #expect(step.median == step.quantile(0.5))
      // The levels of the band's ends are rounded in their last digit.
      #expect(abs(step.interval(0.8).lowerBound - step.quantile(0.1)) < 1e-12)
      #expect(abs(step.interval(0.8).upperBound - step.quantile(0.9)) < 1e-12)
      #expect(step.interval(0.8).contains(step.median))
      #expect(try (step.quantile(0)...step.quantile(1)).contains(#require(step.mean)) && step.point == step.mean)
    }
  }

  /// The weights' bits do not depend on where the table is, nor on whether the run is kept.
  @Test func aFileTrainsAsItsColumnsDo() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "sales.csv").path
    let rows = zip(Self.months, Self.wave).map { "\($0),\($1)\n" }.joined()
    try Data("month,sales\n\(rows)".utf8).write(to: URL(filePath: path))
    let run = folder.appending(path: "run").path
    let memory = try Self.train()
    let file = try Self.train(DataTable(path: path), folder: run)
    #expect(memory.network.parameters == file.network.parameters)
    // Only a file has a dialect.
    var description = file.description
    description.dialect = nil
    #expect(memory.description == description)
    #expect(memory.description.surprisalThreshold != nil)
    let configuration = try RunFolder(path: run).configuration(as: RunConfiguration<ForecastTask>.self)
    #expect(configuration.asked.task.path == path && configuration.asked.task.context == nil)
    #expect(configuration.resolved.task.roles == file.description.roles)
    #expect(configuration.resolved.task.context == file.description.context)
    let reasons = configuration.reasons.map(\.description)
    #expect(reasons.contains("training shows \(file.description.context) steps of the past (context)"))
    #expect(reasons.allSatisfy { !$0.hasPrefix("-") && !$0.contains("--") })
    #expect(configuration.resolved.task.likelihood?.rawValue == file.distribution.name)
  }

  @Test func aForecasterIsKeptInAFile() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "sales.safetensors").path
    let forecaster = try Self.train()
    try forecaster.save(to: path)
    let opened = try Forecaster(contentsOf: path)
    #expect(opened.description == forecaster.description)
    let samples = try [forecaster, opened].map { model in
      try model.forecast(Self.table, seed: 3, machine: Machine(threads: 1))[0].steps.map { $0.values[0].samples }
    }
    #expect(samples[0] == samples[1])
  }

  /// What comes first in each series is what a stream along it forecasts.
  @Test func eachSeriesGoesOnByItself() throws {
    let names = (0..<60).flatMap { _ in ["a", "b"] }
    let days = (0..<60).flatMap { [$0, $0] }
    let values = Self.wave.flatMap { [$0, 100 + $0] }
    let table = DataTable(columns: ["step": days, "store": names, "sales": values])
    let forecaster = try Forecaster.train(on: table, target: "sales", horizon: 3, machine: Machine(threads: 1)) { _ in
    } configure: {
      Self.small(&$0)
      $0.task.season = 0
    }
    let forecasts = try forecaster.forecast(table, samples: 50, machine: Machine(threads: 1))
    #expect(forecasts.map(\.series) == ["a", "b"])
    #expect(forecasts.allSatisfy { $0.steps.map { $0.time?.description } == ["60", "61", "62"] })
    #expect(forecasts[0].steps.allSatisfy { $0.median < 50 } && forecasts[1].steps.allSatisfy { $0.median > 50 })
    let evaluation = try forecaster.evaluation(on: table, last: 5, samples: 20, machine: Machine(threads: 1))
    // Two series of five steps, from each of which up to three values are forecast: 3 + 3 + 3 + 2 + 1.
    #expect(evaluation.origins == 10 && evaluation.model.count == 24)
  }

  @Test func aTrainingThatIsStoppedKeepsWhatItHas() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = folder.appending(path: "run").path
    var done = 0
    #expect(throws: CancellationError.self) {
      try Forecaster.train(on: Self.table, target: "sales", horizon: 5, folder: run, machine: Machine(threads: 1)) { _ in
        done += 1
      } configure: {
        Self.small(&$0)
      } isCancelled: {
        done == 3
      }
    }
    #expect(RunFolder(path: run).hasCheckpoint && done < 6)
  }

  private static let refusals: [(@Sendable (inout Recipe<ForecastTask>) -> Void, String)] = [
    ({ $0.task.targets = ["price"] }, "the table has no column “price”; it has “month”, “sales”"),
    (
      {
        $0.task.isWide = true
        $0.task.group = "month"
      }, "wide says that each column is a series, and group month that rows belong to several: leave one out"
    ),
    (
      { $0.network.isBidirectional = true },
      "bidirectional is not for a model that forecasts: a forecast goes from the past to the future, which can't be read from its end"
    ),
    ({ $0.training.seed = -1 }, "seed is -1; expected a whole number of at least 0"),
    ({ $0.task.transform = .log }, "transform log needs values above 0, and the smallest is"),
  ]

  @Test(arguments: refusals)
  func whatDoesNotGoTogetherIsRefused(change: @Sendable (inout Recipe<ForecastTask>) -> Void, message: String) {
    let error = #expect(throws: RecurrentError.self) {
      try Forecaster.train(on: Self.table, target: "sales", configure: change)
    }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "no error")")
  }

  @Test func aSeriesTooShortIsNamed() throws {
    let forecaster = try Forecaster.train(on: Self.table, target: "sales", horizon: 5, machine: Machine(threads: 1)) { _ in
    } configure: {
      Self.small(&$0)
      ($0.task.season, $0.task.difference) = (12, .season)
    }
    let few = DataTable(columns: ["month": ["2000-01"], "sales": [1.0]])
    let error = #expect(throws: RecurrentError.self) { _ = try forecaster.forecast(few, machine: Machine(threads: 1)) }
    #expect(error?.description == "the table has 1 step, and the model needs at least 12 to go on from")
  }
}
