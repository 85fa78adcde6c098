import CellLanguage
import Engine
import Models
import Networks
import Sequences
import Support
import Testing

/// Files of networks that know something of each sequence before it begins.
struct ContextFileTests {
  static let contexts: [Architecture.Context] = [
    .vector(7),
    .encoder(input: .features(2), layers: [.init(.lstm, units: 3)]),
    .encoder(
      input: .features(1),
      layers: [.init(.gru, units: 3, direction: .bidirectional(.concatenate)), .init(.rnn, units: 2)], readout: .mean),
  ]

  private func expectReturn(_ network: Network) throws {
    // Programs that know nothing of contexts refuse the file as one of a version that they don't know.
    #expect(network.metadata["recurrent"] == "2")
    let loaded = try Network(bytes: network.bytes())
    #expect(loaded.architecture == network.architecture)
    #expect(loaded.parameters.map(\.bitPattern) == network.parameters.map(\.bitPattern))
  }

  @Test(arguments: contexts) func contextsReturn(context: Architecture.Context) throws {
    let network = try Network(
      Architecture(
        input: .tokens(try NetworkFileTests.letters, embedding: 3), layers: [.init(.lstm, units: 4), .init(.gru, units: 2)],
        context: context, output: .categorical), seed: 3)
    try expectReturn(network)
    try expectReturn(network.narrowed(to: .int8))
    // The equations of the bridge are in the file.
    #expect(network.metadata["network"]?.contains("h' = tanh(W x + b)") == true)
    let plain = try Network(input: .features(2), layers: [.init(.lstm, units: 3)], output: .values(1))
    #expect(plain.metadata["network"]?.contains("context") == false)
  }
}
