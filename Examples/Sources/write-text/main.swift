// A language model, which learns a text and goes on in its manner.
import Recurrent

let verse = "the cat sat on the mat and the dog sat on the log. "
let model = try LanguageModel.train(on: String(repeating: verse, count: 100)) { progress in
  if progress.iteration.isMultiple(of: 50) { print("iteration \(progress.iteration): loss \(progress.loss)") }
} configure: { recipe in
  (recipe.network.units, recipe.training.iterations) = (32, 100)
}
print(try model.generate(from: "the dog ", length: 40))
