import CellCompiler
import CellLanguage
import Engine
import Networks
import Support

/// A parameter of a cell as it is shown.
struct ShownParameter: Encodable {
  let name: String
  let kind: String
  /// The size as a formula: `units × (units + inputs)`.
  let size: String
  /// The size in numbers.
  let shape: [Int]
  let count: Int
  /// How it starts: for each of its vectors the block of a matrix, if they differ.
  let start: String

  init(_ index: Int, of plan: Plan) {
    let parameter = plan.cell.parameters[index]
    let entry = ParameterLayout(plan.cell, dimensions: plan.dimensions).entries[index]
    name = parameter.name
    kind = parameter.kind.word
    size = parameter.kind.formula
    shape = entry.shape
    count = entry.range.count
    let starts = plan.initializers(ofParameter: index).map(\.phrase)
    start = Set(starts).count == 1 ? starts[0] : starts.joined(separator: ", ")
  }
}

extension Cell.Parameter.Kind {
  /// The kind's name.
  var word: String {
    switch self {
    case .matrix: "matrix"
    case .blockDiagonal: "block-diagonal matrix"
    case .vector: "vector"
    case .bias: "bias"
    case .scalar: "scalar"
    }
  }

  /// The size in terms of the layer's sizes: `units × (units + inputs)`.
  var formula: String {
    switch self {
    case .matrix(let rows, let columns): return Self.product(rows, columns)
    case .blockDiagonal(let rows, let columns): return Self.product(rows, columns) + " / heads"
    case .vector(let size), .bias(let size): return size.description
    case .scalar: return "1"
    }
  }

  private static func product(_ rows: Size, _ columns: [Size]) -> String {
    let sum = columns.map(\.description).joined(separator: " + ")
    return [rows.description, sum].map { $0.contains("+") ? "(\($0))" : $0 }.joined(separator: " × ")
  }
}

extension Cell.Initializer {
  /// The initializer in the short form for a table.
  fileprivate var phrase: String {
    switch self {
    case .uniform(let low, let high) where low == -high: "uniform(±\(short((high * 1000).rounded() / 1000)))"
    default: description
    }
  }
}
