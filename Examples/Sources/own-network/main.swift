// A network of one's own: layers of different kinds, one of which reads both ways, between an input and an output.
import Recurrent

let text = try TokenizedText(String(repeating: "to be, or not to be: ", count: 100), as: .characters)
var network = try Network(
  input: .tokens(text.vocabulary, embedding: 16), layers: [.init(.lstm, units: 24), .init(.gru, units: 16)], output: .categorical)
try network.train(on: text, epochs: 5, batch: 8) { print($0.iteration, $0.loss) }

let stream = try network.stream()  // keeps the states from step to step
stream.read(try text.vocabulary.encode("to b"))
let next = stream.probabilities  // of each character of the vocabulary to come next
print(text.vocabulary.symbols[next.indices.max { next[$0] < next[$1] } ?? 0])

let tagging = Architecture(
  input: .features(3), layers: [.init(.gru, units: 8, direction: .bidirectional(.concatenate))], output: .classes(2))
print(try Network(tagging).outputs(for: [[1, 0, 0], [0, 1, 0]]))
