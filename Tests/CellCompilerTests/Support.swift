import CellCompiler
import CellLanguage
import Testing

extension Cell {
  /// Six units and five inputs, or as many inputs as units if the cell wants that.
  var smallDimensions: Dimensions {
    get throws { try dimensions(inputs: constraints.isEmpty ? 5 : 6, units: 6) }
  }

  /// The cell whose states keep a fraction of their units' values, by turns a quarter and a half.
  var zoned: Cell {
    zoningOut(Dictionary(uniqueKeysWithValues: states.enumerated().map { ($1.name, $0 % 2 == 0 ? 0.25 : 0.5) }))
  }
}

/// The plan of a few equations, after one of the passes or after all: four units, and three inputs unless these must be four.
func plan(
  of equations: String, states: String = "h", through pass: Plan.Pass? = nil, drawing: Plan.Drawing = .init(),
  computesAll: Bool = false
) throws -> Plan {
  let cell = try Cell(parsing: "cell small\ninput x\nstate \(states)\n\(equations)\n", file: "small.cell")
  let dimensions = try cell.dimensions(inputs: cell.constraints.isEmpty ? 3 : 4, units: 4)
  return Plan(compiling: cell, dimensions: dimensions, drawing: drawing, computesAll: computesAll, through: pass)
}

extension Plan {
  /// The lines that are printed under a heading.
  func lines(under heading: String) throws -> [String] {
    let lines = description.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let start = try #require(lines.firstIndex { $0.hasPrefix(heading) }, "\(description)")
    return lines[(start + 1)...].prefix { !$0.isEmpty }.map { String($0.drop { $0 == " " }) }
  }

  /// The values of the forward step, each as it is defined, without its width.
  var forwardValues: [String] {
    get throws { try lines(under: "a step, value by value").map { $0.replacing(/\ {3}\d+$/, with: "") } }
  }

  /// The values of the backward step, each as it is defined, without its width.
  var backwardValues: [String] {
    get throws { try lines(under: "a step back, value by value").map { $0.replacing(/\ {3}\d+$/, with: "") } }
  }

  /// What is called that after the forward step: a local vector, `h'`, `f.pre`.
  func value(_ name: String) throws -> Graph.Value { try #require(value(named: name)) }

  /// The terms and the biases of a pre-activation.
  func sum(_ name: String) throws -> (terms: [Graph.Term], biases: [Int]) {
    guard case .affine(let terms, let biases) = graph[try value(name)].operation else {
      Issue.record("\(name) is no pre-activation")
      return ([], [])
    }
    return (terms, biases)
  }

  /// All instructions of a schedule as they are printed, with the widths of their programs left out.
  func instructions(under heading: String) throws -> [String] {
    try lines(under: heading).filter { !$0.hasPrefix("program") }
  }
}
