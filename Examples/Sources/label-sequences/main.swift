// A classifier of sequences of numbers, which is kept in a file and read again.
import Recurrent

let slow = (0..<30).map { start in (0..<20).map { Float((start + $0) / 5 % 2) } }
let fast = (0..<30).map { start in (0..<20).map { Float((start + $0) % 2) } }
let labels = slow.map { _ in "slow" } + fast.map { _ in "fast" }
let trained = try Classifier.train(
  on: slow + fast, labels: labels,
  configure: {
    ($0.network.units, $0.training.learningRate, $0.training.iterations) = (8, 0.02, 60)
  })
try trained.save(to: "blinking.safetensors")
let classifier = try Classifier(contentsOf: "blinking.safetensors")
print(try classifier.predict([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]).probabilities)
