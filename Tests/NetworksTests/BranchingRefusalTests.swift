import CellLanguage
import Networks
import Support
import Testing

/// What can't be read is refused, and says which layer it is about.
struct BranchingRefusalTests {
  private typealias Layer = Architecture.Layer

  private func expect(
    _ layers: [Architecture.Layer], top: Architecture.Reading? = nil, headLayers: [Architecture.Layer] = [], _ message: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let architecture = Architecture(
      input: .features(3), layers: layers, top: top, readout: headLayers.isEmpty ? .everyStep : .last, headLayers: headLayers,
      output: .values(1))
    #expect(throws: RecurrentError(.network, message), sourceLocation: sourceLocation) { _ = try Network(architecture) }
  }

  @Test func namesThatAreNotThere() {
    expect(
      [Layer(.gru, units: 3, name: "first"), Layer(.gru, units: 3, reads: .layer("frist"))],
      "layer 2 reads frist, and no layer is called so: did you mean first?")
    expect(
      [Layer(.gru, units: 3, name: "a"), Layer(.gru, units: 3, name: "b", reads: .layer("memory"))],
      "layer 2 (b) reads memory, and no layer is called so: it can read x, a")
    expect(
      [Layer(.gru, units: 3, name: "a")], top: .layer("q9"), "the output reads q9, and no layer is called so: it can read x, a")
  }

  @Test func cycles() {
    expect(
      [Layer(.gru, units: 3, name: "a", reads: .sum([.input, .layer("a")]))], "layer 1 (a) reads itself: a network has no cycles")
    expect(
      [Layer(.gru, units: 3, name: "a", reads: .layer("b")), Layer(.gru, units: 3, name: "b")],
      "layer 1 (a) reads b, which is layer 2, above it: a network has no cycles, and a layer reads what is below it")
  }

  @Test func lengthsThatDiffer() {
    expect(
      [Layer(.gru, units: 4, name: "a")], top: .sum([.input, .layer("a")]),
      "the output reads x + a, but x has 3 numbers and a has 4: vectors that are added must be equally long")
    expect(
      [
        Layer(.gru, units: 4, name: "a"), Layer(.gru, units: 5, name: "b"),
        Layer(.gru, units: 2, name: "c", reads: .product([.layer("a"), .concatenation([.input, .layer("b")])])),
      ],
      "layer 3 (c) reads a * [x, b], but a has 4 numbers and [x, b] has 8: vectors that are multiplied must be equally long")
    expect(
      [Layer(.gru, units: 9_000_000, name: "a")], top: .concatenation([.layer("a"), .layer("a")]),
      "the output reads [a, a], which has 18000000 numbers; a layer can read at most 16777216")
  }

  @Test func layersThatNothingReads() {
    expect(
      [Layer(.gru, units: 3, name: "a"), Layer(.gru, units: 3, name: "b", reads: .input)],
      "neither a layer nor the output reads layer 1 (a): let one read it, or leave it out")
    expect(
      [Layer(.gru, units: 3), Layer(.gru, units: 3, reads: .input)],
      "neither a layer nor the output reads layer 1: let one read it, or leave it out")
    expect([Layer(.gru, units: 3)], top: .input, "neither a layer nor the output reads layer 1: let one read it, or leave it out")
  }

  @Test func namesThatAreNone() {
    for name in ["x", "", "2a", "a-b", "a b"] {
      expect(
        [Layer(.gru, units: 3, name: name)],
        "layer 1 is called \"\(name)\", which is no name: take letters, digits and _, a letter first, and not x, which is the input"
      )
    }
    expect(
      [Layer(.gru, units: 3, name: "a"), Layer(.gru, units: 3, name: "a")],
      "layers 1 and 2 are both called a: give each a name of its own")
  }

  @Test func readingsOfTooLittleOrTooMuch() {
    expect(
      [Layer(.gru, units: 3, name: "a")], top: .sum([.layer("a")]),
      "the output reads a sum of fewer than two terms: give it two, or the one alone")
    expect(
      [Layer(.gru, units: 3, name: "a", reads: .product([]))],
      "layer 1 (a) reads a product of fewer than two factors: give it two, or the one alone")
    expect(
      [Layer(.gru, units: 3, name: "a")], top: .sum([.layer("a"), .concatenation([])]),
      "the output reads a concatenation of nothing: name what it reads")
    // Doubled forty times it has more terms than can be counted.
    let doubled = (0..<40).reduce(Architecture.Reading.layer("a")) { sum, _ in .sum([sum, sum]) }
    expect(
      [Layer(.gru, units: 3, name: "a")], top: doubled,
      "the output reads more than 1024 terms: make fewer of them, or give what they share a layer")
  }

  @Test func layersAboveTheReadout() {
    expect(
      [Layer(.gru, units: 3, name: "a")], headLayers: [Layer(.gru, units: 3, reads: .layer("a"))],
      "a layer above what is read out says what it reads, or has a name: each of these reads the one below it")
  }

  @Test func aStreamNamesTheLayerThatReadsInReverse() throws {
    let network = try Network(
      Architecture(
        input: .features(3), layers: [Layer(.gru, units: 3, name: "a"), Layer(.gru, units: 3, direction: .reverse, name: "b")],
        top: .sum([.layer("a"), .layer("b")]), output: .values(1)))
    let message =
      "the network can't be run step by step: layer 2 reads each sequence from its last step, which a stream does not know; run it over "
      + "whole sequences"
    #expect(throws: RecurrentError(.network, message)) { _ = try network.stream() }
  }
}
