// A translator, which learns from pairs of texts what a text is to become: here numbers, which become words.
import Recurrent

let names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
let pairs = (0..<400).map { n in (source: "\(n % 100)", target: "\(names[n / 10 % 10]) \(names[n % 10])") }
let translator = try Translator.train(
  on: pairs,
  configure: {
    ($0.network.units, $0.training.iterations, $0.training.learningRate) = (32, 200, 0.01)
  })
print(try translator.translate("42"))
for found in try translator.translations(of: "7", best: 2) { print(found.score, found.text) }
