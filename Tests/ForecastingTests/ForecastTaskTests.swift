import Console
import Engine
import Forecasting
import Foundation
import Networks
import Storage
import Support
import Tables
import TaskKit
import Testing
import Training

/// The task as training and the commands know it.
struct ForecastTaskTests {
  @Test func aRecipeComesBackFromJSON() throws {
    var recipe = Recipe(ForecastTask(path: "sales.csv"))
    (recipe.task.time, recipe.task.group) = ("day", ColumnChoice.none)
    (recipe.task.likelihood, recipe.task.transform, recipe.task.difference) = (.studentT, .log, .season)
    (recipe.task.missing, recipe.task.targets, recipe.task.hasCalendar) = (.mask, ["a..c"], false)
    #expect(try decodeJSON(Array(json(recipe).utf8), as: Recipe<ForecastTask>.self) == recipe)
  }

  private static let words: [(String, String, @Sendable (ForecastTask) -> Bool)] = [
    ("time", "none", { $0.time == ColumnChoice.none }), ("group", "store", { $0.group == "store" }),
    ("header", "no", { $0.hasHeader == false }), ("missing", "mask", { $0.missing == .mask }),
    ("target", "a, b", { $0.targets == ["a", "b"] }), ("wide", "", { $0.isWide == true }),
    ("no-calendar", "", { $0.hasCalendar == false }), ("season", "0", { $0.season == 0 }),
    ("likelihood", "student-t", { $0.likelihood == .studentT }), ("validation-file", "v.csv", { $0.validationPath == "v.csv" }),
    ("test", "7", { $0.test == 7 }), ("series-embedding", "3", { $0.seriesEmbedding == 3 }),
  ]

  @Test(arguments: words)
  func settingsAreReadFromWords(name: String, text: String, holds: @Sendable (ForecastTask) -> Bool) throws {
    let field = try #require(ForecastTask.fields.first { $0.setting.name == name })
    var recipe = Recipe(ForecastTask())
    #expect(!field.isSet(recipe))
    #expect(try field.set(text, &recipe))
    #expect(field.isSet(recipe) && holds(recipe.task))
  }

  /// A folder of its own with a run of version 0.1.0 and its data.
  private static func copy(_ name: String) throws -> URL {
    let vectors = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Vectors/first-generation/\(name)")
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.copyItem(at: vectors, to: folder)
    let configuration = folder.appending(path: "run/configuration.json")
    let text = try String(contentsOf: configuration, encoding: .utf8).replacing("@HERE@", with: folder.path)
    try Data(text.utf8).write(to: configuration)
    return folder
  }

  /// The data are known to be the same by their digest.
  @Test(arguments: [
    "forecast-one-series", "forecast-groups", "forecast-counts", "forecast-zeros-and-ones", "forecast-quantiles-wide",
  ])
  func runsOfTheFirstGenerationGoOn(name: String) throws {
    let folder = try Self.copy(name)
    defer { try? FileManager.default.removeItem(at: folder) }
    var notes: [Note] = []
    var changes = TrainingSession<ForecastTask>.Changes()
    changes.iterations = 22
    let session = try TrainingSession<ForecastTask>(
      resuming: RunFolder(path: folder.appending(path: "run").path), changes: changes, notes: &notes)
    #expect(session.trainer.progress.iteration == 20 && notes.count >= 1)
    #expect(try session.run() == .finished)
    #expect(try Forecaster(contentsOf: session.folder.model).description.surprisalThreshold != nil)
  }

  @Test func aForecastModelSaysWhatPredictsWithIt() throws {
    let wave = Samples.seasonal()
    let network = try Samples.forecaster(Samples.data(Samples.table(count: 60) { _, step, _ in wave(step) })).network
    #expect(ForecastTask.owns(network))
    var other = network
    other.meaning = nil
    #expect(!ForecastTask.owns(other))
    let silent = Channel(
      abilities: Abilities(isTerminal: false, hasColours: false, hasUnicode: true), columns: { 80 },
      send: { _ throws(OutputError) in })
    let model = OpenedModel(
      network, path: "model", machine: try Machine(threads: 1), terminal: Terminal(output: silent, messages: silent))
    let error = #expect(throws: RecurrentError.self) { try ForecastTask.predict(model, on: nil, NoSettings()) }
    #expect(error?.description == "model forecasts series: `recurrent forecast` writes what comes")
  }
}
