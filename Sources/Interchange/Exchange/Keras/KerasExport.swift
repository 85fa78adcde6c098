import Engine
import Models
public import Networks
import Sequences
import Storage
public import Support
import TensorFiles

/// A network as a Keras model: its weights as `model.save_weights` of Keras 3 writes them, and the Python that makes the model
/// and loads them.
public struct KerasExport: Sendable {
  /// A whole program; it expects the weights in the file called ``init(_:file:)``'s `file`, in the folder where it runs.
  public let program: String
  private let tree: HDF5Tree

  /// What the names of files of weights end in, without which Keras does not read them.
  package static let ending = ".weights.h5"

  /// - Parameter file: the weights' name, which must end in `.weights.h5` for Keras to read them.
  /// - Throws: ``RecurrentError`` if Keras has no such layer; it names the attribute and its value.
  public init(_ network: Network, file: String) throws {
    try network.checkEnds(for: "Keras")
    let readout = network.architecture.readout
    let layers = try network.layersOfOthers()
    let top = layers.lastIndex(where: \.isRecurrent) ?? 0
    guard readout == .everyStep || readout == .last || top == layers.count - 1 else {
      throw RecurrentError(
        .interchange,
        "the network reads out the \(readout.rawValue) of a dense layer's steps, which is not written for Keras: write it as ONNX"
      )
    }
    if readout == .last, !layers.contains(where: \.isRecurrent) {
      throw RecurrentError(
        .interchange, "the network reads out the last step of a dense layer, which is not written for Keras: write it as ONNX")
    }
    var classes: [String] = []
    var lines: [String] = []
    var tree = HDF5Tree()
    func add(_ name: String, _ arguments: String, _ arrays: (_ folder: String) throws -> [(String, [Float], [Int])]) rethrows {
      classes.append(name)
      lines.append("layers.\(name)(\(arguments)),")
      let folder = "layers/\(KerasWeights.folders(classes)[classes.count - 1])"
      tree.groups.append("\(folder)/vars")
      for (path, values, shape) in try arrays(folder) { tree.arrays.append((path, values, shape)) }
    }
    let input: String
    switch network.inputForms[0] {
    case .embedded(let symbols, let width, let weight):
      input = "keras.Input((None,), dtype=\"int32\")"
      add("Embedding", "\(symbols), \(width)") { folder in
        [("\(folder)/vars/0", network[weight] ?? [], [symbols, width])]
      }
    case .oneHot(let symbols):
      throw RecurrentError(
        .interchange,
        "the network reads \(symbols) symbols one-hot, for which Keras has no layer that can be written here: give it an embedding"
      )
    case .special(let what): preconditionFailure("an input of \(what) is refused before")
    case .numbers(let count): input = "keras.Input((None, \(count)))"
    }
    func add(_ dense: DenseLayer) throws {
      var arguments = "\(dense.outputs)"
      guard case .elementwise(let activation) = dense.function, let function = activation.kerasName else {
        throw RecurrentError(.interchange, "Keras has no function \(dense.function), which layer \(dense.name) has")
      }
      if activation != .linear { arguments += ", activation=\(json(function))" }
      if dense.bias == nil { arguments += ", use_bias=False" }
      add("Dense", arguments) { folder in
        let kernel = stacked([dense.weight], columns: dense.inputs, isTransposed: true)
        return [("\(folder)/vars/0", kernel, [dense.inputs, dense.outputs])]
          + (dense.bias.map { [("\(folder)/vars/1", $0, [dense.outputs])] } ?? [])
      }
    }
    for (index, layer) in layers.enumerated() {
      switch layer {
      case .dense(let dense): try add(dense)
      case .recurrent(let layer):
        let constructor = try Self.constructor(layer, givesSteps: readout != .last || index < top)
        add(constructor.name, constructor.arguments) { folder in
          layer.weights.enumerated().flatMap { direction, weights in
            let own = layer.weights.count == 1 ? "" : direction == 0 ? "forward_layer/" : "backward_layer/"
            return Self.arrays(layer.description, weights).enumerated().map { number, array in
              ("\(folder)/\(own)cell/vars/\(number)", array.values, array.shape)
            }
          }
        }
      }
    }
    switch readout {
    case .everyStep, .last: break
    case .mean: add("GlobalAveragePooling1D", "") { _ in [] }
    case .max: add("GlobalMaxPooling1D", "") { _ in [] }
    }
    for dense in try network.denseHeadLayers(for: "Keras") { try add(dense) }
    if let head = network.layout.head?.weight {
      add("Dense", "\(head.shape[0])" + (network.architecture.givesClasses ? ", activation=\"softmax\"" : "")) { folder in
        let kernel = stacked([Array(network.parameters[head.range])], columns: head.shape[1], isTransposed: true)
        return [
          ("\(folder)/vars/0", kernel, [head.shape[1], head.shape[0]]),
          ("\(folder)/vars/1", network["output.bias"] ?? [], [head.shape[0]]),
        ]
      }
    }
    tree.groups.append("vars")
    self.tree = tree
    let what = network.architecture.features.map { "[batch, time, \($0)]" } ?? "[batch, time], whole numbers"
    program = """
      # Made by recurrent convert for Keras 3. y = model.predict(x) for x of \(what).
      \(["import keras", "from keras import layers"].joined(separator: "\n"))

      model = keras.Sequential([
          \(input),
      \(lines.map { "    \($0)\n" }.joined())])
      model.load_weights(\(json(file)))

      """
  }

  /// The weights' file.
  public func weights() throws(RecurrentError) -> [UInt8] { try tree.bytes() }

  // MARK: Layers

  private static func constructor(
    _ layer: RecurrentLayer, givesSteps: Bool
  ) throws(RecurrentError) -> (name: String, arguments: String) {
    let description = layer.description
    func refuse(_ attribute: String, _ value: String) -> RecurrentError {
      RecurrentError(.interchange, "Keras has no layer with \(attribute) = \(value), which layer \(layer.name) has")
    }
    func name(_ activation: Activation, _ attribute: String) throws(RecurrentError) -> String {
      guard let name = activation.kerasName else { throw refuse(attribute, activation.description) }
      return name
    }
    func argument(_ key: String, _ value: String, usual: String) -> String { value == usual ? "" : ", \(key)=\"\(value)\"" }
    var (cell, arguments) = ("", "\(description.units)")
    switch description.kind {
    case .rnn(let activation):
      cell = "SimpleRNN"
      arguments += argument("activation", try name(activation, "activation"), usual: "tanh")
    case .lstm(let lstm):
      cell = "LSTM"
      if lstm.candidate != lstm.output { throw refuse("output activation", "\(lstm.output), other than the candidate's,") }
      if lstm.peepholes { throw refuse("peepholes", "true") }
      if let coupled = lstm.coupled { throw refuse("coupled gate", coupled.rawValue) }
      if let projection = lstm.projection { throw refuse("projection", "\(projection)") }
      arguments += argument("activation", try name(lstm.candidate, "activation"), usual: "tanh")
      arguments += argument("recurrent_activation", try name(lstm.gates, "recurrent_activation"), usual: "sigmoid")
    case .gru(let gru):
      cell = "GRU"
      arguments += argument("activation", try name(gru.candidate, "activation"), usual: "tanh")
      arguments += argument("recurrent_activation", try name(gru.gates, "recurrent_activation"), usual: "sigmoid")
      if gru.reset == .before { arguments += ", reset_after=False" }
    }
    if let clip = description.clip { throw refuse("clip", "\(clip)") }
    if layer.weights.contains(where: { !$0.initialStates.isEmpty }) { throw refuse("learned initial states", "true") }
    if description.biases == .none { arguments += ", use_bias=False" }
    if givesSteps { arguments += ", return_sequences=True" }
    if description.reverse != nil { throw refuse("other functions in reverse", "true") }
    switch description.direction {
    case .forward: return (cell, arguments)
    case .reverse where !givesSteps: return (cell, arguments + ", go_backwards=True")
    case .reverse: throw refuse("direction", "reverse, whose outputs stand in the order of the input,")
    case .bidirectional(let merge):
      let mode: String? =
        switch merge {
        case .concatenate: nil
        case .sum: "sum"
        case .multiply: "mul"
        case .average: "ave"
        }
      return ("Bidirectional", "layers.\(cell)(\(arguments))" + (mode.map { ", merge_mode=\"\($0)\"" } ?? ""))
    }
  }

  /// kernel, recurrent_kernel and bias.
  static func arrays(_ description: LayerDescription, _ weights: LayerWeights) -> [(values: [Float], shape: [Int])] {
    let (units, inputs) = (description.units, description.inputs)
    let cell = KerasCell(description)
    let gates = cell.gateOrder.compactMap { gate in
      description.gates.firstIndex(of: gate).map { place in
        description.isInverted(gate) ? weights.gates[place].negated : weights.gates[place]
      }
    }
    let columns = gates.count * units
    let kernel = stacked(gates.map(\.input), columns: inputs, isTransposed: true)
    let recurrent = stacked(gates.map(\.recurrent), columns: units, isTransposed: true)
    var arrays = [(kernel, [inputs, columns]), (recurrent, [units, columns])]
    guard description.biases != .none else { return arrays }
    let zeros = [Float](repeating: 0, count: units)
    let biases = [gates.flatMap { $0.bias ?? zeros }, gates.flatMap { $0.recurrentBias ?? zeros }]
    if case .gru(let gru) = description.kind, gru.reset == .after {
      arrays.append((biases[0] + biases[1], [2, columns]))
    } else {
      arrays.append((zip(biases[0], biases[1]).map(+), [columns]))
    }
    return arrays
  }
}
