import CellLanguage
import Networks

extension NetworkCase {
  /// Networks whose layers read something else than the layer below.
  static let branching: [NetworkCase] = [
    NetworkCase(
      testDescription: "residual, lstm and gru, packed and dropped", lengths: [6, 4, 4, 1, 0], dropout: 0.25,
      layers: [
        .init(.lstm, units: 3, name: "a"), .init(.gru, units: 3, name: "b", reads: .sum([.input, .layer("a")])),
      ], top: .sum([.sum([.input, .layer("a")]), .layer("b")])),
    NetworkCase(
      testDescription: "dense skips, embedded symbols, masked", input: .tokens(GradientTests.letters, embedding: 3),
      output: .classes(3), lengths: [5, 3, 1], isMasked: true,
      layers: [
        .init(.gru, units: 4, name: "a"), .init(.rnn, units: 2, name: "b", reads: .concatenation([.input, .layer("a")])),
        .init(.lstm, units: 3, name: "c", reads: .concatenation([.input, .layer("a"), .layer("b")])),
      ], top: .concatenation([.layer("a"), .layer("b"), .layer("c")])),
    NetworkCase(
      testDescription: "a gate of three factors, one of them twice, carried", isCarried: true,
      layers: [
        .init(.lstm, units: 4, name: "a"), .init(.gru, units: 4, name: "b", reads: .input),
      ], top: .product([.layer("a"), .layer("b"), .layer("a")])),
    NetworkCase(
      testDescription: "an input that is read twice in one sum", lengths: [5, 3],
      layers: [.init(.gru, units: 4, name: "a", reads: .sum([.input, .input]))]),
    NetworkCase(
      testDescription: "both directions and a layer in reverse on one input, packed, learned initial states",
      lengths: [6, 4, 4, 1, 0],
      layers: [
        .init(.lstm, units: 2, direction: .bidirectional(.concatenate), learnsInitialStates: true, name: "a"),
        .init(.gru, units: 4, direction: .reverse, name: "b", reads: .input),
        .init(.rnn, units: 4, name: "c", reads: .layer("a")),
      ], top: .sum([.layer("a"), .product([.layer("b"), .layer("c")])])),
    NetworkCase(
      testDescription: "last, of the input, a layer and both directions, packed and dropped", output: .classes(3),
      lengths: [6, 4, 4, 1, 0], dropout: 0.25, readout: .last,
      layers: [
        .init(.lstm, units: 3, learnsInitialStates: true, name: "a"),
        .init(.gru, units: 3, direction: .bidirectional(.sum), name: "b", reads: .sum([.input, .layer("a")])),
      ], top: .concatenation([.sum([.input, .layer("a")]), .layer("b")])),
    NetworkCase(
      testDescription: "last, residual with layers above, packed", lengths: [6, 4, 4, 1, 0], readout: .last,
      layers: [.init(.lstm, units: 3, name: "a")], top: .sum([.input, .layer("a")]), headLayers: [.init(.rnn, units: 4)]),
    NetworkCase(
      testDescription: "mean, residual, packed and dropped", output: .classes(3), lengths: [6, 4, 4, 1], dropout: 0.25,
      readout: .mean,
      layers: [.init(.gru, units: 3, name: "a"), .init(.gru, units: 3, name: "b")], top: .sum([.layer("a"), .layer("b")])),
    NetworkCase(
      testDescription: "max, product, one-hot symbols without a head", input: .tokens(GradientTests.letters), output: .lastLayer,
      lengths: [4, 4, 2], readout: .max,
      layers: [.init(.gru, units: 5, name: "a")], top: .product([.input, .layer("a")])),
    NetworkCase(
      testDescription: "both penalties of a sum, packed and dropped", lengths: [6, 4, 4, 1, 0], dropout: 0.25,
      layers: [.init(.gru, units: 4, name: "a"), .init(.lstm, units: 4, name: "b")], top: .sum([.layer("a"), .layer("b")]),
      regularization: .init(activationPenalty: 2, temporalPenalty: 3)),
  ]

  var readsInReverse: Bool { layers.contains { $0.direction != .forward } }
}
