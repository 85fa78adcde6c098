import Models
import Networks
import Storage
import Support
import TensorFiles

/// A recurrent layer of a Keras model, wrapped as it may be.
struct KerasRecurrent {
  /// The layer's cells from the first up: one, or those of StackedRNNCells.
  let cells: [KerasCell]
  /// The cells' folders below the layer's, in files of Keras 3.
  private let folders: [String]
  let isBackward: Bool
  let returnsSequences: Bool
  /// Whether its outputs at masked steps are 0; otherwise they are those of the step before.
  let zeroesMaskedSteps: Bool
  /// Whether its states outlast a call.
  let isStateful: Bool
  /// Nil for a layer that is not bidirectional.
  let merge: Architecture.Merge?
  /// Whether the two directions' outputs stay apart.
  let staysApart: Bool
  private let name: String

  /// - Parameter name: the layer's path in the model.
  /// - Returns: nil if the class is no recurrent one.
  /// - Throws: ``RecurrentError`` if an attribute has a value that no layer here can have, or is not known here.
  init?(_ className: String, _ json: JSONValue, name: String, version: Int) throws(RecurrentError) {
    self.name = name
    var config = KerasConfig(json, layer: name, version: version)
    guard className == "Bidirectional" else {
      guard let (cells, folders) = try Self.cells(className, &config) else { return nil }
      (self.cells, self.folders, merge, staysApart) = (cells, folders, nil, false)
      isBackward = try config.flag("go_backwards")
      returnsSequences = try config.flag("return_sequences")
      zeroesMaskedSteps = try config.flag("zero_output_for_mask")
      isStateful = try config.flag("stateful")
      if try config.flag("time_major") {
        throw RecurrentError(.interchange, "layer \(name) has time_major = true; save the model with time_major = false")
      }
      try config.checkAllKnown()
      return
    }
    guard
      let forward = try config.value("layer").flatMap({ layer throws(RecurrentError) in
        try KerasRecurrent(layer["class_name"]?.text ?? "?", layer["config"] ?? .null, name: name, version: version)
      })
    else { return nil }
    if forward.isBackward { throw RecurrentError(.interchange, "the forward direction of layer \(name) has go_backwards = true") }
    if let other = config.value("backward_layer") {
      let backward = try KerasRecurrent(
        other["class_name"]?.text ?? "?", other["config"] ?? .null, name: name, version: version)
      guard let backward, backward.isBackward, backward.isMirror(of: forward) else {
        throw RecurrentError(.interchange, "the directions of layer \(name) are layers of different kinds or sizes")
      }
    }
    if forward.cells.count > 1 { throw RecurrentError(.interchange, "layer \(name) has stacked cells in two directions") }
    (cells, folders, isBackward, returnsSequences) = (forward.cells, forward.folders, false, forward.returnsSequences)
    // Keras sets zero_output_for_mask of both directions.
    (zeroesMaskedSteps, isStateful) = (true, forward.isStateful)
    let mode = config.value("merge_mode")
    staysApart = mode == nil
    switch mode?.text {
    case "concat": merge = .concatenate
    case "sum": merge = .sum
    case "mul": merge = .multiply
    case "ave": merge = .average
    case nil where mode == nil: merge = .concatenate
    default: throw config.wrong("merge_mode", mode ?? .null, expected: "concat, sum, mul or ave")
    }
    try config.checkAllKnown()
  }

  /// Whether the layer does in reverse what `other` does.
  private func isMirror(of other: KerasRecurrent) -> Bool {
    cells.map(\.kind) == other.cells.map(\.kind) && cells.map(\.usesBias) == other.cells.map(\.usesBias)
      && cells.map(\.units) == other.cells.map(\.units) && returnsSequences == other.returnsSequences
      && isStateful == other.isStateful
  }

  private static func cells(
    _ className: String, _ config: inout KerasConfig
  ) throws(RecurrentError) -> ([KerasCell], [String])? {
    guard className == "RNN" else { return try KerasCell(className, &config).map { ([$0], ["cell"]) } }
    guard let cell = config.value("cell") else { return nil }
    guard cell["class_name"]?.text == "StackedRNNCells" else { return try Self.cell(cell, config).map { ([$0], ["cell"]) } }
    var stack = KerasConfig(cell["config"] ?? .null, layer: "\(config.layer), its cell,", version: config.version)
    let listed = stack.value("cells")?.array ?? []
    if try stack.flag("reverse_state_order") {
      throw RecurrentError(.interchange, "layer \(config.layer) has reverse_state_order = true, which is not read here")
    }
    try stack.checkAllKnown()
    var cells: [KerasCell] = []
    for cell in listed {
      guard let cell = try Self.cell(cell, config) else { return nil }
      cells.append(cell)
    }
    let folders = KerasWeights.folders(listed.map { $0["class_name"]?.text ?? "?" })
    return cells.isEmpty ? nil : (cells, folders.map { "cell/cells/\($0)" })
  }

  /// A cell within the layer of a configuration.
  private static func cell(_ json: JSONValue, _ config: KerasConfig) throws(RecurrentError) -> KerasCell? {
    if KerasLayer.foreignModule(json) != nil { return nil }
    var own = KerasConfig(json["config"] ?? .null, layer: "\(config.layer), its cell,", version: config.version)
    let cell = try KerasCell(json["class_name"]?.text ?? "?", &own)
    if cell != nil { try own.checkAllKnown() }
    return cell
  }

  /// The widths of the states that the layer may be given: those of each cell, for each direction.
  var stateWidths: [Int?] {
    let own = cells.flatMap { [Int?](repeating: $0.units, count: $0.family == .lstm ? 2 : 1) }
    return merge == nil ? own : own + own
  }

  /// The arrays of each cell in each direction, forward ones first, out of those of the layer.
  private func arrays(_ file: TensorFile, _ place: KerasPlace) throws(RecurrentError) -> [[[String]]] {
    let directions = merge == nil ? [""] : ["forward_layer/", "backward_layer/"]
    switch place {
    case .folder(let folder):
      return directions.map { direction in folders.map { KerasWeights.numberedArrays(file, "\(folder)/\(direction)\($0)") } }
    case .arrays(let names):
      let expected = directions.count * cells.reduce(0) { $0 + $1.arrays }
      let gates = cells.compactMap(\.arraysOfGates).reduce(0, +)
      // Keras 1 had no stacked cells.
      if cells.count == 1, gates > 0, names.count == directions.count * gates {
        return directions.indices.map { [Array(names[$0 * gates..<($0 + 1) * gates])] }
      }
      guard names.count == expected else {
        throw RecurrentError(.interchange, "layer \(name) of \(file.path) has \(names.count) arrays; expected \(expected)")
      }
      var rest = names[...]
      return directions.map { _ in
        cells.map { cell in
          defer { rest = rest.dropFirst(cell.arrays) }
          return Array(rest.prefix(cell.arrays))
        }
      }
    }
  }

  /// The layers with their weights: one, or as many as there are stacked cells.
  func layers(_ file: TensorFile, _ place: KerasPlace) throws -> [FoundLayer] {
    let arrays = try arrays(file, place)
    return try cells.enumerated().map { index, cell in
      let own = cells.count == 1 ? name : "\(name).\(index)"
      var description = try cell.description(file, arrays[0][index], layer: own)
      let weights = try arrays.map { direction in
        guard try cell.description(file, direction[index], layer: own) == description else {
          throw RecurrentError(.interchange, "the directions of layer \(own) of \(file.path) have different sizes")
        }
        return try cell.weights(file, direction[index], description)
      }
      if let merge { description.direction = .bidirectional(merge) }
      if isBackward { description.direction = .reverse }
      return FoundLayer(
        layer: try RecurrentLayer(own, description, weights: weights), stack: name, system: .keras, gateOrder: cell.gateOrder,
        tensors: arrays.flatMap { $0[index] })
    }
  }
}
