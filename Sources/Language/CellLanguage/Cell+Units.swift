extension Cell {
  /// Whether it makes a difference how many units a layer of it has: not if all its vectors are as long as the input, or as the text says.
  package var hasUnits: Bool {
    let sizes =
      states.flatMap { [$0.size.rows] + ($0.size.columns.map { [$0] } ?? []) }
      + parameters.flatMap { parameter -> [Size] in
        switch parameter.kind {
        case .matrix(let rows, let columns), .blockDiagonal(let rows, let columns): [rows] + columns
        case .vector(let size), .bias(let size): [size]
        case .scalar: []
        }
      }
    return sizes.contains { $0.terms["units"] != nil }
      || self.sizes.contains { $0.defaultValue?.names.contains("units") ?? false }
  }
}
