import CellCompiler
import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

/// Networks whose matrices are stored as narrower numbers than 32-bit ones.
struct NarrowWeightTests {
  private static let narrow = WeightKind.allCases.filter { $0 != .float32 }

  private func network(tied: Bool = false) throws -> Network {
    let letters = try Vocabulary(kind: .characters, symbols: ["a", "b", "c", "d", "e"])
    return try Network(
      input: .tokens(letters, embedding: 7), layers: [.init(.lstm, units: 9), .init(.gru, units: 7, learnsInitialStates: true)],
      output: .categorical, tiesEmbedding: tied, seed: 4)
  }

  /// With all layers, a learned initial state and the matrix on top, which may be the embedding: within twice the roundings of either
  /// way. Numbers of 16 bits give the bits that they give as floats.
  @Test(arguments: narrow, [false, true])
  func aStreamGivesWhatARunGives(kind: WeightKind, tied: Bool) throws {
    let network = try network(tied: tied).narrowed(to: kind)
    let machine = try Machine(threads: 1)
    let batch = NetworkCase(testDescription: "", lengths: [12]).batch(network, seed: 1)
    let tokens = try #require(batch.inputs.symbols)
    let expected = try NetworkRunner(network, machine: machine, trains: false).outputs(batch.inputs, lengths: batch.lengths)
    let stream = try StreamingNetwork(network, machine: machine).stream()
    let wide = try network.narrowed(to: .float32).stream()
    let bound = 2 * ReferenceNetwork(network: network, batch: batch).roundings * 0x1p-24
    for (step, token) in tokens.enumerated() {
      let given = stream.step(Int(token))
      for place in given.indices { #expect(abs(Double(given[place] - expected[step * given.count + place])) <= bound) }
      let widened = wide.step(Int(token))
      #expect(kind == .int8 || widened == given)
    }
  }

  @Test(arguments: narrow)
  func aStreamsOptionIsTheNetworkNarrowed(kind: WeightKind) throws {
    let network = try network()
    let (asked, made) = (try network.stream(weights: kind), try network.narrowed(to: kind).stream())
    for token in [0, 3, 1, 4] { #expect(asked.step(token) == made.step(token)) }
    #expect(network.weightKind == .float32)
  }

  /// What a step makes of rounded vectors differs from what it makes of these themselves, by little.
  @Test func vectorsAreRoundedWhereThatIsAskedFor() throws {
    let network = try network()
    let (plain, rounded) = (
      try network.stream(weights: .int8), try network.stream(weights: .int8, activations: .int8)
    )
    for token in [0, 3, 1, 4] {
      let (own, other) = (plain.step(token), rounded.step(token))
      #expect(own != other)
      for (value, near) in zip(own, other) { #expect(abs(value - near) < 0.02) }
    }
  }

  @Test(arguments: [WeightKind.float32, .float16, .bfloat16])
  func wholeNumbersMeetWholeNumbersOnly(kind: WeightKind) throws {
    let error = #expect(throws: RecurrentError.self) {
      try network().stream(weights: kind, activations: .int8)
    }
    #expect(
      error?.description
        == "vectors of int8 numbers are multiplied with weights of int8 numbers, and the weights are \(kind.rawValue): round these to int8, too"
    )
  }

  @Test func narrowedWeightsAreNotRoundedTwice() throws {
    let network = try network()
    let bytes = try network.narrowed(to: .int8)
    let error = #expect(throws: RecurrentError.self) { try bytes.narrowed(to: .float16) }
    #expect(
      error?.description
        == "the network's weights are int8 and would be rounded twice: narrow the network that they were rounded from")
    #expect(throws: RecurrentError.self) { try bytes.stream(weights: .bfloat16) }
    let wide = try bytes.narrowed(to: .float32)
    #expect(wide.weightKind == .float32 && wide.parameters == bytes.parameters && bytes.parameters != network.parameters)
  }

  @Test func otherWeightsAreFloats() throws {
    var network = try network().narrowed(to: .float16)
    network.parameters[0] += 1
    #expect(network.weightKind == .float32)
  }

  @Test func whatDoesNotFitIsRefusedByName() throws {
    var network = try network()
    let range = try #require(network.layout["layers.1.W_z"]?.range ?? network.layout.matrices.last)
    network.parameters[range.lowerBound] = 1e5
    let error = #expect(throws: RecurrentError.self) { try network.narrowed(to: .float16) }
    #expect(error?.description.contains("hold 100000.0, and float16 has no numbers beyond 65504.0") == true)
    for kind in [WeightKind.bfloat16, .int8] { #expect(try network.narrowed(to: kind).weightKind == kind) }
  }
}
