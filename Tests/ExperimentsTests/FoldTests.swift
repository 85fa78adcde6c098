import Classification
import Engine
import Experiments
import Foundation
import Support
import Synchronization
import TaskKit
import Testing

struct FoldTests {
  /// Sequences of two labels, one of them rarer; a third label has a single one.
  private static let table =
    "id,x,label\n"
    + (0..<31).map { sequence in
      let label = sequence == 30 ? "only" : sequence % 3 == 0 ? "down" : "up"
      return (0..<(3 + sequence % 3)).map { step in
        "s\(sequence),\(label == "down" ? -step : step + sequence % 2),\(label)\n"
      }.joined()
    }.joined()

  private static func recipe(_ fixture: StudyFixture) throws -> Recipe<ClassifyTask> {
    let path = fixture("t.csv")
    try Data(table.utf8).write(to: URL(filePath: path))
    var recipe = Recipe(ClassifyTask(path: path))
    (recipe.task.group, recipe.task.target) = ("id", ["label"])
    (recipe.network.units, recipe.training.batch, recipe.training.seed) = (4, 8, 3)
    (recipe.training.iterations, recipe.training.validateEvery, recipe.training.learningRate) = (40, 10, 0.03)
    return recipe
  }

  @Test func eachPartIsHeldOutOnceAndThenNothing() throws {
    let fixture = try StudyFixture()
    let recipe = try Self.recipe(fixture)
    let report = try CrossValidation.run(recipe, folds: 4, output: fixture("cv"), machine: Machine(threads: 1))
    #expect(report.folds.map(\.number) == [1, 2, 3, 4])
    // The only sequence of its label is trained on each time.
    #expect(report.folds.reduce(0) { $0 + ($1.answers ?? 0) } == 30)
    #expect(report.folds.allSatisfy { (6...9).contains($0.answers ?? 0) && $0.failure == nil }, "\(report.folds)")
    let right = report.folds.reduce(0) { $0 + ($1.score ?? 0) * Double($1.answers ?? 0) }
    #expect(abs((report.score ?? 0) - right / 30) < 1e-9)
    let interval = try #require(report.interval)
    #expect(interval.contains(report.score ?? 2) && interval.upperBound - interval.lowerBound < 0.4)
    let best = report.folds.compactMap(\.bestIteration).sorted()
    #expect(report.iterations == best[best.count / 2])
    let model = try #require(report.model)
    let classifier = try Classifier(contentsOf: model)
    #expect(classifier.description.counts.reduce(0, +) == 31, "all sequences are trained on")

    // The same call finds it all.
    let again = try CrossValidation.run(recipe, folds: 4, output: fixture("cv"), machine: Machine(threads: 1)) { _ in
      Issue.record("nothing is left to train")
    }
    #expect(again == report)
    #expect(throws: RecurrentError.self) { try CrossValidation.run(recipe, folds: 3, output: fixture("cv")) }
  }

  @Test func itGoesOnWhereItWasStopped() throws {
    let fixture = try StudyFixture()
    let recipe = try Self.recipe(fixture)
    let whole = try CrossValidation.run(recipe, folds: 3, output: fixture("whole"), machine: Machine(threads: 1))
    let count = Counter()
    let part = try CrossValidation.run(
      recipe, folds: 3, output: fixture("part"), machine: Machine(threads: 1), isInterrupted: { count.next() > 45 })
    #expect(part.model == nil && part.folds.count < 3)
    let rest = try CrossValidation.run(recipe, folds: 3, output: fixture("part"), machine: Machine(threads: 1))
    #expect(rest.folds == whole.folds && rest.iterations == whole.iterations)
    #expect(try fixture.read("part/all/model.safetensors") == fixture.read("whole/all/model.safetensors"))
  }

  @Test func whatMakesNoSenseIsRefused() throws {
    let fixture = try StudyFixture()
    var recipe = try Self.recipe(fixture)
    recipe.task.validation = 0.2
    let error = #expect(throws: RecurrentError.self) { try CrossValidation.run(recipe, folds: 3, output: fixture("cv")) }
    #expect(
      error?.description == "give either folds, which holds out each part once, or validation, not both",
      "\(String(describing: error))")
  }

  /// Counts calls from any thread.
  private final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
      count.withLock { count in
        count += 1
        return count
      }
    }
  }
}
