import Labelling
import Networks
import Support
import Tables
import TaskKit
import Testing

struct LabelFileTests {
  private func form(_ text: String, _ request: StepRequest = StepRequest(.label)) throws -> StepForm {
    try withFile(text) { path in
      try TableSummary(ofLabelled: TableFile(path), names: request.names).stepForm(request)
    }
  }

  @Test func columnsAreFoundInATable() throws {
    let found = try form(table(3, of: 20))
    #expect(
      found
        == StepForm(columns: ["pulse", "noise"], targets: .label(column: "state"), group: "recording", time: "time"))
    // A number that stays the same for many rows and is called like a sequence tells them apart.
    let numbered = table(3, of: 20).replacing("recording", with: "patient").replacing("\nr", with: "\n")
    #expect(try form(numbered).group == "patient")
    // What has decimals is no label, whatever it is called.
    #expect(try form("target,phase,kind\n0.5,2,x\n0.25,4,y\n0.5,5,x\n").targetColumns == ["phase"])
    let alone = try form("a,b,kind\n1,2,x\n3,4,y\n5,5,x\n")
    #expect(alone == StepForm(columns: ["a", "b"], targets: .label(column: "kind")))
  }

  @Test(arguments: [
    ("a,b\n1,2\n3,5\n", "t.csv does not show which column holds the label of each step: say it with target NAME"),
    ("a,u,v\n1,x,y\n3,y,x\n", "t.csv does not show which column holds the label of each step: say it with target NAME"),
    ("label,name\nx,u\ny,w\n", "t.csv has no other column of numbers to read: name those that are read with columns"),
  ])
  func whatIsNotClearIsAskedFor(text: String, message: String) {
    let error = #expect(throws: RecurrentError.self) { try form(text) }
    #expect(error?.description.hasSuffix(message) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("time,x,label\n1,2,a\n3,4,b\n2,5,a\n", "column time: “2” is before the time of line 3 in the same sequence; sort the rows"),
    (
      "group,x,label\na,2,a\nb,4,b\na,5,a\nb,2,b\na,1,b\n",
      "column group: “a” comes again after rows of another sequence; sort the rows by group"
    ),
    ("x,label\n1,a\n,b\n2,a\n", "line 3, column x: the number is missing; put it in"),
    (
      "x,y,label\n1,1,a\n2,oops,b\n1,4,b\n2,5,b\n1,3,b\n2,1,b\n1,3,b\n2,1,b\n1,1,b\n2,3,a\n1,2,a\n",
      "line 3, column y: “oops” stands where a number is expected"
    ),
  ])
  func mistakesAreNamedByLineAndColumn(text: String, message: String) throws {
    try withFile(text) { path in
      var recipe = Recipe(LabelTask(path: path))
      recipe.task.group = text.hasPrefix("group") ? "group" : nil
      var notes: [Note] = []
      let error = #expect(throws: RecurrentError.self) { try LabelTask.read(recipe, &notes) }
      #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
  }

  /// What is chosen is in the resolved recipe, which gives the same training again.
  @Test func aResolvedRecipeMakesTheSameTraining() throws {
    try withFile(table(10, of: 40)) { path in
      var recipe = Recipe(LabelTask(path: path))
      (recipe.network.units, recipe.training.iterations) = (3, 7)
      func plan(_ recipe: Recipe<LabelTask>) throws -> (TrainingPlan<LabelTask>, [String]) {
        var notes: [Note] = []
        let plan = try LabelTask.plan(recipe, on: LabelTask.read(recipe, &notes), &notes)
        return (plan, notes.map { $0.line { $0.inSwift } })
      }
      let (first, notes) = try plan(recipe)
      #expect(notes.contains("\(path): 400 steps of 10 sequences"))
      #expect(notes.contains("- rows with the same recording are a sequence (group); a step reads pulse, noise (columns)"))
      #expect(notes.contains("- 1 of 10 sequences is held out, drawn at random (validation)"))
      #expect(first.recipe.task.window == 128 && first.recipe.task.context == 64 && first.recipe.task.validation == 0.1)
      let network = try first.network()
      let (second, _) = try plan(first.recipe.resolved(network.architecture, first.options))
      #expect(try second.network().parameters == network.parameters)
      #expect(second.options == first.options && second.data.digest == first.data.digest)
      #expect(LabelTask.owns(network))
    }
  }
}
