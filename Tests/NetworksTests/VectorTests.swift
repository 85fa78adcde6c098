import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

extension NetworkCase {
  /// Layers that read vectors of the input by name beside what is below them.
  static let vectors: [NetworkCase] = [
    NetworkCase(
      testDescription: "elapsed time in two layers, packed and masked, dropped", input: .features(3, vectors: ["dt": 1]),
      cells: GradientTests.named("t-lstm", "cfc"), lengths: [6, 4, 4, 1, 0], isMasked: true, dropout: 0.25),
    NetworkCase(
      testDescription: "elapsed time above a layer without, carried", input: .features(2, vectors: ["dt": 1]),
      cells: GradientTests.named("gru", "ltc"), isCarried: true),
    NetworkCase(
      testDescription: "masks and times in both directions, other vectors above",
      input: .features(3, vectors: ["s": 16, "m": 3, "d": 3]),
      lengths: [5, 3, 3],
      layers: [
        .init(gruD, units: 4, direction: .bidirectional(.concatenate)), .init(eaLSTM, units: 3, direction: .reverse),
      ]),
  ]

  private static let gruD = GradientTests.named("gru-d")[0]
  private static let eaLSTM = GradientTests.named("ea-lstm")[0]
}

struct VectorTests {
  private func refusal(_ input: Architecture.Input, _ layers: [Architecture.Layer], headLayers: [Architecture.Layer] = [])
    -> String?
  {
    let architecture = Architecture(
      input: input, layers: layers, readout: headLayers.isEmpty ? .everyStep : .mean, headLayers: headLayers, output: .values(1))
    do {
      _ = try Network(architecture)
      return nil
    } catch { return "\(error)" }
  }

  @Test func whatALayerLacksIsNamed() throws {
    let timed = Architecture.Layer(GradientTests.named("t-lstm")[0], units: 4)
    let plain = Architecture.Layer(.lstm, units: 4)
    #expect(refusal(.features(3, vectors: ["dt": 1]), [timed, plain, timed]) == nil)
    #expect(
      refusal(.features(3), [plain, timed])
        == "layer 2 has the cell t-lstm, which reads dt beside x, but the network's input has no vector of that name")
    #expect(
      refusal(.features(3, vectors: ["dt": 2]), [timed])
        == "layer 1 has the cell t-lstm, which reads dt beside x, but dt must have 1 numbers there, and has 2")
    #expect(
      refusal(.features(3, vectors: ["dt": 1, "m": 3]), [timed])
        == "the network's input has the vector m, which no layer's cell has as an input")
    #expect(
      refusal(.features(3, vectors: ["dt": 1, "dt": 1]), [timed]) == "the network's input has two vectors called dt")
    #expect(
      refusal(.features(3, vectors: ["dt": 1]), [timed], headLayers: [timed])
        == "layer 1 above the readout has the cell t-lstm, which reads dt beside x, but reads what is read out of sequences, where there is no such vector"
    )
  }

  /// The layers of a network find the vectors whatever their order is.
  @Test func vectorsAreFoundByName() throws {
    let layers = [Architecture.Layer(GradientTests.named("gru-d")[0], units: 4)]
    let one = try Network(input: .features(2, vectors: ["m": 2, "d": 2]), layers: layers, output: .values(1), seed: 1)
    let other = try Network(input: .features(2, vectors: ["d": 2, "m": 2]), layers: layers, output: .values(1), seed: 1)
    let lengths = PackedLengths(steps: 3, batch: 1)
    let (x, m, d): ([Float], [Float], [Float]) = ([1, 2, 3, 4, 5, 6], [1, 0, 1, 1, 0, 0], [0, 1, 2, 1, 1, 3])
    let machine = try Machine(threads: 1)
    let given = try NetworkRunner(one, machine: machine, trains: false).outputs(.features(x, vectors: [m, d]), lengths: lengths)
    let turned = try NetworkRunner(other, machine: machine, trains: false).outputs(
      .features(x, vectors: [d, m]), lengths: lengths)
    #expect(given == turned && Set(given).count == 3)
  }
}
