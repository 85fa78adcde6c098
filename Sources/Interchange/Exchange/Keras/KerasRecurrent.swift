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
  /// Nil for a layer that is not bidirectional.
  let merge: Architecture.Merge?
  /// Whether the two directions' outputs stay apart.
  let staysApart: Bool
  private let name: String

  /// - Returns: nil if the class is no recurrent one.
  /// - Throws: ``RecurrentError`` if an attribute has a value that no layer here can have.
  init?(_ className: String, _ config: JSONValue, version: Int) throws(RecurrentError) {
    name = config["name"]?.text ?? className
    guard className == "Bidirectional" else {
      guard let (cells, folders) = try Self.cells(className, config, version: version) else { return nil }
      (self.cells, self.folders, merge, staysApart) = (cells, folders, nil, false)
      isBackward = config["go_backwards"]?.bool ?? false
      returnsSequences = config["return_sequences"]?.bool ?? false
      if config["time_major"]?.bool == true {
        throw RecurrentError(.interchange, "layer \(name) has time_major = true; save the model with time_major = false")
      }
      return
    }
    let inner = config["layer"]?["config"] ?? .null
    guard let forward = try KerasRecurrent(config["layer"]?["class_name"]?.text ?? "?", inner, version: version) else {
      return nil
    }
    if forward.isBackward { throw RecurrentError(.interchange, "the forward direction of layer \(name) has go_backwards = true") }
    if let other = config["backward_layer"] {
      let backward = try KerasRecurrent(other["class_name"]?.text ?? "?", other["config"] ?? .null, version: version)
      guard let backward, backward.cells.map(\.kind) == forward.cells.map(\.kind), backward.isBackward,
        backward.cells.map(\.usesBias) == forward.cells.map(\.usesBias), backward.cells.map(\.units) == forward.cells.map(\.units)
      else { throw RecurrentError(.interchange, "the directions of layer \(name) are layers of different kinds or sizes") }
    }
    if forward.cells.count > 1 { throw RecurrentError(.interchange, "layer \(name) has stacked cells in two directions") }
    (cells, folders, isBackward, returnsSequences) = (forward.cells, forward.folders, false, forward.returnsSequences)
    let mode = config["merge_mode"]
    staysApart = mode == nil
    switch mode?.text {
    case "concat", nil: merge = .concatenate
    case "sum": merge = .sum
    case "mul": merge = .multiply
    case "ave": merge = .average
    case let other?:
      throw RecurrentError(.interchange, "layer \(name) has merge_mode = \(other); there are concat, sum, mul and ave")
    }
  }

  private static func cells(
    _ className: String, _ config: JSONValue, version: Int
  ) throws(RecurrentError) -> ([KerasCell], [String])? {
    guard className == "RNN" else {
      return try KerasCell(className, config, version: version).map { ([$0], ["cell"]) }
    }
    let cell = config["cell"] ?? .null
    let (kind, own) = (cell["class_name"]?.text ?? "?", cell["config"] ?? .null)
    guard kind == "StackedRNNCells" else { return try KerasCell(kind, own, version: version).map { ([$0], ["cell"]) } }
    var cells: [KerasCell] = []
    let listed = own["cells"]?.array ?? []
    for cell in listed {
      guard let cell = try KerasCell(cell["class_name"]?.text ?? "?", cell["config"] ?? .null, version: version) else {
        return nil
      }
      cells.append(cell)
    }
    let folders = KerasWeights.folders(listed.map { $0["class_name"]?.text ?? "?" })
    return cells.isEmpty ? nil : (cells, folders.map { "cell/cells/\($0)" })
  }

  /// The arrays of each cell in each direction, forward ones first, out of those of the layer.
  private func arrays(_ file: TensorFile, _ place: KerasPlace) throws(RecurrentError) -> [[[String]]] {
    let directions = merge == nil ? [""] : ["forward_layer/", "backward_layer/"]
    switch place {
    case .folder(let folder):
      return directions.map { direction in folders.map { KerasWeights.numberedArrays(file, "\(folder)/\(direction)\($0)") } }
    case .arrays(let names):
      let expected = directions.count * cells.reduce(0) { $0 + $1.arrays }
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

/// Where a layer's arrays are.
enum KerasPlace {
  case folder(String)
  case arrays([String])

  /// The arrays that stand in the place itself, or in a folder below it.
  func arrays(_ file: TensorFile, below folder: String? = nil) -> [String] {
    switch self {
    case .folder(let own): KerasWeights.numberedArrays(file, folder.map { "\(own)/\($0)" } ?? own)
    case .arrays(let names): names
    }
  }
}
