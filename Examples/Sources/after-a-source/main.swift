// Sequences that follow other ones: an encoder reads a source, and what it has read is what the network begins with.
import Recurrent

// The first two symbols begin and end a sequence.
let letters = try Vocabulary(kind: .characters, symbols: ["^", "$"] + "abcdefgh".map { String($0) })
let words = ["bad", "cab", "dab", "fad", "gab", "had", "bead", "cafe", "dead", "deaf", "face", "fade", "feed", "head"]
let spelled = try words.map { try letters.encode($0) }

var network = try Network(
  Architecture(
    input: .tokens(letters, embedding: 12), layers: [.init(.gru, units: 48)],
    context: .encoder(
      input: .tokens(letters, embedding: 12), layers: [.init(.gru, units: 24, direction: .bidirectional(.concatenate))]),
    output: .categorical))
try network.train(
  toGive: spelled.map { $0.reversed() }, after: spelled, begin: 0, end: 1, epochs: 150, batch: 7, learningRate: 0.01)

let decoder = try StreamingDecoder(network)  // packs the weights once
let source = try decoder.encode(tokens: [letters.encode("face")])[0]  // is read once, whatever follows
let found = try BeamSearch(width: 3, longest: 10, best: 3).run(decoder, after: source, begin: 0, end: 1)
for own in found { print(letters.decode(own.tokens), own.logProbability) }

// In place of a source a vector may say what is to come, such as what another system gives of a picture.
let colours: [(vector: [Float], name: String)] = [([1, 0, 0], "cab"), ([0, 1, 0], "head"), ([0, 0, 1], "face")]
var captions = try Network(
  Architecture(
    input: .tokens(letters, embedding: 8), layers: [.init(.gru, units: 24)], context: .vector(3), output: .categorical))
try captions.train(
  toGive: colours.map { try letters.encode($0.name) }, after: colours.map { [$0.vector] }, begin: 0, end: 1, epochs: 150,
  learningRate: 0.02)
let describer = try StreamingDecoder(captions)
let near = try describer.encode(vectors: [[0.1, 0.9, 0]])[0]
print(try letters.decode(BeamSearch(longest: 10).run(describer, after: near, begin: 0, end: 1)[0].tokens))

// A cell with a memory reads what the encoder gives at all steps of the source, at each of its own.
let attending = Architecture.Layer(try .named("gru-attention"), units: 48)
var attentive = try Network(
  Architecture(
    input: .tokens(letters, embedding: 12), layers: [attending],
    context: .encoder(input: .tokens(letters, embedding: 12), layers: [.init(.gru, units: 24)]), output: .categorical))
try attentive.train(
  toGive: spelled.map { $0.reversed() }, after: spelled, begin: 0, end: 1, epochs: 20, batch: 7, learningRate: 0.01)
