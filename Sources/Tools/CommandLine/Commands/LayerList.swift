import CellCompiler
import CellLanguage
import CommandKit
import Console
import Exchange
import Networks
import Support

extension Network {
  /// The layers as a list shows them, including those above the readout and the one on top; for cells that no other system has,
  /// the cell's name.
  var layerRows: [LayerRow] {
    let rows = architecture.layers.enumerated().map { index, layer in
      if let dense = denseLayer(index) { return LayerRow(dense) }
      if let known = try? recurrentLayer(index) { return LayerRow(known, gateOrder: known.description.gates) }
      let plan = found(
        zip(architecture.passes, plans).first { $0.0.layer == index }?.1, orFail: "layer \(index + 1) of the network has no pass")
      return LayerRow(
        cell: layer, name: "l\(index)", inputs: plan.dimensions.inputs,
        units: layer.cell.hasUnits ? layer.units : plan.width(ofState: 0))
    }
    return rows + (denseHeadLayers + (denseHead.map { [$0] } ?? [])).map { LayerRow($0) }
  }
}

/// A layer as a list shows it.
struct LayerRow: Encodable {
  let name: String
  let kind: String
  let inputs: Int
  let units: Int
  let projection: Int?
  let direction: String
  let gates: String
  let activations: String
  let reset: String?
  let peepholes: Bool
  let biases: String

  /// The kind of dense layers.
  static let dense = "dense"

  init(_ layer: RecurrentLayer, gateOrder: [LayerDescription.Gate]) {
    let description = layer.description
    name = layer.name
    (inputs, units, biases) = (description.inputs, description.units, description.biases.rawValue)
    gates = gateOrder.map { description.letter(of: $0) }.joined(separator: " ")
    switch description.direction {
    case .forward: direction = "forward"
    case .reverse: direction = "reverse"
    case .bidirectional(let merge): direction = "both, \(merge.rawValue)"
    }
    activations =
      description.activations(description.kind)
      + (description.reverse.map { "; in reverse \(description.activations($0))" } ?? "")
      + (description.clip.map { ", ±\($0)" } ?? "")
    var (projection, reset, peepholes): (Int?, String?, Bool) = (nil, nil, false)
    switch description.kind {
    case .rnn: kind = "RNN"
    case .lstm(let lstm):
      kind = lstm.coupled.map { "LSTM, \($0.rawValue) coupled" } ?? "LSTM"
      (projection, peepholes) = (lstm.projection, lstm.peepholes)
    case .gru(let gru):
      kind = gru.updatesInverted ? "GRU, update inverted" : "GRU"
      reset = gru.reset.rawValue
    }
    (self.projection, self.reset, self.peepholes) = (projection, reset, peepholes)
  }

  init(_ layer: DenseLayer) {
    (name, kind, inputs, units) = (layer.name, Self.dense, layer.inputs, layer.outputs)
    (direction, activations, biases) = ("-", layer.function.description, layer.bias == nil ? "none" : "one")
    (projection, gates, reset, peepholes) = (nil, "-", nil, false)
  }

  /// A layer of a cell that no other system has.
  init(cell layer: Architecture.Layer, name: String, inputs: Int, units: Int) {
    (self.name, kind, self.inputs, self.units) = (name, layer.cell.name, inputs, units)
    switch layer.direction {
    case .forward: direction = "forward"
    case .reverse: direction = "reverse"
    case .bidirectional(let merge, _): direction = "both, \(merge.rawValue)"
    }
    (projection, gates, activations, reset, peepholes, biases) = (nil, "-", "-", nil, false, "-")
  }
}

extension LayerDescription {
  /// The functions of a kind: of the gates, the candidate, the output.
  fileprivate func activations(_ kind: Kind) -> String {
    switch kind {
    case .rnn(let activation): activation.description
    case .lstm(let lstm): "\(lstm.gates) \(lstm.candidate) \(lstm.output)"
    case .gru(let gru): "\(gru.gates) \(gru.candidate)"
    }
  }
}

func layerTable(_ rows: [LayerRow], heading: (String) -> String = { $0 }) -> [String] {
  var table = Table(
    columns: [
      .text("layer"), .text("kind"), .numbers("inputs"), .numbers("units"), .text("direction"), .text("gates"),
      .text("functions"),
      .text("reset"), .text("peepholes"), .text("biases"),
    ])
  table.rows = rows.map { row in
    [
      row.name, row.kind, row.inputs.grouped, row.projection.map { "\(row.units.grouped)→\($0.grouped)" } ?? row.units.grouped,
      row.direction, row.gates, row.activations, row.reset ?? "-", row.peepholes ? "yes" : "-", row.biases,
    ]
  }
  return table.lines(heading: heading)
}
