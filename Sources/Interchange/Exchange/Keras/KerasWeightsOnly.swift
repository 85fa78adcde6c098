import Models
import Networks
import Support
import TensorFiles

/// Reads layers of which a file has the weights only: names and shapes say what they are, and options what is left open.
struct KerasWeightsOnly {
  let file: TensorFile
  let options: ReadingOptions
  let version: Int

  func chain(_ weights: KerasWeights) throws -> LayerChain {
    var parts: [LayerChain.Part] = []
    switch weights {
    case .listed(let prefix):
      for layer in KerasWeights.listedLayers(file, prefix: prefix) {
        parts += try self.parts(layer, stack: "", KerasWeights.listedArrays(file, prefix: prefix, layer: layer))
      }
    case .numbered:
      for folder in folders {
        let below = ["cell", "forward_layer/cell", "backward_layer/cell", ""]
        let arrays = below.flatMap { KerasWeights.numberedArrays(file, "layers/\(folder)" + ($0.isEmpty ? "" : "/\($0)")) }
        guard !arrays.isEmpty else {
          parts.append(.other(name: folder, what: "a layer of several parts, of which a file of weights alone says too little"))
          continue
        }
        parts += try self.parts(folder, stack: Self.key(folder).name, arrays)
      }
    }
    if options.readout != .everyStep { parts.append(.readout(options.readout)) }
    var isOrdered = true
    if case .numbered = weights { isOrdered = false }
    let notes = parts.compactMap { part -> Sentence? in
      guard case .recurrent(let found) = part, case .bidirectional(let merge) = found.layer.description.direction else {
        return nil
      }
      return
        "the file does not say what is made of the directions of \(found.layer.name): \(merge.rawValue) is taken; \(Setting("merge")) says another"
    }
    return LayerChain(path: file.path, parts: parts, isOrdered: isOrdered, notes: notes)
  }

  /// The layers' folders, those of a class in the order of their numbers.
  private var folders: [String] {
    var seen: Set<String> = []
    let names = file.tensors.compactMap { tensor -> String? in
      let parts = tensor.name.split(separator: "/").map(String.init)
      return parts.count > 2 && parts[0] == "layers" && seen.insert(parts[1]).inserted ? parts[1] : nil
    }
    return names.sorted { Self.key($0) < Self.key($1) }
  }

  /// `lstm_1` as `lstm` and 1.
  private static func key(_ folder: String) -> (name: String, number: Int) {
    let parts = folder.split(separator: "_")
    guard let number = parts.last.flatMap({ Int($0) }) else { return (folder, 0) }
    return (parts.dropLast().joined(separator: "_"), number)
  }

  private func parts(_ layer: String, stack: String, _ names: [String]) throws -> [LayerChain.Part] {
    let shapes = names.map { file[$0]?.shape ?? [] }
    if names.isEmpty { return [] }
    // One direction has a kernel and a recurrent kernel of equal width, and maybe a bias.
    guard shapes.count > 1, shapes[0].count == 2, shapes[1].count == 2, shapes[0][1] == shapes[1][1], shapes[1][0] > 0 else {
      let what =
        shapes[0].count == 2 ? "a dense layer or an embedding, of whose function the file says nothing" : "no recurrent layer"
      return [.other(name: layer, what: what)]
    }
    let own = shapes.count > 2 && shapes.count != 4 ? 3 : 2
    let directions = names.count / own
    guard directions * own == names.count, directions == 1 || directions == 2 && Self.areDirections(names) else {
      return [.other(name: layer, what: "a layer of several parts, of which a file of weights alone says too little")]
    }
    let (gates, rest) = shapes[1][1].quotientAndRemainder(dividingBy: shapes[1][0])
    guard rest == 0, [1, 3, 4].contains(gates) else {
      let error = RecurrentError(
        .interchange,
        "the recurrent kernel of layer \(layer) of \(file.path) has the shape \(shapes[1]); expected 1, 3 or 4 times as many columns "
          + "as rows: a SimpleRNN, a GRU or an LSTM")
      return [.unreadable(name: layer, error)]
    }
    let cell = try cell(layer, gates: gates, columns: shapes[1][1], bias: own == 3 ? shapes[2] : nil)
    var description = try cell.description(file, Array(names.prefix(own)), layer: layer)
    let parts = (0..<directions).map { Array(names[$0 * own..<($0 + 1) * own]) }
    let weights = try parts.map { try cell.weights(file, $0, description) }
    if directions == 2 { description.direction = .bidirectional(options.merge) }
    return [
      .recurrent(
        FoundLayer(
          layer: try RecurrentLayer(layer, description, weights: weights), stack: stack, system: .keras,
          gateOrder: cell.gateOrder,
          tensors: names))
    ]
  }

  /// Whether the arrays of a layer are those of two directions, as Keras calls them, and not of two layers of a model.
  private static func areDirections(_ names: [String]) -> Bool {
    zip(["forward_", "backward_"], [names.prefix(names.count / 2), names.suffix(names.count / 2)]).allSatisfy { direction, own in
      own.allSatisfy { $0.split(separator: "/").contains { $0.hasPrefix(direction) } }
    }
  }

  private func cell(_ layer: String, gates: Int, columns: Int, bias: [Int]?) throws(RecurrentError) -> KerasCell {
    let isCuDNN = gates > 1 && columns <= Int.max / 2 && bias == [2 * columns]
    let candidate = options.activation
    if gates == 1 { return KerasCell(.rnn, .rnn(candidate), usesBias: bias != nil, isCuDNN: false) }
    let function = isCuDNN ? "sigmoid" : options.recurrentActivation
    guard let function else {
      throw RecurrentError(
        .interchange,
        naming:
          "\(file.path) has weights only, which don't say the function of the gates: give \(Setting("recurrent-activation")) sigmoid (Keras's since "
          + "2.3) or hard_sigmoid (before), or the model's configuration with \(Setting("config")); \(Setting("activation")) is that of the candidate (tanh)"
      )
    }
    let sigmoid = try Activation(keras: function, version: version)
    if gates == 4 {
      let kind = LayerDescription.LSTM(gates: sigmoid, candidate: candidate, output: candidate)
      return KerasCell(.lstm, .lstm(kind), usesBias: bias != nil, isCuDNN: isCuDNN)
    }
    var reset: LayerDescription.Reset? = bias.map { $0.count == 2 || isCuDNN ? .after : .before }
    reset = reset ?? options.reset
    guard let reset else {
      throw RecurrentError(
        .interchange,
        naming:
          "the GRU \(layer) of \(file.path) has no bias, whose shape would say where its reset gate acts: give \(Setting("reset")) after (Keras's "
          + "default since version 2) or before")
    }
    return KerasCell(
      .gru, .gru(.init(gates: sigmoid, candidate: candidate, reset: reset)), usesBias: bias != nil, isCuDNN: isCuDNN)
  }
}
