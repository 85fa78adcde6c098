/// A word that begins a line of a cell that is no equation.
package enum Keyword: String, Sendable, CaseIterable {
  case cell, input, memory, state, local, size, heads, block, constant, scalar, fixed, zoneout
  case repetition = "repeat"
  case initialize = "init"

  /// A line that begins with it.
  package var example: String {
    switch self {
    case .cell: "cell lstm"
    case .input: "input x"
    case .memory: "memory M(K)"
    case .state: "state h, c"
    case .local: "local z(P)"
    case .size: "size P = units / 2"
    case .heads: "heads 4"
    case .block: "block R"
    case .constant: "constant ε = 1e-5"
    case .scalar: "scalar α, β"
    case .fixed: "fixed V"
    case .zoneout: "zoneout c = 0.5"
    case .repetition: "repeat 6"
    case .initialize: "init b_f = 1"
    }
  }

  /// What such a line says.
  package var meaning: String {
    switch self {
    case .cell: "the cell's name, before all other lines; letters, digits, _ and - may stand in it"
    case .input:
      "vectors that each step reads; the first is `inputs` long, and further ones say how long they are: dt(1), m(inputs), s(S)"
    case .memory:
      "a sequence that another network gave, of which every step may read every row; K says how long a row is, as `inputs` does of an input"
    case .state:
      "vectors that a step passes on to the next; the first is the output; h(P) and h(16) say how long they are, and C(units, P) is a matrix of so many rows and columns"
    case .local: "how long local vectors are, where the equations leave it open"
    case .size:
      "the default of a length: a product of whole numbers, `units`, `inputs` and other lengths, which may be divided by a whole number"
    case .heads:
      "how many equal parts each vector has, on which functions of whole vectors act one by one: the default of the length `heads`, said as in a `size` line"
    case .block: "matrices that are block-diagonal: a block for each head, which multiplies that part of a vector"
    case .constant: "a number with a name, which `NAME[ε=1e-3]` in place of the cell's name changes"
    case .scalar: "single numbers: parameters, or what a cell defines or declares as states under these names"
    case .fixed: "parameters that training leaves as they start"
    case .zoneout: "the fraction of its units that a state keeps from step to step, at least 0 and below 1"
    case .repetition:
      "how often a step goes through the equations that are indented below it, each time from the states that the time before has left"
    case .initialize: "how parameters start; those without such a line start as is usual for their kind"
    }
  }
}

extension Cell.Initializer {
  /// Each way in which an `init` line can say how parameters start, and what it means.
  package static let forms: [(text: String, meaning: String)] = [
    ("1", "this number everywhere"),
    ("identity", "matrices: 1 on the diagonal, 0 elsewhere"),
    ("identity(0.5)", "matrices: this number on the diagonal, 0 elsewhere"),
    ("orthogonal", "matrices: a random orthogonal one"),
    ("orthogonal(0.9)", "matrices: this number times a random orthogonal one"),
    ("glorot", "matrices: uniform within ±√(6 / (rows + columns))"),
    ("uniform(0, 1)", "uniform between the two numbers"),
    ("normal(0.1)", "normal about 0, with this standard deviation"),
    ("groups", "matrices: 1 where a row belongs to a column, 0 elsewhere, as each column has equally many rows in turn"),
    (
      "legendre(64)",
      "matrices and vectors: what keeps the past so many steps as Legendre polynomials (Voelker, Kajić & Eliasmith 2019)"
    ),
  ]
}
