import Experiments
import Foundation
import LanguageModels
import Problems
import Storage
import Support
import TaskKit
import Testing
import Training

struct StudyTests {
  /// What version 0.1.0 wrote: `study` of `comparison.json` and `search.json`.
  private func firstGeneration(_ file: String) throws -> Study<TextTask> {
    struct Record: Decodable { let study: Study<TextTask> }
    let vectors = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Vectors/first-generation")
    return try decodeJSON(Data(contentsOf: vectors.appending(path: file)), as: Record.self).study
  }

  @Test(arguments: ["compare/study/comparison.json", "tune/search/search.json"])
  func studiesOfTheFirstGenerationOpen(file: String) throws {
    let study = try firstGeneration(file)
    #expect(study.command.hasPrefix("recurrent \(file.prefix { $0 != "/" }) text "))
    #expect(study.digest == "44ffb40e6f215602" && study.recipe == nil && study.options.validationInterval == 5)
  }

  /// What is gone on with is written in the form of today, and is the same study then.
  @Test func aStudyOfTheFirstGenerationIsTheSameWithItsRecipe() throws {
    let old = try firstGeneration("compare/study/comparison.json")
    var new = old
    new.recipe = Recipe(TextTask(path: "text.txt"))
    try old.check(new, "comparison", "runs/it")
    let again = try decodeJSON(json(new).utf8, as: Study<TextTask>.self)
    #expect(again == new)
    try again.check(new, "comparison", "runs/it")
    new.recipe?.training.learningRate = 0.5
    #expect(throws: RecurrentError.self) { try again.check(new, "comparison", "runs/it") }
  }
}
