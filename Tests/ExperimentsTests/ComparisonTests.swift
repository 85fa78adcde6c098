import Experiments
import Problems
import Support
import Synchronization
import TaskKit
import Testing

/// Comparisons that a program makes.
struct ComparisonTests {
  /// Adding, over few steps.
  private static func recipe(_ iterations: Int = 6) -> Recipe<ProblemTask> {
    var recipe = Recipe(ProblemTask(name: "adding", length: 8))
    (recipe.network.units, recipe.training.iterations, recipe.training.validateEvery) = (4, iterations, 3)
    return recipe
  }

  @Test func twoCellsAreComparedFromSwift() throws {
    let folder = try StudyFixture()
    let seen = Mutex<Set<String>>([])
    let report = try Comparison.run(
      Self.recipe(), cells: [.named("gru"), .named("lstm", units: 3)], seeds: 2, output: folder("study")
    ) { progress in
      seen.withLock { _ = $0.insert("\(progress.run) \(progress.iteration)") }
    }
    #expect(Set(report.entries.map(\.cell)) == ["gru", "lstm"])
    #expect(report.entries.first { $0.cell == "lstm" }?.units == 3 && report.entries.first { $0.cell == "gru" }?.units == 4)
    for run in report.entries.flatMap(\.runs) {
      #expect(run.result.iterations == 6 && run.result.failure == nil && run.result.score != nil)
      #expect(run.result.validation.map { $0 > 0 && $0.isFinite } == true)
    }
    let runs = ["gru-0", "gru-1", "lstm-0", "lstm-1"]
    #expect(seen.withLock { $0 } == Set(runs.flatMap { run in (1...6).map { "\(run) \($0)" } }))
    #expect(try folder.contents("study") == ["chart.svg", "comparison.json"] + runs + ["report.html"])
    #expect(
      try folder.contents("study/gru-1")
        == ["checkpoint.safetensors", "configuration.json", "log.jsonl", "model.safetensors", "report.html", "result.json"])
  }

  @Test func theSameCallFindsItsRunsAndMoreIterationsGoOn() throws {
    let folder = try StudyFixture()
    func run(_ iterations: Int, into name: String) throws -> [RunResult] {
      try Comparison.run(Self.recipe(iterations), cells: [.named("gru")], seeds: 1, output: folder(name))
        .entries.flatMap(\.runs).map(\.result)
    }
    let first = try run(6, into: "study")
    // Seconds and all: nothing was trained again.
    #expect(try run(6, into: "study") == first)
    let longer = try run(12, into: "study")
    #expect(longer.map(\.iterations) == [12])
    _ = try run(12, into: "whole")
    #expect(try folder.read("study/gru-0/model.safetensors") == folder.read("whole/gru-0/model.safetensors"))
    #expect(throws: RecurrentError.self) { try run(6, into: "study") }
  }

  @Test func anInterruptedComparisonGoesOnAsIfItHadNeverStopped() throws {
    let folder = try StudyFixture()
    func run(_ name: String, until isInterrupted: @escaping @Sendable () -> Bool = { false }) throws -> ComparisonReport {
      try Comparison.run(
        Self.recipe(), cells: [.named("gru"), .named("rnn")], seeds: 1, output: folder(name), isInterrupted: isInterrupted)
    }
    let asked = Atomic(0)
    let stopped = try run("study") { asked.add(1, ordering: .relaxed).newValue > 4 }
    #expect(stopped.ended < stopped.runs && stopped.runs == 2)
    #expect(try run("study").ended == 2)
    _ = try run("whole")
    for name in ["gru-0", "rnn-0"] {
      #expect(try folder.read("study/\(name)/model.safetensors") == folder.read("whole/\(name)/model.safetensors"))
    }
  }

  @Test func weightsAreAskedForInPlaceOfUnits() throws {
    let folder = try StudyFixture()
    var recipe = Self.recipe(1)
    recipe.network.units = nil
    let report = try Comparison.run(
      recipe, cells: [.named("rnn"), .named("lstm")], seeds: 1, parameters: 300, output: folder("study"))
    // An LSTM of 8 units has 73 weights more than one of 7, a plain network of 16 has 35 more than one of 15; the nearest is off by half of that
    // at most.
    #expect(report.entries.allSatisfy { abs($0.weights - 300) < 37 })
    #expect(Set(report.entries.map(\.units)).count == 2)
  }

  @Test func anotherComparisonIsRefused() throws {
    let folder = try StudyFixture()
    _ = try Comparison.run(Self.recipe(1), cells: [.named("gru")], seeds: 1, output: folder("study"))
    var other = Self.recipe(1)
    other.training.learningRate = 0.5
    let error = #expect(throws: RecurrentError.self) {
      try Comparison.run(other, cells: [.named("gru")], seeds: 1, output: folder("study"))
    }
    #expect(
      error?.description
        == "\(folder("study")) holds another comparison, of `Comparison.run(problem)`: name another folder as output, or take up that one"
    )
    let twice = #expect(throws: RecurrentError.self) {
      try Comparison.run(Self.recipe(1), cells: [.named("gru"), .named("gru")], output: folder("twice"))
    }
    #expect(twice?.description == "cells names gru twice")
  }

  /// A task that only has a name.
  private struct Wish: LearningTask {
    static let kind = "wish"
    static let version = 1
  }

  @Test func aTaskThatCantBeTrainedIsRefused() throws {
    #expect(throws: RecurrentError.self) { try Comparison.run(Recipe(Wish()), cells: [.named("gru")]) }
  }
}

/// Searches that a program makes.
struct TuningTests {
  private static var recipe: Recipe<ProblemTask> {
    var recipe = Recipe(ProblemTask(name: "adding", length: 8))
    (recipe.training.iterations, recipe.training.validateEvery) = (4, 1)
    return recipe
  }

  @Test func settingsAreSearchedFromSwift() throws {
    let folder = try StudyFixture()
    func run() throws -> TuningReport<ProblemTask> {
      try Tuning.run(
        Self.recipe, searching: [.learningRate(0.001...0.1), .units(3...6)], minutes: 0.02, trials: 4, output: folder("search"))
    }
    let report = try run()
    #expect(report.trials.map(\.validation) == report.trials.map(\.validation).sorted())
    let best = report.best
    #expect(best.number == report.trials[0].number && best.folder == folder("search/trial-\(best.number)"))
    #expect(best.recipe.training.learningRate == best.settings["learning_rate"])
    #expect(best.recipe.network.units.map(Double.init) == best.settings["units"])
    // The first trial is what training does by itself, as near as the ranges have it.
    let first = try #require(report.trials.first { $0.number == 1 })
    #expect(first.settings == TrialSettings(["learning_rate": 0.001, "units": 6]))
    // What has been tried stays, and more is tried.
    let again = try run()
    #expect(again.trials.count >= report.trials.count)
    #expect(again.trials.first { $0.number == 1 }?.settings == first.settings)
  }

  @Test func aRangeThatCantBeSearchedIsRefused() throws {
    let folder = try StudyFixture()
    let error = #expect(throws: RecurrentError.self) {
      try Tuning.run(Self.recipe, searching: [.learningRate(0...0.1)], output: folder("search"))
    }
    #expect(error?.description == "learningRate is searched from 0 on a logarithmic scale, which begins above 0")
    #expect(throws: RecurrentError.self) { try Tuning.run(Self.recipe, searching: [], output: folder("search")) }
  }
}
