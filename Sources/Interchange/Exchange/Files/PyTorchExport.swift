import Engine
package import Models
public import Networks
import Storage
public import Support

/// A network as PyTorch's modules: tensors under their names, and the Python that makes the modules and loads the tensors.
///
/// Layers of equal kind and size that follow one another are one module, as PyTorch stacks them.
public struct PyTorchExport: Sendable {
  package let tensors: [Safetensors.Entry]
  /// A whole program; it expects the tensors in the file called ``init(_:file:)``'s `file`, in the folder where it runs.
  public let program: String

  /// - Throws: ``RecurrentError`` if PyTorch has no such layer; it names the attribute and its value.
  public init(_ network: Network, file: String) throws {
    try network.checkEnds(for: "PyTorch", holdsShortcuts: true)
    let layers = try network.layersOfOthers()
    let headLayers = try network.denseHeadLayers(for: "PyTorch")
    for case .recurrent(let layer) in layers { try Self.check(layer) }
    let modules = Self.modules(layers)
    let dense = modules.compactMap { if case .dense(let dense) = $0 { dense } else { nil } } + headLayers
    let stacks = modules.compactMap { if case .recurrent(let stack) = $0 { stack } else { nil } }
    let others = network.ends
    let isBare =
      modules.count == 1 && dense.isEmpty && others.isEmpty && network.architecture.features != nil
      && network.architecture.readout == .everyStep
    tensors =
      others.map { Safetensors.Entry($0.name, Array(network.parameters[$0.range]), shape: $0.shape) }
      + stacks.enumerated().flatMap { number, stack in
        stack.enumerated().flatMap { Self.tensors($1, number: $0, prefix: isBare ? "" : "rnn.\(number).") }
      }
      + dense.enumerated().flatMap { number, layer in
        [Safetensors.Entry("dense.\(number).weight", layer.weight, shape: [layer.outputs, layer.inputs])]
          + (layer.bias.map { [Safetensors.Entry("dense.\(number).bias", $0, shape: [layer.outputs])] } ?? [])
      }
    let writer = PyTorchProgram(
      modules: modules, headLayers: headLayers, constructors: stacks.map(Self.constructor), network: network, file: file)
    program = isBare ? writer.module : try writer.model()
  }

  /// Writes the tensors, in the safetensors format, to the file that ``program`` reads.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be written.
  public func write(to path: String) throws(RecurrentError) { try Safetensors.write(tensors, to: path) }

  /// A module of PyTorch.
  enum Module {
    /// Layers of equal kind and size, one on top of the other.
    case recurrent([RecurrentLayer])
    case dense(DenseLayer)
  }

  /// What PyTorch lacks.
  private static func check(_ layer: RecurrentLayer) throws(RecurrentError) {
    let description = layer.description
    func refuse(_ attribute: String, _ value: String) -> RecurrentError {
      RecurrentError(.interchange, "PyTorch has no layer with \(attribute) = \(value), which layer \(layer.name) has")
    }
    func check(_ activation: Activation, _ allowed: [Activation], _ attribute: String) throws(RecurrentError) {
      if !allowed.contains(activation) { throw refuse(attribute, activation.description) }
    }
    switch description.kind {
    case .rnn(let activation): try check(activation, [.tanh, .relu], "nonlinearity")
    case .lstm(let lstm):
      try check(lstm.gates, [.sigmoid], "gate activation")
      try check(lstm.candidate, [.tanh], "candidate activation")
      try check(lstm.output, [.tanh], "output activation")
      if lstm.peepholes { throw refuse("peepholes", "true") }
      if let coupled = lstm.coupled { throw refuse("coupled gate", coupled.rawValue) }
    case .gru(let gru):
      try check(gru.gates, [.sigmoid], "gate activation")
      try check(gru.candidate, [.tanh], "candidate activation")
      if gru.reset == .before { throw refuse("reset", "before") }
    }
    if let clip = description.clip { throw refuse("clip", "\(clip)") }
    if description.reverse != nil { throw refuse("other functions in reverse", "true") }
    switch description.direction {
    case .forward, .bidirectional(.concatenate): break
    case .reverse: throw refuse("direction", "reverse")
    case .bidirectional(let merge): throw refuse("merge", merge.rawValue)
    }
    if layer.weights.contains(where: { !$0.initialStates.isEmpty }) { throw refuse("learned initial states", "true") }
  }

  private static func modules(_ layers: [SharedLayer]) -> [Module] {
    var modules: [Module] = []
    for layer in layers {
      switch layer {
      case .dense(let dense): modules.append(.dense(dense))
      case .recurrent(let layer):
        if case .recurrent(let stack)? = modules.last, stack[stack.count - 1].description.isStackable(below: layer.description) {
          modules[modules.count - 1] = .recurrent(stack + [layer])
        } else {
          modules.append(.recurrent([layer]))
        }
      }
    }
    return modules
  }

  /// `torch.nn.LSTM(5, 4, num_layers=2, batch_first=True)`
  private static func constructor(_ module: [RecurrentLayer]) -> String {
    let description = module[0].description
    var arguments = ["\(description.inputs)", "\(description.units)"]
    if module.count > 1 { arguments.append("num_layers=\(module.count)") }
    let name: String
    switch description.kind {
    case .rnn(let activation):
      name = "RNN"
      if activation == .relu { arguments.append("nonlinearity=\"relu\"") }
    case .lstm(let lstm):
      name = "LSTM"
      if let projection = lstm.projection { arguments.append("proj_size=\(projection)") }
    case .gru: name = "GRU"
    }
    if description.biases == .none { arguments.append("bias=False") }
    arguments.append("batch_first=True")
    if description.directions == 2 { arguments.append("bidirectional=True") }
    return "torch.nn.\(name)(\(arguments.joined(separator: ", ")))"
  }

  private static func tensors(_ layer: RecurrentLayer, number: Int, prefix: String) -> [Safetensors.Entry] {
    let description = layer.description
    let rows = description.gates.count * description.units
    return layer.weights.enumerated().flatMap { direction, weights in
      let suffix = "_l\(number)" + (direction == 1 ? "_reverse" : "")
      let gates = zip(description.gates, weights.gates).map { gate, own in description.isInverted(gate) ? own.negated : own }
      var tensors = [
        Safetensors.Entry(
          prefix + "weight_ih" + suffix, stacked(gates.map(\.input), columns: description.inputs),
          shape: [rows, description.inputs]),
        Safetensors.Entry(
          prefix + "weight_hh" + suffix, stacked(gates.map(\.recurrent), columns: description.outputs),
          shape: [rows, description.outputs]),
      ]
      if description.biases != .none {
        let zeros = [Float](repeating: 0, count: description.units)
        tensors.append(.init(prefix + "bias_ih" + suffix, gates.flatMap { $0.bias ?? zeros }, shape: [rows]))
        tensors.append(.init(prefix + "bias_hh" + suffix, gates.flatMap { $0.recurrentBias ?? zeros }, shape: [rows]))
      }
      if let projection = weights.projection {
        tensors.append(.init(prefix + "weight_hr" + suffix, projection, shape: [description.outputs, description.units]))
      }
      return tensors
    }
  }
}

extension LayerDescription {
  /// Whether PyTorch can have the layer above in the same module.
  fileprivate func isStackable(below upper: LayerDescription) -> Bool {
    kind == upper.kind && units == upper.units && direction == upper.direction && (biases == .none) == (upper.biases == .none)
      && upper.inputs == width
  }

  /// Whether a gate's weights have the other sign where the update gate is the fraction of the old: 1 - σ(a) = σ(-a).
  func isInverted(_ gate: Gate) -> Bool {
    if case .gru(let gru) = kind { gru.updatesInverted && gate == .update } else { false }
  }
}
