public import CellLanguage
import Engine
import Models
public import Networks
import Storage
import Support
public import TensorFiles

extension Network {
  /// Layers of a cell whose parameters a file has under the names of the cell's equations. How many units and inputs there are follows
  /// from their shapes.
  ///
  /// A single layer has the parameters' own names. Several are numbered from 0, `layers.0.W_f`; one that reads both ways has
  /// `layers.0.forward.W_f` and `layers.0.reverse.W_f`, and one that reads in reverse only the latter.
  ///
  /// - Parameter sizes: values of the cell's own sizes, such as the number of its heads, that no shape shows.
  /// - Throws: ``RecurrentError`` if a parameter is missing, is too many or has another shape than it must.
  public init(_ cell: Cell, parameters file: TensorFile, sizes: [String: Int] = [:]) throws {
    let places = ParameterPlaces(file)
    for tensor in file.tensors
    where !places.all.contains(where: { place in cell.parameters.contains { place + $0.name == tensor.name } }) {
      throw RecurrentError(
        .interchange,
        "\(file.path) has a tensor \(tensor.name.debugDescription); the parameters of cell \(cell.name) are "
          + cell.parameters.map(\.name).joined(separator: ", "))
    }
    var layers: [Architecture.Layer] = []
    var input: Architecture.Input?
    var below: Int?
    for place in places.layers {
      let found = try cell.sizes(of: file, places: place.prefixes, given: sizes)
      guard let units = found["units"], let inputs = found["inputs"] else {
        throw RecurrentError(
          .interchange, "the parameters in \(file.path) do not say how many units and inputs cell \(cell.name) has")
      }
      let own = found.filter { $0.key != "units" && $0.key != "inputs" }
      let dimensions = try cell.dimensions(inputs: inputs, units: units, sizes: own)
      for prefix in place.prefixes { try cell.checkShapes(of: file, prefix, dimensions) }
      if let below, below != inputs {
        throw RecurrentError(
          .interchange,
          "the tensors \(place.prefixes[0])… of \(file.path) are of a layer that reads \(inputs) numbers, and the one below it gives \(below)"
        )
      }
      input = input ?? .features(of: cell, dimensions)
      layers.append(.init(cell, units: units, sizes: own, direction: place.direction))
      below = dimensions[cell.states[0].size] * place.prefixes.count
    }
    guard let input else { throw RecurrentError(.interchange, "\(file.path) has no tensors") }
    try self.init(Architecture(input: input, layers: layers, output: .lastLayer)) { layout in
      try layout.entries.flatMap { entry in
        let name = places.isSingle ? String(entry.name.dropFirst(ParameterPlaces.first.count)) : entry.name
        // A scalar may be an array of one number or none.
        return try file.floats(name, shape: entry.shape == [1] && file[name]?.shape == [] ? [] : entry.shape)
      }
    }
    try checkNumbers(of: file.path)
  }
}

/// Where the parameters of each layer stand in a file.
private struct ParameterPlaces {
  struct Layer {
    /// What the names of each direction's parameters begin with, those that read forward first.
    let prefixes: [String]
    let direction: Architecture.Direction
  }

  static let first = "layers.0."
  let layers: [Layer]
  /// Whether the names are the parameters' own.
  let isSingle: Bool
  var all: [String] { layers.flatMap(\.prefixes) }

  init(_ file: TensorFile) {
    func has(_ prefix: String) -> Bool { file.tensors.contains { $0.name.hasPrefix(prefix) } }
    isSingle = !has(Self.first)
    if isSingle {
      layers = [Layer(prefixes: [""], direction: .forward)]
      return
    }
    var layers: [Layer] = []
    while has("layers.\(layers.count).") {
      let place = "layers.\(layers.count)."
      switch (has(place + "forward."), has(place + "reverse.")) {
      case (true, _):
        layers.append(Layer(prefixes: [place + "forward.", place + "reverse."], direction: .bidirectional(.concatenate)))
      case (false, true): layers.append(Layer(prefixes: [place + "reverse."], direction: .reverse))
      case (false, false): layers.append(Layer(prefixes: [place], direction: .forward))
      }
    }
    self.layers = layers
  }
}

extension Cell {
  /// The named sizes as the shapes of the parameters say them: of sums of which only one summand is unknown, one after the other. Where shapes
  /// disagree, most of them decide, so that it is the odd one that is found wrong.
  fileprivate func sizes(of file: TensorFile, places: [String], given: [String: Int]) throws -> [String: Int] {
    var known = given
    var equations: [(sum: Size, value: Int)] = []
    for name in places.flatMap({ place in parameters.map { place + $0.name } }) {
      guard let shape = file[name]?.shape else {
        throw RecurrentError(
          .interchange, "\(file.path) has no tensor \(name.debugDescription), a parameter of cell \(self.name)")
      }
      guard
        let parameter = parameters.first(where: {
          name.hasSuffix($0.name) && places.contains(String(name.dropLast($0.name.count)))
        })
      else { continue }
      switch parameter.kind {
      case .matrix(let rows, let columns) where shape.count == 2:
        equations += [(rows, shape[0]), (columns.reduce(Size()) { $0 + $1 }, shape[1])]
      case .blockDiagonal(let rows, _) where shape.count == 2: equations.append((rows, shape[0]))
      case .vector(let size) where shape.count == 1, .bias(let size) where shape.count == 1: equations.append((size, shape[0]))
      case .scalar: break
      default:
        throw RecurrentError(
          .interchange, "tensor \(name.debugDescription) of \(file.path) has the shape \(shape), too many or too few axes")
      }
    }
    for _ in equations {
      var votes: [String: [Int: Int]] = [:]
      for (sum, value) in equations {
        let unknown = sum.terms.filter { known[$0.key] == nil }
        guard unknown.count == 1, let (name, count) = unknown.first, count > 0 else { continue }
        let rest = value - sum.constant - sum.terms.reduce(0) { $0 + (known[$1.key] ?? 0) * $1.value }
        if rest > 0 && value <= Size.largest && rest.isMultiple(of: count) {
          votes[name, default: [:]][rest / count, default: 0] += 1
        }
      }
      // The name on which most agree, before others follow from it.
      let counted = votes.compactMap { name, values in
        values.max { ($0.value, -$0.key) < ($1.value, -$1.key) }.map { (name: name, value: $0.key, votes: $0.value) }
      }
      guard let next = counted.max(by: { ($0.votes, $1.name) < ($1.votes, $0.name) }) else { break }
      known[next.name] = next.value
    }
    if hasHeads, known[Size.headsName] == nil, let heads = heads(of: file, places[0], known) { known[Size.headsName] = heads }
    return known
  }

  /// - Throws: ``RecurrentError`` if a parameter has not the shape that the sizes ask for; it names the parameter, and what its shape has to be.
  fileprivate func checkShapes(of file: TensorFile, _ place: String, _ dimensions: Dimensions) throws {
    for (parameter, entry) in zip(parameters, ParameterLayout(self, dimensions: dimensions).entries) {
      guard let shape = file[place + parameter.name]?.shape, shape != entry.shape, !(shape.isEmpty && entry.shape == [1]) else {
        continue
      }
      let text: String =
        switch parameter.kind {
        case .matrix(let rows, let columns): "\(rows) × \(columns.map(\.description).joined(separator: " + "))"
        case .blockDiagonal(let rows, let columns): "\(rows) × (\(columns.map(\.description).joined(separator: " + "))) / heads"
        case .vector(let size), .bias(let size): "\(size)"
        case .scalar: "1"
        }
      let sizes = dimensions.values.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
      throw RecurrentError(
        .interchange,
        "tensor \((place + parameter.name).debugDescription) of \(file.path) has the shape \(shape); expected \(entry.shape), as it is \(text) and the other tensors say \(sizes)"
      )
    }
  }

  /// The number of blocks by which the first block-diagonal matrix of a file is narrower than the whole matrix.
  private func heads(of file: TensorFile, _ place: String, _ known: [String: Int]) -> Int? {
    for parameter in parameters {
      guard case .blockDiagonal(_, let columns) = parameter.kind, let stored = file[place + parameter.name]?.shape.last,
        stored > 0
      else { continue }
      let sum = columns.reduce(Size(), +)
      var width = sum.constant
      for (name, count) in sum.terms {
        guard let value = known[name] else { return nil }
        width += value * count
      }
      return width.isMultiple(of: stored) && width >= stored ? width / stored : nil
    }
    return nil
  }
}
