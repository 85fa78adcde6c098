import Engine
package import Models
package import Networks
import Storage
import Support

extension Network {
  /// The network's tensors under the names of MLX: `layers.0.Wx` and so on for modules in a list called `layers`,
  /// `embedding.weight`, `output.weight` and `output.bias`; dense layers above what is read out stand in a list called `above`.
  ///
  /// - Throws: ``RecurrentError`` if MLX has no such layer; it names the attribute and its value.
  package func mlxTensors() throws -> [Safetensors.Entry] {
    try checkEnds(for: "MLX")
    let others = ends
    var entries = others.map { Safetensors.Entry($0.name, Array(parameters[$0.range]), shape: $0.shape) }
    func add(_ dense: DenseLayer, prefix: String) {
      entries.append(.init(prefix + "weight", dense.weight, shape: [dense.outputs, dense.inputs]))
      if let bias = dense.bias { entries.append(.init(prefix + "bias", bias, shape: [dense.outputs])) }
    }
    for (index, layer) in try layersOfOthers().enumerated() {
      switch layer {
      case .recurrent(let layer): entries += try mlxEntries(layer, prefix: "layers.\(index).")
      case .dense(let dense): add(dense, prefix: "layers.\(index).")
      }
    }
    for (index, dense) in try denseHeadLayers(for: "MLX").enumerated() { add(dense, prefix: "above.\(index).") }
    return entries
  }
}

private func mlxEntries(_ layer: RecurrentLayer, prefix: String) throws(RecurrentError) -> [Safetensors.Entry] {
  let description = layer.description
  func refuse(_ attribute: String, _ value: String) -> RecurrentError {
    RecurrentError(.interchange, "MLX has no layer with \(attribute) = \(value), which layer \(layer.name) has")
  }
  guard description.direction == .forward else { throw refuse("direction", "other than forward") }
  if layer.weights.contains(where: { !$0.initialStates.isEmpty }) { throw refuse("learned initial states", "true") }
  if let clip = description.clip { throw refuse("clip", "\(clip)") }
  var (input, recurrent, isGRU) = ("Wx", "Wh", false)
  switch description.kind {
  // The function is an argument of the module.
  case .rnn(let activation):
    if activation != .tanh && activation != .relu { throw refuse("nonlinearity", activation.description) }
    (input, recurrent) = ("Wxh", "Whh")
  case .lstm(let lstm):
    guard lstm == .init() else { throw refuse("other functions or parts than a plain LSTM", "true") }
  case .gru(let gru):
    guard gru == .init(updatesInverted: gru.updatesInverted) else { throw refuse("other functions than a plain GRU", "true") }
    isGRU = true
  }
  let gates = zip(description.gates, layer.weights[0].gates).map { description.isInverted($0) ? $1.negated : $1 }
  let rows = gates.count * description.units
  var entries = [
    Safetensors.Entry(
      prefix + input, stacked(gates.map(\.input), columns: description.inputs), shape: [rows, description.inputs]),
    Safetensors.Entry(
      prefix + recurrent, stacked(gates.map(\.recurrent), columns: description.units), shape: [rows, description.units]),
  ]
  guard description.biases != .none else { return entries }
  let zeros = [Float](repeating: 0, count: description.units)
  // A GRU keeps the candidate's recurrent bias apart, which the reset gate acts on; all others are added up.
  let biases = gates.enumerated().flatMap { place, gate in
    zip(gate.bias ?? zeros, isGRU && place == 2 ? zeros : gate.recurrentBias ?? zeros).map(+)
  }
  entries.append(.init(prefix + (isGRU ? "b" : "bias"), biases, shape: [rows]))
  if isGRU { entries.append(.init(prefix + "bhn", gates[2].recurrentBias ?? zeros, shape: [description.units])) }
  return entries
}
