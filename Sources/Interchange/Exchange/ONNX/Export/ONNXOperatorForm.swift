import Networks
import ONNXFiles

/// A recurrent layer as one of ONNX's operators: which one, with which attributes, and what becomes of its weights.
struct ONNXOperatorForm {
  let layer: RecurrentLayer
  let operation: String
  let attributes: [String: ONNXAttribute]
  /// The layer as the operator has it.
  private let description: LayerDescription
  /// The gate whose weights have the other sign there, since the operator has 1 minus the gate: 1 - σ(a) = σ(-a).
  private let turned: (own: LayerDescription.Gate, there: LayerDescription.Gate)?

  /// Nil if no operator does what the layer does.
  init?(_ layer: RecurrentLayer) {
    self.layer = layer
    var description = layer.description
    var kinds = [description.kind] + (description.directions == 2 ? [description.reverse ?? description.kind] : [])
    var attributes: [String: ONNXAttribute] = ["hidden_size": .integer(description.units)]
    var turned: (LayerDescription.Gate, LayerDescription.Gate)?
    guard Set(kinds.map(\.withoutFunctions)).count == 1 else { return nil }
    var functions: [Activation] = []
    for (place, kind) in kinds.enumerated() {
      switch kind {
      case .rnn(let activation): functions.append(activation)
      case .lstm(var lstm):
        guard lstm.projection == nil else { return nil }
        functions += [lstm.gates, lstm.candidate, lstm.output]
        if lstm.coupled != nil { attributes["input_forget"] = .integer(1) }
        if lstm.coupled == .input {
          // The operator has the input gate decide and not the forget gate.
          guard lstm.gates == .sigmoid else { return nil }
          lstm.coupled = .forget
          (kinds[place], turned) = (.lstm(lstm), (.forget, .input))
        }
      case .gru(var gru):
        functions += [gru.gates, gru.candidate]
        if gru.reset == .after { attributes["linear_before_reset"] = .integer(1) }
        if gru.updatesInverted {
          guard gru.gates == .sigmoid else { return nil }
          gru.updatesInverted = false
          (kinds[place], turned) = (.gru(gru), (.update, .update))
        }
      }
    }
    switch kinds[0] {
    case .rnn: operation = "RNN"
    case .lstm: operation = "LSTM"
    case .gru: operation = "GRU"
    }
    let named = functions.compactMap(ONNXFunctions.named)
    guard named.count == functions.count else { return nil }
    attributes["activations"] = .texts(named.map(\.name))
    let (alphas, betas) = (named.compactMap(\.alpha), named.compactMap(\.beta))
    if !alphas.isEmpty { attributes["activation_alpha"] = .floats(alphas) }
    if !betas.isEmpty { attributes["activation_beta"] = .floats(betas) }
    if let clip = description.clip { attributes["clip"] = .float(Float(clip)) }
    switch description.direction {
    case .forward: break
    case .reverse: attributes["direction"] = .text("reverse")
    case .bidirectional: attributes["direction"] = .text("bidirectional")
    }
    (description.kind, description.reverse) = (kinds[0], kinds.count == 2 && kinds[1] != kinds[0] ? kinds[1] : nil)
    (self.attributes, self.description, self.turned) = (attributes, description, turned)
  }

  /// The weights as the operator has them.
  var weights: ONNXWeights {
    ONNXWeights(layer.weights.map { turnedGates($0, from: layer.description, to: description) }, of: description)
  }

  /// The weights of the layer from those of the operator.
  ///
  /// - Throws: ``ONNXRefusal`` if their shapes are not those of the layer.
  func layerWeights(_ weights: ONNXWeights) throws(ONNXRefusal) -> [LayerWeights] {
    try weights.layers(description).map { turnedGates($0, from: description, to: layer.description) }
  }

  private func turnedGates(_ weights: LayerWeights, from: LayerDescription, to: LayerDescription) -> LayerWeights {
    guard let turned else { return weights }
    // For a gate of one of the two what it is called in the other; both may be the same.
    let names = Dictionary([(turned.own, turned.there), (turned.there, turned.own)], uniquingKeysWith: { first, _ in first })
    var changed = weights
    changed.gates = to.gates.compactMap { gate in
      if let place = from.gates.firstIndex(of: gate), names[gate] == nil { return weights.gates[place] }
      return names[gate].flatMap { from.gates.firstIndex(of: $0) }.map { weights.gates[$0].negated }
    }
    return changed
  }
}

extension LayerDescription.Kind {
  /// What an operator says once for both directions, which may have different functions.
  fileprivate var withoutFunctions: LayerDescription.Kind {
    switch self {
    case .rnn: return .rnn(.linear)
    case .lstm(var lstm):
      (lstm.gates, lstm.candidate, lstm.output) = (.linear, .linear, .linear)
      return .lstm(lstm)
    case .gru(var gru):
      (gru.gates, gru.candidate) = (.linear, .linear)
      return .gru(gru)
    }
  }
}
