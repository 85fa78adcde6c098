import Classification
import Networks
import Sequences
import Storage
import Support
import Tables
import TaskKit
import Testing
import Training

struct ClassifyTaskTests {
  private func recipe(_ settings: [(String, String)]) throws -> Recipe<ClassifyTask> {
    var recipe = Recipe(ClassifyTask(path: "t.csv"))
    for (name, text) in settings {
      let field = try #require(Recipe<ClassifyTask>.fields.first { $0.setting.name == name })
      #expect(!field.isSet(recipe))
      #expect(try field.set(text, &recipe))
      #expect(field.isSet(recipe))
    }
    return recipe
  }

  @Test func settingsMakeARecipeThatIsKeptAsJSON() throws {
    let recipe = try recipe([
      ("target", "a,b"), ("columns", "x..z"), ("group", "none"), ("separator", "|"), ("missing", "mask"), ("readout", "max"),
      ("class-weights", "balanced"), ("validation-file", "other.csv"), ("header", "no"), ("units", "7"),
    ])
    #expect(recipe.task.target == ["a", "b"] && recipe.task.columns == ["x..z"])
    #expect(recipe.task.group == nil && recipe.task.hasSequenceInEachRow == true)
    #expect(recipe.task.separator == "|" && recipe.task.hasSingleLabels == nil)
    #expect(recipe.task.readout == .max && recipe.task.hasHeader == false && recipe.network.units == 7)
    #expect(try decodeJSON(json(recipe).utf8, as: Recipe<ClassifyTask>.self) == recipe)
  }

  @Test func noLabelIsFoundAtEachStep() throws {
    let field = try #require(Recipe<ClassifyTask>.fields.first { $0.setting.name == "readout" })
    #expect(field.choices == ["last", "mean", "max"])
    var recipe = Recipe(ClassifyTask())
    #expect(try !field.set("every-step", &recipe))
    #expect(!field.isSet(recipe))
  }

  /// What is chosen is in the resolved recipe, which gives the same training again.
  @Test func aResolvedRecipeMakesTheSameTraining() throws {
    let rows = (0..<40).map { "ab\($0 % 3),\($0 % 2 == 0 ? "x" : "y")\n" }.joined()
    try withFile("text,label\n" + rows) { path in
      var recipe = Recipe(ClassifyTask(path: path))
      (recipe.network.units, recipe.training.iterations) = (3, 7)
      func plan(_ recipe: Recipe<ClassifyTask>) throws -> (TrainingPlan<ClassifyTask>, [String]) {
        var notes: [Note] = []
        let plan = try ClassifyTask.plan(recipe, on: ClassifyTask.read(recipe, &notes), &notes)
        return (plan, notes.map { $0.line { $0.inSwift } })
      }
      let (first, notes) = try plan(recipe)
      #expect(notes.first == "\(path): 40 sequences of 120 steps together, 4 held out")
      #expect(first.recipe.task.form == SequenceForm(.text(column: "text"), labels: ["label"]))
      #expect(first.recipe.task.tokens == .characters && first.recipe.task.validation == 0.1)
      #expect(first.options.regularization.recurrentDropout == 0.2 && first.options.validationInterval == 2)
      let network = try first.network()
      let (second, _) = try plan(first.recipe.resolved(network.architecture, first.options))
      #expect(try second.network().parameters == network.parameters)
      #expect(second.options == first.options && second.data.digest == first.data.digest)
      #expect(ClassifyTask.owns(network))
    }
  }

  /// A folder of version 0.1.0.
  @Test func aRunOfTheFirstGenerationIsARecipe() throws {
    let old = """
      {"classification":{"_0":{"batch":8,"digest":"1a","has_header":true,"held_out":"/b.csv","is_balanced":true,"path":"/a.csv",\
      "seed":17,"validation":0.2}}}
      """
    let task = try decodeJSON(old.utf8, as: FirstGenerationTask.self)
    let recipe = try #require(try ClassifyTask.recipe(firstGeneration: task))
    #expect(task.digest == "1a")
    #expect(recipe.task.path == "/a.csv" && recipe.task.validationPath == "/b.csv" && recipe.task.validation == 0.2)
    #expect(recipe.task.hasHeader == true && recipe.task.classWeights == .balanced)
    #expect(recipe.training.batch == 8 && recipe.training.seed == 17)
    let other = try decodeJSON(#"{"tag":{"_0":{}}}"#.utf8, as: FirstGenerationTask.self)
    #expect(try ClassifyTask.recipe(firstGeneration: other) == nil)
  }

  @Test func whatATsFileSaysByItselfIsRefused() throws {
    try withFile("@classLabel true a b\n@data\n1,2:a\n2,1:b\n", name: "t.ts") { path in
      for (name, text) in [("target", "x"), ("group", "none"), ("header", "no"), ("separator", "none")] {
        var recipe = try recipe([(name, text)])
        recipe.task.path = path
        var notes: [Note] = []
        let error = #expect(throws: RecurrentError.self) { try ClassifyTask.read(recipe, &notes) }
        #expect(
          error?.description == "\(name) is for tables; a .ts file says by itself what it holds: leave it out"
            && error?.kind == .usage
        )
      }
    }
  }
}
