import CellLanguage
import Engine
import Exchange
import Networks
import Support
import Testing

/// From descriptions to cells and back.
struct DescriptionTests {
  /// Everything that can be said of a layer, in all combinations that make sense.
  static let all: [LayerDescription] = {
    let functions: [Activation] = [
      .sigmoid, .tanh, .relu, .linear, .hardSigmoid(slope: 0.2, offset: 0.5), .hardSigmoid(slope: -0.5, offset: -0.25),
    ]
    var kinds: [LayerDescription.Kind] = functions.map { .rnn($0) }
    for gates in functions.prefix(5) {
      for candidate in functions.dropFirst().prefix(3) {
        for peepholes in [false, true] {
          for coupled: LayerDescription.Gate? in [nil, .input, .forget] {
            for projection in [nil, 2] {
              let output: Activation = candidate == .tanh ? .tanh : .relu
              kinds.append(
                .lstm(
                  .init(
                    gates: gates, candidate: candidate, output: output, peepholes: peepholes, coupled: coupled,
                    projection: projection)))
            }
          }
        }
        for reset in LayerDescription.Reset.allCases {
          for inverted in [false, true] {
            kinds.append(.gru(.init(gates: gates, candidate: candidate, reset: reset, updatesInverted: inverted)))
          }
        }
      }
    }
    return kinds.flatMap { kind in
      LayerDescription.Biases.allCases.flatMap { biases in
        [nil, 0.75].map { LayerDescription(kind, inputs: 3, units: 4, biases: biases, clip: $0) }
      }
    }
  }()

  @Test func aCellIsReadAsTheDescriptionThatItWasMadeFrom() throws {
    for description in Self.all {
      let cell = try description.cell()
      let read = try LayerDescription(cell, dimensions: cell.dimensions(inputs: 3, units: 4, sizes: description.sizes))
      var expected = description
      if description.biases == .two && !description.resetsAfter { expected.biases = .one }
      #expect(read == expected, "\(cell)")
    }
  }

  @Test func weightsGoIntoACellAndBack() throws {
    for description in Self.all {
      let weights = description.numbered
      let layer = try RecurrentLayer("a", description, weights: [weights])
      let cell = try description.cell()
      let dimensions = try cell.dimensions(inputs: 3, units: 4, sizes: description.sizes)
      let parameters = try layer.parameters()
      let back = try RecurrentLayer("a", cell, dimensions: dimensions, parameters: parameters)
      let again = try back.parameters()
      #expect(again == parameters, "\(cell)")
      for (own, other) in zip(weights.gates, back.weights[0].gates) {
        #expect(own.input == other.input && own.recurrent == other.recurrent && own.peephole == other.peephole)
        let sums = [own, other].map { gate in
          gate.bias.map { zip($0, gate.recurrentBias ?? $0.map { _ in 0 }).map { $0 + $1 } }
        }
        #expect(sums[0] == sums[1])
        if description.resetsAfter && own == weights.gates[2] { #expect(own == other) }
      }
      #expect(back.weights[0].projection == weights.projection)
      // All parameters come from the weights, whose numbers are all above zero.
      #expect(parameters.allSatisfy { $0 > 0 })
    }
  }

  /// The library's cells that are such a kind, and those that are not with the reason.
  @Test(arguments: Cell.library.filter { $0.memory == nil }) func theLibrarysCellsAreReadForWhatTheyAre(cell: Cell) throws {
    let dimensions = try cell.dimensions(inputs: 4, units: 4)
    guard Self.known.contains(cell.name) else {
      let error = #expect(throws: RecurrentError.self) { try LayerDescription(cell, dimensions: dimensions) }
      #expect(error?.description.contains(cell.name) == true)
      return
    }
    let count = ParameterLayout(cell, dimensions: dimensions).count
    let parameters = (0..<count).map { Float($0 + 1) }
    let layer = try RecurrentLayer(cell.name, cell, dimensions: dimensions, parameters: parameters)
    let again = try RecurrentLayer(
      cell.name, layer.description.cell(),
      dimensions: layer.description.cell().dimensions(
        inputs: 4, units: 4, sizes: layer.description.sizes), parameters: layer.parameters())
    #expect(again == layer)
  }

  static let known: Set<String> = [
    "rnn", "irnn", "lstm", "lstm-np", "lstm-peephole", "lstm-projected", "lstm-coupled", "lstm-cifg", "lstm-niaf", "lstm-noaf",
    "lstm-sigmoid-candidate", "gru", "gru-reset-before", "mut2",
  ]

  @Test(arguments: [
    (LayerDescription(.rnn(.tanh), inputs: 1, units: 1), "rnn"),
    (LayerDescription(.lstm(.init()), inputs: 1, units: 1, biases: .two), "lstm"),
    (LayerDescription(.lstm(.init(projection: 2)), inputs: 1, units: 3), "lstm-projected"),
    (LayerDescription(.lstm(.init(peepholes: true)), inputs: 1, units: 1), "lstm-peephole"),
    (LayerDescription(.lstm(.init(coupled: .input)), inputs: 1, units: 1), "lstm-coupled"),
    (LayerDescription(.lstm(.init(peepholes: true, coupled: .forget)), inputs: 1, units: 1), "lstm-cifg"),
    (LayerDescription(.gru(.init()), inputs: 1, units: 1, biases: .two), "gru"),
    (LayerDescription(.gru(.init(reset: .before)), inputs: 1, units: 1), "gru-reset-before"),
  ])
  func aCellOfTheLibraryIsTakenAsItIs(description: LayerDescription, name: String) throws {
    #expect(try description.cell() == Cell.named(name))
  }

  @Test func aDerivedCellSaysWhatItIs() throws {
    let description = LayerDescription(
      .lstm(.init(gates: .hardSigmoid(slope: 0.2, offset: 0.5), coupled: .forget)), inputs: 1, units: 1, biases: .none, clip: 3)
    #expect(
      try description.cell().description == """
        # Long short-term memory: a cell state that gates write, keep and read.
        # As lstm in the library, but with hard_sigmoid(0.2, 0.5) as the function of the gates, the forget gate 1 minus the other, \
        no biases, the arguments of the gates' and the candidate's functions limited to ±3.
        cell lstm-hard_sigmoid-coupled_forget-no_bias-clip
        input x
        state h, c
        f  = 1 - i                                              # forget gate: how much of the long-term memory stays
        i  = clip(0.2 * clip(W_i [h, x], -3, 3) + 0.5, 0, 1)    # input gate: how much of the candidate enters
        g  = tanh(clip(W_g [h, x], -3, 3))                      # candidate memory
        c' = f * c + i * g                                      # long-term memory (cell state)
        o  = clip(0.2 * clip(W_o [h, x], -3, 3) + 0.5, 0, 1)    # output gate: how much of the memory shows
        h' = o * tanh(c')                                       # short-term memory (hidden state), the output

        """)
  }

  @Test(arguments: [
    (
      LayerDescription(.rnn(.tanh), inputs: 0, units: 1),
      "can't represent a layer whose number of inputs is 0; it must be at least 1"
    ),
    (LayerDescription(.rnn(.tanh), inputs: 1, units: 1, clip: -1), "can't represent clip = -1.0; a limit is a number above 0"),
    (
      LayerDescription(.lstm(.init(coupled: .output)), inputs: 1, units: 1),
      "can't represent coupled = output; only the input and the forget gate can be coupled"
    ),
    (
      LayerDescription(.lstm(.init(projection: 0)), inputs: 1, units: 1),
      "can't represent projection = 0; it must be at least 1"
    ),
  ])
  func whatNoCellCanHaveIsNamed(description: LayerDescription, message: String) {
    let error = #expect(throws: RecurrentError.self) { try description.cell() }
    #expect(error?.description == message)
  }

  @Test func activationFunctionsAreReadBackAndUnknownOnesRefused() throws {
    let two = try [
      Activation("elu", [0.5]), Activation("elu"), Activation("leaky_relu", [0.01]), Activation("thresholded_relu", [1]),
      Activation("scaled_tanh", [1.5, 0.5]), Activation("affine", [2, -1]), Activation("capped_relu", [6]), Activation("mish"),
      Activation("hard_silu"), Activation("silu"), Activation("softplus"), Activation("softsign"), Activation("exp"),
      Activation("hard_tanh"), Activation("hard_sigmoid"), Activation("log_sigmoid"), Activation("scaled_elu", [1.05, 1.67]),
      Activation("gelu"), Activation("clip", [-0.5, 2]), Activation("at_least", [0.5]), Activation("at_most", [-0.5]),
    ]
    for activation in two {
      let description = LayerDescription(.rnn(activation), inputs: 2, units: 2)
      let cell = try description.cell()
      #expect(try LayerDescription(cell, dimensions: cell.dimensions(inputs: 2, units: 2)) == description)
    }
    let error = #expect(throws: RecurrentError.self) { try Activation("swish") }
    #expect(
      error?.description.hasPrefix("can't represent the activation function \"swish\"; there are: affine, at_least, ") == true)
  }
}

extension LayerDescription {
  var resetsAfter: Bool { if case .gru(let gru) = kind { gru.reset == .after } else { false } }

  /// Weights of which all numbers are different and above zero.
  var numbered: LayerWeights {
    var next: Float = 0
    func values(_ count: Int) -> [Float] {
      (0..<count).map { _ in
        next += 1; return next
      }
    }
    let gates = gates.map { gate in
      GateWeights(
        input: values(units * inputs), recurrent: values(units * outputs), bias: biases == .none ? nil : values(units),
        recurrentBias: biases == .two ? values(units) : nil, peephole: hasPeepholeWeights(gate) ? values(units) : nil)
    }
    guard case .lstm(let lstm) = kind, let projection = lstm.projection else { return LayerWeights(gates: gates) }
    return LayerWeights(gates: gates, projection: values(projection * units))
  }

  private func hasPeepholeWeights(_ gate: Gate) -> Bool {
    guard case .lstm(let lstm) = kind, lstm.peepholes else { return false }
    return gate != .candidate
  }
}
