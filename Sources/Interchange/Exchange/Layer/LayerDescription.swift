package import Networks

/// What a recurrent layer is, in the terms that other systems share: all but its weights.
///
/// It is the one value between every file format and the cells of this package: readers make it, and it is turned
/// into equations and read off the equations again.
public struct LayerDescription: Sendable, Hashable {
  package var kind: Kind
  /// Numbers of an input vector.
  public var inputs: Int
  /// Numbers of the hidden state, or of the cell state if there is a projection.
  public var units: Int
  package var direction: Direction
  package var biases: Biases
  /// What the arguments of the gates' and the candidate's functions are limited to, ±, but not that of an LSTM's output function;
  /// nil for no limit.
  package var clip: Double?
  /// What the reverse direction of a bidirectional layer is, if it has other functions than ``kind``.
  package var reverse: Kind?

  package init(
    _ kind: Kind, inputs: Int, units: Int, direction: Direction = .forward, biases: Biases = .one, clip: Double? = nil,
    reverse: Kind? = nil
  ) {
    self.kind = kind
    self.inputs = inputs
    self.units = units
    self.direction = direction
    self.biases = biases
    self.clip = clip
    self.reverse = reverse
  }

  /// The family of a cell with what the family leaves open.
  package enum Kind: Sendable, Hashable {
    /// h' = activation(W x + U h + b)
    case rnn(Activation)
    case lstm(LSTM)
    case gru(GRU)
  }

  /// c' = f · c + i · g; h' = o · output(c')
  package struct LSTM: Sendable, Hashable {
    /// The function of the gates f, i and o.
    package var gates: Activation
    /// The function of the candidate g.
    package var candidate: Activation
    /// The function of the new cell state on its way out.
    package var output: Activation
    /// Whether i and f see the cell state before the step and o the one after it, each unit its own.
    package var peepholes: Bool
    /// The gate that is 1 minus the other one of i and f, and has no weights; nil if both have.
    package var coupled: Gate?
    /// Numbers of the hidden state if it is a linear map of o · output(c').
    package var projection: Int?

    package init(
      gates: Activation = .sigmoid, candidate: Activation = .tanh, output: Activation = .tanh, peepholes: Bool = false,
      coupled: Gate? = nil, projection: Int? = nil
    ) {
      self.gates = gates
      self.candidate = candidate
      self.output = output
      self.peepholes = peepholes
      self.coupled = coupled
      self.projection = projection
    }
  }

  /// h' = (1 - z) · n + z · h
  package struct GRU: Sendable, Hashable {
    /// The function of the gates r and z.
    package var gates: Activation
    /// The function of the candidate n.
    package var candidate: Activation
    package var reset: Reset
    /// Whether z is the fraction of the new rather than of the old: h' = z · n + (1 - z) · h.
    package var updatesInverted: Bool

    package init(
      gates: Activation = .sigmoid, candidate: Activation = .tanh, reset: Reset = .after, updatesInverted: Bool = false
    ) {
      self.gates = gates
      self.candidate = candidate
      self.reset = reset
      self.updatesInverted = updatesInverted
    }
  }

  /// Where a GRU's reset gate acts.
  public enum Reset: String, Sendable, Hashable, CaseIterable {
    /// n = tanh(W x + b + U (r · h))
    case before
    /// n = tanh(W x + b + r · (U h + b_hn))
    case after
  }

  package enum Direction: Sendable, Hashable {
    case forward
    /// The layer reads from each sequence's last step to its first; outputs stand at the steps that they belong to.
    case reverse
    /// Both ways, each with weights of its own.
    case bidirectional(Architecture.Merge)
  }

  /// The bias vectors of each gate.
  package enum Biases: String, Sendable, Hashable, CaseIterable {
    case none, one
    /// One with the input's product and one with the recurrent product. They make a difference only to a GRU that resets
    /// after the product; elsewhere they are added up.
    case two
  }

  /// A part of a cell that has weights of its own.
  package enum Gate: String, Sendable, Hashable, CaseIterable {
    case input, forget, candidate, output, reset, update
    /// The only one of a plain network.
    case hidden
  }
}

extension LayerDescription {
  /// The parts that have weights, in the order in which ``LayerWeights`` has them: i f g o without a coupled one; r z n; h.
  package var gates: [Gate] {
    switch kind {
    case .rnn: [.hidden]
    case .lstm(let lstm): [.input, .forget, .candidate, .output].filter { $0 != lstm.coupled }
    case .gru: [.reset, .update, .candidate]
    }
  }

  /// The letter that a gate has in equations: i f g o, r z n, h.
  package func letter(of gate: Gate) -> String {
    switch (gate, kind) {
    case (.candidate, .gru): "n"
    case (.candidate, _): "g"
    case (.update, _): "z"
    default: String(gate.rawValue.prefix(1))
    }
  }

  /// Numbers of the hidden state, which is the output of one direction.
  package var outputs: Int { if case .lstm(let lstm) = kind { lstm.projection ?? units } else { units } }

  /// Numbers of what the layer gives at a step: both directions' hidden states if they are concatenated.
  package var width: Int { direction == .bidirectional(.concatenate) ? 2 * outputs : outputs }

  /// Lengths of the states: the hidden state, and an LSTM's cell state.
  package var states: [Int] { if case .lstm = kind { [outputs, units] } else { [units] } }

  /// The layer as one of its directions has it.
  func of(direction: Int) -> LayerDescription {
    var own = self
    (own.kind, own.reverse) = (direction == 1 ? reverse ?? kind : kind, nil)
    return own
  }

  /// 2 if the layer is bidirectional, otherwise 1.
  package var directions: Int { if case .bidirectional = direction { 2 } else { 1 } }

  /// Whether a gate has a vector by which it sees the cell state.
  func hasPeephole(_ gate: Gate) -> Bool {
    guard case .lstm(let lstm) = kind, lstm.peepholes else { return false }
    return gate != .candidate && gate != lstm.coupled
  }
}
