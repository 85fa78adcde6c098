import Engine
import Models
public import Networks
import Storage
import Support

/// A network as the JSON that RTNeural and the guitar players that are built on it read: LSTMs, GRUs that reset after the product, and
/// dense layers, laid out as Keras's.
///
/// Source: RTNeural, `model_loader.h`.
public struct RTNeuralExport: Sendable {
  /// The file's text.
  public let json: String

  /// - Throws: ``RecurrentError`` if RTNeural has no such layer; it says which.
  public init(_ network: Network) throws {
    try network.checkEnds(for: "RTNeural")
    guard case .numbers(let inputs) = network.inputForms[0], network.architecture.readout == .everyStep else {
      throw RecurrentError(
        .interchange,
        "RTNeural reads numbers and gives numbers at each step, and the network does something else: write it as ONNX")
    }
    var layers = try network.layersOfOthers().map { layer in
      switch layer {
      case .dense(let dense): try Layer(dense)
      case .recurrent(let layer): try Layer(layer)
      }
    }
    if let head = network.layout.head?.weight {
      layers.append(
        try Layer(
          DenseLayer(
            "output", inputs: head.shape[1], outputs: head.shape[0], weight: Array(network.parameters[head.range]),
            bias: network["output.bias"], function: network.architecture.givesClasses ? .softmax : .elementwise(.linear))))
    }
    json = Storage.json(Model(inShape: [nil, nil, inputs], layers: layers))
  }

  private struct Model: Encodable {
    let inShape: [Int?]
    let layers: [Layer]
  }

  private struct Layer: Encodable {
    let type: String
    let activation: String
    let shape: [Int?]
    let weights: [Weights]

    init(_ dense: DenseLayer) throws(RecurrentError) {
      let name: String? =
        switch dense.function {
        case .elementwise(.linear): ""
        case .elementwise(let activation): activation.kerasName
        case .softmax: "softmax"
        case .logSoftmax: "log_softmax"
        }
      guard let name, Self.functions.contains(name) else {
        throw RecurrentError(.interchange, "RTNeural has no function \(dense.function), which layer \(dense.name) has")
      }
      (type, activation, shape) = ("dense", name, [nil, nil, dense.outputs])
      let kernel = stacked([dense.weight], columns: dense.inputs, isTransposed: true)
      weights = [
        .rows(kernel, width: dense.outputs), .row(dense.bias ?? [Float](repeating: 0, count: dense.outputs)),
      ]
    }

    init(_ layer: RecurrentLayer) throws(RecurrentError) {
      let description = layer.description
      func refusal(_ what: String) -> RecurrentError {
        RecurrentError(.interchange, "RTNeural has no layer with \(what), which layer \(layer.name) has: write it as ONNX")
      }
      switch description.kind {
      case .rnn: throw refusal("a plain recurrence")
      case .lstm(let lstm):
        if lstm != LayerDescription.LSTM() { throw refusal("an LSTM other than the usual one") }
        type = "lstm"
      case .gru(let gru):
        if gru != LayerDescription.GRU(reset: .after, updatesInverted: gru.updatesInverted) {
          throw refusal("a GRU other than the usual one that resets after the product")
        }
        type = "gru"
      }
      if description.direction != .forward { throw refusal("a direction other than forward") }
      if description.clip != nil { throw refusal("a limit on sums") }
      if layer.weights.contains(where: { !$0.initialStates.isEmpty }) { throw refusal("learned initial states") }
      (activation, shape) = ("tanh", [nil, nil, description.units])
      let arrays = KerasExport.arrays(description, layer.weights[0])
      let columns = arrays[0].shape[1]
      let bias = arrays.count > 2 ? arrays[2].values : [Float](repeating: 0, count: type == "gru" ? 2 * columns : columns)
      weights = [
        .rows(arrays[0].values, width: columns), .rows(arrays[1].values, width: columns),
        type == "gru" ? .rows(bias, width: columns) : .row(bias),
      ]
    }

    private static let functions: Set = ["", "tanh", "relu", "sigmoid", "softmax", "elu"]
  }

  /// An array of a layer.
  private enum Weights: Encodable {
    case row([Float])
    /// `[rows, width]`
    case rows([Float], width: Int)

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .row(let values): try container.encode(values)
      case .rows(let values, let width):
        try container.encode(stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) })
      }
    }
  }
}
