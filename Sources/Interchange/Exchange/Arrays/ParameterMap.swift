package import TensorFiles
import Support

/// How arrays of a file become a cell's parameters, where others store them under other names, stacked or transposed.
///
/// `W_i = weight_ih[0..4], W_f = weight_ih[4..8], U = kernel^T`: each parameter is a tensor, or some of its rows, counted from 0 and up to but
/// without another, and of these maybe the transpose. Names that no entry mentions stay what they are.
package struct ParameterMap: Sendable, Hashable {
  package struct Entry: Sendable, Hashable {
    let name: String
    let tensor: String
    let rows: Range<Int>?
    let isTransposed: Bool
  }

  let entries: [Entry]

  /// Nil if the text is no such list.
  package init?(_ text: String) {
    var entries: [Entry] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1).map { Self.trimmed($0) }
      guard sides.count == 2, !sides[0].isEmpty, let entry = Self.entry(sides[0], sides[1]) else { return nil }
      entries.append(entry)
    }
    self.entries = entries
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop { $0 == " " }
    return String(start.reversed().drop { $0 == " " }.reversed())
  }

  private static func entry(_ name: String, _ source: String) -> Entry? {
    let isTransposed = source.hasSuffix("^T")
    var tensor = isTransposed ? String(source.dropLast(2)) : source
    var rows: Range<Int>?
    if tensor.hasSuffix("]"), let open = tensor.lastIndex(of: "[") {
      let ends = tensor[tensor.index(after: open)...].dropLast().split(separator: "..", omittingEmptySubsequences: false).map {
        Int($0)
      }
      guard ends.count == 2, let first = ends[0], let last = ends[1], 0 <= first, first < last else { return nil }
      rows = first..<last
      tensor = String(tensor[..<open])
    }
    return tensor.isEmpty ? nil : Entry(name: name, tensor: tensor, rows: rows, isTransposed: isTransposed)
  }
}

extension TensorFile {
  /// The file with its tensors under other names: of those that begin with `prefix` the rest of the name, without all others; and what a map
  /// makes of them.
  ///
  /// - Throws: ``RecurrentError`` if a tensor of the map is not there, or has not the rows or axes that are asked for.
  package func renamed(prefix: String = "", map: ParameterMap? = nil) throws -> TensorFile {
    let own = tensors.filter { $0.name.hasPrefix(prefix) }
    if own.isEmpty {
      throw RecurrentError(.interchange, "\(path) has no tensor whose name begins with \(prefix.debugDescription)")
    }
    let sources = Set(map?.entries.map(\.tensor) ?? [])
    var renamed: [Tensor] = []
    for tensor in own {
      let name = String(tensor.name.dropFirst(prefix.count))
      if sources.contains(name) { continue }
      renamed.append(Tensor(name: name, shape: tensor.shape, numbers: try floats(tensor.name).map(Double.init)))
    }
    for entry in map?.entries ?? [] {
      if renamed.contains(where: { $0.name == entry.name }) {
        throw RecurrentError(.interchange, "\(path) has a tensor \(entry.name.debugDescription), and the map makes another one")
      }
      renamed.append(try mapped(entry, prefix: prefix))
    }
    return with(renamed)
  }

  private func mapped(_ entry: ParameterMap.Entry, prefix: String) throws -> Tensor {
    guard let tensor = self[prefix + entry.tensor] else {
      throw RecurrentError(
        .interchange,
        "\(path) has no tensor \((prefix + entry.tensor).debugDescription), of which the map makes \(entry.name.debugDescription)"
      )
    }
    var (shape, numbers) = (tensor.shape, try floats(tensor.name).map(Double.init))
    if let rows = entry.rows {
      guard let count = shape.first, rows.upperBound <= count else {
        throw RecurrentError(
          .interchange,
          "tensor \(tensor.name.debugDescription) of \(path) has the shape \(shape), and no rows \(rows.lowerBound)..\(rows.upperBound)"
        )
      }
      let width = shape.dropFirst().reduce(1, *)
      numbers = Array(numbers[rows.lowerBound * width..<rows.upperBound * width])
      shape[0] = rows.count
    }
    if entry.isTransposed {
      guard shape.count == 2 else {
        throw RecurrentError(
          .interchange,
          "tensor \(tensor.name.debugDescription) of \(path) has the shape \(shape), and only what has two axes has a transpose")
      }
      let (rows, columns) = (shape[0], shape[1])
      numbers = (0..<rows * columns).map { numbers[$0 % rows * columns + $0 / rows] }
      shape = [columns, rows]
    }
    return Tensor(name: entry.name, shape: shape, numbers: numbers)
  }
}
