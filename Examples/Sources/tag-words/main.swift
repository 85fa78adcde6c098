// A tagger, which gives each word of a sentence a tag.
import Recurrent

let sentences = [
  [("the", "DET"), ("dog", "NOUN"), ("sees", "VERB")], [("a", "DET"), ("cat", "NOUN"), ("hears", "VERB")],
  [("a", "DET"), ("dog", "NOUN"), ("hears", "VERB")], [("the", "DET"), ("cat", "NOUN"), ("sees", "VERB")],
]
let tagger = try Tagger.train(
  on: sentences,
  configure: {
    ($0.training.iterations, $0.training.learningRate, $0.training.patience) = (40, 0.01, 0)
  })
for tag in try tagger.tags(of: ["the", "cat", "hears"]) { print(tag.tag, tag.probability) }
