import CSource
import CellLanguage
import Networks
import Sequences
import Support
import Testing

/// What is not written as C is named.
struct RefusalTests {
  private func refusal(_ architecture: Architecture, name: String = "model") throws -> String? {
    let network = try Network(architecture)
    do {
      _ = try CSource(network, name: name)
      return nil
    } catch { return error.description }
  }

  private let plain = Architecture(input: .features(3), layers: [.init(.gru, units: 4)], output: .values(1))

  @Test func directionsThatAStepDoesNotKnow() throws {
    var architecture = plain
    architecture.layers.append(.init(.lstm, units: 4, direction: .bidirectional(.concatenate)))
    #expect(
      try refusal(architecture)
        == "the network can't be written as C: layer 2 reads each sequence from its last step, which code that takes one step at a time does not know"
    )
    architecture.layers[1].direction = .reverse
    #expect(try refusal(architecture)?.hasPrefix("the network can't be written as C: layer 2 reads") == true)
  }

  @Test func cellsOfSeveralInputs() throws {
    let architecture = Architecture(
      input: .features(3, vectors: ["dt": 1]), layers: [.init(try Cell.named("t-lstm"), units: 4)], output: .values(1))
    #expect(
      try refusal(architecture) == "the network can't be written as C: its cells read dt beside what is below them")
  }

  @Test func whatIsKnownBeforeTheFirstStep() throws {
    var architecture = plain
    architecture.context = .vector(2)
    #expect(
      try refusal(architecture)
        == "the network can't be written as C: it begins each sequence with a vector of 2 numbers")
  }

  @Test(arguments: ["", "a\"b", "a\\b", "a/b", "a\nb"]) func namesThatNoFileOfCHas(name: String) throws {
    #expect(try refusal(plain, name: name) == "\(quoted(name)) can't be the name of a C file: take letters, digits and _")
  }

  /// What the files are called may be no name in C; what others see is one.
  @Test(arguments: [
    ("model", "model"), ("my-amp", "my_amp"), ("2 amps", "n2_amps"), ("__amp", "amp"), ("α", "alpha"), ("int", "int"),
    ("AMP", "AMP"),
  ])
  func namesAreMadeNamesOfC(name: String, prefix: String) throws {
    let source = try CSource(Network(plain), name: name)
    #expect(source.prefix == prefix)
    #expect(source.header.contains("void \(prefix)_reset(\(prefix)_state *state);"))
    #expect(source.source.contains("#include \"\(name).h\""))
  }
}
