import CellLanguage
import Engine
import Exchange
import Models
import Networks
import Support
import TensorFiles
import Testing

/// Models within Keras models, layers off the way from the input to the output, and masked steps.
struct KerasNestingTests {
  private static func file(_ name: String) throws -> TensorFile { try Vectors.file("keras/\(name)") }
  private static func io() throws -> TensorFile { try file("keras.safetensors") }

  private static func array(_ name: String) throws -> ChainEvaluation.Array {
    ChainEvaluation.Array(values: try io().floats(name), shape: try #require(io()[name]?.shape))
  }

  private static func refusal(_ file: String, layers: [String]? = nil) throws -> String {
    let chain = try LayerChain(Self.file(file))
    return try #require(#expect(throws: RecurrentError.self) { try Network(chain, layers: layers) }).description
  }

  @Test(arguments: ["nested.keras", "nested.h5"]) func layersOfModelsWithinAreCalledByTheirPaths(file: String) throws {
    let chain = try LayerChain(Self.file(file))
    #expect(
      chain.layers.map(\.layer.name) == ["middle/lstm", "middle/inner/bidirectional", "top/simple_rnn", "top/lstm_1"])
    func cells(_ names: [String]) throws -> [String] { try Network(chain, layers: names).architecture.layers.map(\.cell.name) }
    #expect(try cells(["top"]) == ["rnn", "lstm"])
    let all = try cells(["middle", "top"])
    #expect(all.count == 4 && all[0] == "lstm" && all[2...] == ["rnn", "lstm"], "\(all)")
    #expect(try cells(["middle/inner", "top/simple_rnn"]).count == 2)
    #expect(
      try Self.refusal(file, layers: ["inner"]).hasSuffix(
        "has no recurrent layer \"inner\"; it has middle/lstm, middle/inner/bidirectional, top/simple_rnn, top/lstm_1, in the models "
          + "middle, middle/inner, top"))
  }

  @Test func aModelWithinThatHasOtherLayersIsNotTakenAsAStack() throws {
    #expect(
      try Self.refusal("within.h5", layers: ["a"]).hasSuffix(
        "can't be taken together: a/dense, a layer of the class Dense, is a part of it, too; name those that you want (a/gru)"))
    #expect(try Network(LayerChain(Self.file("within.h5")), layers: ["a/gru"]).architecture.layers.count == 1)
  }

  /// The encoder stands off the way from the first input to the output.
  @Test func bothSidesOfAModelOfTwoInputsAreThere() throws {
    let chain = try LayerChain(Self.file("seq2seq.keras"))
    #expect(chain.layers.map(\.layer.name) == ["encoder", "decoder"])
    #expect(
      try Self.refusal("seq2seq.keras").contains(
        "as a whole: encoder is a layer that gives another its states or is joined with it. A network"))
    // The two one after the other give what the model gives.
    let (encoder, decoder) = (chain.layers[0], chain.layers[1])
    let dense = chain.parts.filter { if case .dense = $0 { true } else { false } }
    let first = try ChainEvaluation(chain: LayerChain(path: "", parts: [.recurrent(encoder)]))(Self.array("seq2seq.x"))
    var second = ChainEvaluation(chain: LayerChain(path: "", parts: [.recurrent(decoder)] + dense))
    for (name, last) in [("h0", "h_n"), ("c0", "c_n")] { second.states[name] = (try #require(first.states[last]), [1, 3, 4]) }
    let y = try second(Self.array("seq2seq.x1")).y
    #expect(difference(y.values, try Self.io().floats("seq2seq.y"), abs: 1e-5) == nil)
  }

  @Test func aModelThatIsCalledTwiceIsListedOnce() throws {
    let chain = try LayerChain(Self.file("shared.keras"))
    #expect(chain.layers.map(\.layer.name) == ["encoder/lstm"])
    #expect(try Self.refusal("shared.keras").contains("as a whole: encoder is a model that is called in 2 places."))
    // The sum of what it makes of both inputs, through the dense layer.
    let parts: [LayerChain.Part] = [.recurrent(chain.layers[0]), .readout(.last)]
    let halves = try ["shared.x", "shared.x1"].map {
      try ChainEvaluation(chain: LayerChain(path: "", parts: parts))(Self.array($0)).y
    }
    let sum = ChainEvaluation.Array(values: zip(halves[0].values, halves[1].values).map(+), shape: halves[0].shape)
    let dense = chain.parts.filter { if case .dense = $0 { true } else { false } }
    let y = try ChainEvaluation(chain: LayerChain(path: "", parts: dense))(sum).y
    #expect(difference(y.values, try Self.io().floats("shared.y"), abs: 1e-5) == nil)
  }

  // MARK: Masked steps

  private func outputs(_ name: String, _ masked: MaskedSteps) throws -> [Float] {
    let (input, output) = (TemporaryFile(), TemporaryFile())
    let x = try Self.array("\(name).x")
    let mask = try Self.io().integers("\(name).mask").map(Int64.init)
    try Safetensors.write(
      [.init("x", x.values, shape: x.shape), .init("mask", mask, shape: Array(x.shape.prefix(2)))], to: input.path)
    let run = try ArrayRun(Network(LayerChain(Self.file("\(name).keras"))), TensorFile(contentsOf: input.path))
    try Safetensors.write(run(on: Machine(threads: 1), masked: masked), to: output.path)
    return try TensorFile(contentsOf: output.path).floats("y")
  }

  /// A layer repeats its last output, and the dense layers see that; a bidirectional one gives them zeros.
  @Test(arguments: [("masking", MaskedSteps.repeat), ("masking_both", .zeros)])
  func maskedStepsHaveWhatKerasGivesThere(name: String, masked: MaskedSteps) throws {
    let expected = try Self.io().floats("\(name).y")
    #expect(difference(try outputs(name, masked), expected, abs: 1e-5) == nil)
    let mask = try Self.io().integers("\(name).mask")
    let zeroed = expected.indices.map { mask[$0 / 2] == 0 ? 0 : expected[$0] }
    #expect(difference(try outputs(name, .none), zeroed, abs: 1e-5) == nil)
    let notes = try LayerChain(Self.file("\(name).keras")).notes.map(\.description)
    #expect(
      notes.first == "layer masking masks steps all of whose numbers are -1.0: give a mask or lengths"
        && notes.last?.hasSuffix("unless it is run with maskedSteps \(masked.rawValue)") == true, "\(notes)")
  }

  @Test func stepsThatNothingStandsAtAreRefused() throws {
    let both = #expect(throws: RecurrentError.self) { _ = try outputs("masking_both", .repeat) }
    #expect(
      both?.description
        == "the last recurrent layer reads in reverse, too, and repeats no step before: give maskedSteps zeros, as Keras does")
    let input = TemporaryFile()
    let x = try Self.array("last.x")
    try Safetensors.write([.init("x", x.values, shape: x.shape)], to: input.path)
    let run = try ArrayRun(Network(LayerChain(Self.file("last.keras"))), TensorFile(contentsOf: input.path))
    let last = #expect(throws: RecurrentError.self) { _ = try run(on: Machine(threads: 1), masked: .zeros) }
    #expect(
      last?.description == "the network gives one vector for each sequence, and nothing at its steps: leave out maskedSteps")
  }
}
