public import CellLanguage
import Engine
import Models
public import Networks
import Storage
import Support
public import TensorFiles

extension Network {
  /// A single layer of a cell whose parameters a file has under the names of the cell's equations. How many units and inputs
  /// there are follows from their shapes.
  ///
  /// - Throws: ``RecurrentError`` or ``RecurrentError`` if a parameter is missing, is too many or has another shape than it must.
  public init(_ cell: Cell, parameters file: TensorFile) throws {
    for tensor in file.tensors where !cell.parameters.contains(where: { $0.name == tensor.name }) {
      throw RecurrentError(
        .interchange,
        "\(file.path) has a tensor \(tensor.name.debugDescription); the parameters of cell \(cell.name) are "
          + cell.parameters.map(\.name).joined(separator: ", "))
    }
    let sizes = try cell.sizes(of: file)
    guard let units = sizes["units"], let inputs = sizes["inputs"] else {
      throw RecurrentError(
        .interchange, "the parameters in \(file.path) do not say how many units and inputs cell \(cell.name) has")
    }
    let own = sizes.filter { $0.key != "units" && $0.key != "inputs" }
    let dimensions = try cell.dimensions(inputs: inputs, units: units, sizes: own)
    let layout = ParameterLayout(cell, dimensions: dimensions)
    let parameters = try layout.entries.flatMap { entry in
      // A scalar may be an array of one number or none.
      try file.floats(entry.name, shape: entry.shape == [1] && file[entry.name]?.shape == [] ? [] : entry.shape)
    }
    let architecture = Architecture(
      input: .features(of: cell, dimensions), layers: [.init(cell, units: units, sizes: own)], output: .lastLayer)
    try self.init(architecture) { _ in parameters }
    try checkNumbers(of: file.path)
  }
}

extension Cell {
  /// The named sizes as the shapes of the parameters say them: of sums of which only one summand is unknown, one after the other.
  fileprivate func sizes(of file: TensorFile) throws -> [String: Int] {
    var known: [String: Int] = [:]
    var equations: [(sum: Size, value: Int)] = []
    for parameter in parameters {
      guard let shape = file[parameter.name]?.shape else {
        throw RecurrentError(
          .interchange, "\(file.path) has no tensor \(parameter.name.debugDescription), a parameter of cell \(name)")
      }
      switch parameter.kind {
      case .matrix(let rows, let columns) where shape.count == 2:
        equations += [(rows, shape[0]), (columns.reduce(Size()) { $0 + $1 }, shape[1])]
      case .blockDiagonal(let rows, _) where shape.count == 2: equations.append((rows, shape[0]))
      case .vector(let size) where shape.count == 1, .bias(let size) where shape.count == 1: equations.append((size, shape[0]))
      case .scalar: break
      default:
        throw RecurrentError(
          .interchange,
          "tensor \(parameter.name.debugDescription) of \(file.path) has the shape \(shape), too many or too few axes")
      }
    }
    for _ in equations {
      for (sum, value) in equations {
        let unknown = sum.terms.filter { known[$0.key] == nil }
        guard unknown.count == 1, let (name, count) = unknown.first, count > 0 else { continue }
        let rest = value - sum.constant - sum.terms.reduce(0) { $0 + (known[$1.key] ?? 0) * $1.value }
        if rest > 0 && value <= Size.largest && rest.isMultiple(of: count) { known[name] = rest / count }
      }
    }
    if hasHeads, let heads = heads(of: file, known) { known[Size.headsName] = heads }
    return known
  }

  /// The number of blocks by which the first block-diagonal matrix of a file is narrower than the whole matrix.
  private func heads(of file: TensorFile, _ known: [String: Int]) -> Int? {
    for parameter in parameters {
      guard case .blockDiagonal(_, let columns) = parameter.kind, let stored = file[parameter.name]?.shape.last, stored > 0
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
