// Several cells at the same task, with equally many weights and two seeds each; the best first.
import Recurrent

var recipe = Recipe(ProblemTask(name: "adding", length: 20))
recipe.training.iterations = 30
let cells: [ComparedCell] = try [.named("gru"), .named("lstm"), .named("mgu")]
let report = try Comparison.run(recipe, cells: cells, seeds: 2, parameters: 600, output: "comparison")
for entry in report.entries {
  print(entry.cell, entry.units, entry.weights, entry.validation?.mean ?? .nan)
}
