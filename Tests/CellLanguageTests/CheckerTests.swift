import CellLanguage
import Testing

/// What the checker finds out: kinds, sizes, order, demands.
struct CheckerTests {
  private func cell(_ lines: String) throws -> Cell { try Cell(parsing: "cell mine\ninput x\n" + lines) }

  private func kinds(_ lines: String) throws -> [String: Cell.Parameter.Kind] {
    Dictionary(uniqueKeysWithValues: try cell(lines).parameters.map { ($0.name, $0.kind) })
  }

  @Test func kindsFollowFromUse() throws {
    let found = try kinds(
      """
      state h, c
      scalar α
      c' = p * c + α * tanh(W x + b - d)
      h' = max(q, c') * (1 - r) + -(e + U [h, p])
      """)
    #expect(
      found == [
        "p": .vector(.units), "α": .scalar, "W": .matrix(.inputs), "b": .bias(.units), "d": .bias(.units),
        "q": .vector(.units), "r": .bias(.units), "e": .bias(.units), "U": .matrix(.units, .units),
      ])
  }

  @Test func aParameterThatAddsAndMultipliesIsAVector() throws {
    #expect(try kinds("state h\nh' = p * h + (W x + p)")["p"] == .vector(.units))
  }

  @Test func aNameUsedTwiceIsOneParameter() throws {
    let cell = try cell("state h\nh' = W x + tanh(U h) - U^T h + W x")
    #expect(cell.parameters.map(\.name) == ["W", "U"])
  }

  @Test func sizesOfAProjection() throws {
    let cell = try cell("state h(P), c, m(16)\nsize P = units / 2\nu = A [h, x]\nc' = u * c\nh' = B c'\nm' = C [h, c, m] + d")
    #expect(cell.states.map(\.size.rows) == [Size(terms: ["P": 1]), .units, Size(constant: 16)])
    #expect(cell.sizes == [Cell.NamedSize(name: "P", defaultValue: .init(names: ["units"], divisor: 2))])
    let kinds = cell.parameters.map(\.kind)
    #expect(kinds[0] == .matrix(rows: .units, columns: [Size(terms: ["P": 1]), .inputs]))
    #expect(kinds[1] == .matrix(rows: Size(terms: ["P": 1]), columns: [.units]))
    #expect(kinds[2] == .matrix(rows: Size(constant: 16), columns: [Size(terms: ["P": 1]), .units, Size(constant: 16)]))
    #expect(kinds[3] == .bias(Size(constant: 16)))
  }

  /// What nothing fixes is `units` long, whichever way round it is written.
  @Test(arguments: ["a = V x\nh' = tanh(W [a, h])", "h' = tanh(W [a, h])\na = V x", "a = 0.5\nh' = tanh(W [a, h] + V x)"])
  func openSizesAreUnits(lines: String) throws {
    let cell = try cell("state h\n" + lines)
    #expect(cell.equations.allSatisfy { $0.size == .units })
    #expect(cell.parameters.first { $0.name == "W" }?.kind == .matrix(.units, .units))
  }

  @Test func aSizeComesFromAfar() throws {
    let cell = try cell("state h, m(8)\na = V x\nb = tanh(a)\nd = b + e\nm' = d\nh' = W [a, m]")
    #expect(cell.equations.prefix(3).allSatisfy { $0.size.rows == Size(constant: 8) })
    #expect(cell.parameters.first { $0.name == "e" }?.kind == .bias(Size(constant: 8)))
  }

  @Test func aTransposeTurnsSizesRound() throws {
    let cell = try cell("state h\nz = W [h, x]\ny = W^T z\nh' = U y")
    #expect(cell.equations.map(\.size.rows) == [.units, .units + .inputs, .units])
  }

  @Test func numbersAndScalarsFitAnySize() throws {
    let cell = try cell("state h(3), c\nscalar α\nh' = α * (h + 1) + W x\nc' = c / α")
    #expect(cell.equations.map(\.size.rows) == [Size(constant: 3), .units])
    #expect(cell.constraints == [])
  }

  @Test func symbolicSizesMakeDemands() throws {
    #expect(try cell("state h\nh' = x + h").constraints == [Cell.Constraint(left: .inputs, right: .units)])
    #expect(try cell("state h\na = h + x\nh' = a * x").constraints == [Cell.Constraint(left: .inputs, right: .units)])
    #expect(try cell("state h, m(16)\nm' = m\nh' = x + W h + m").constraints.map(\.left) == [.inputs, .inputs])
    #expect(
      try cell("state h, m(16)\nm' = h\nh' = W x").constraints == [Cell.Constraint(left: .units, right: Size(constant: 16))])
  }

  /// Two demands that contradict each other are a mistake like any other.
  @Test func demandsThatContradictOneAnotherAreRefused() throws {
    let text = "state h, m(16), n(32)\nm' = h\nn' = h\nh' = W x"
    let diagnostic = try #require(throws: Diagnostic.self) { try cell(text) }
    #expect(diagnostic.message == "`n'` has the size 32, but the right-hand side has units")
  }

  @Test func theOrderOfEquationsIsFree() throws {
    let cell = try cell(
      """
      state h, c
      h' = o * tanh(c')
      o = σ(W_o [h, x] + b_o)
      c' = f * c + g
      g = tanh(W_g [h, x])
      f = σ(W_f [h, x] + b_f)
      """)
    #expect(cell.evaluationOrder == [1, 3, 4, 2, 0])
    #expect(cell.equations.map(\.target) == ["h", "o", "c", "g", "f"])
  }

  @Test(arguments: Cell.library)
  func everyEquationStandsAfterThoseItReads(cell: Cell) {
    #expect(cell.evaluationOrder.sorted() == Array(cell.equations.indices))
    var known = Set(cell.inputs.map(\.name) + cell.states.map(\.name) + cell.parameters.map(\.name) + cell.constants.map(\.name))
    if let memory = cell.memory { known.insert(memory.name) }
    for index in cell.evaluationOrder {
      let equation = cell.equations[index]
      #expect(equation.expression.names.subtracting(known) == [], "\(cell.name): \(equation.target)")
      known.insert(equation.isUpdate ? equation.target + "'" : equation.target)
    }
  }

  @Test func initialValues() throws {
    let cell = try cell(
      """
      state h
      h' = σ(A h + B x + C x + D x + p * h + q * h + b + r * h)
      init A = identity(0.5)
      init B = orthogonal
      init C = glorot
      init D = identity
      init p, q = uniform(-1, 1)
      init b = −2.5e-3
      init r = normal(0.1)
      """)
    #expect(
      cell.parameters.map(\.initializer) == [
        .identity(0.5), .orthogonal(1), .glorot, .identity(1), .uniform(-1, 1), .uniform(-1, 1), .constant(-0.0025), .normal(0.1),
      ])
    #expect(try Cell(parsing: cell.description) == cell)
  }
}

extension Expression {
  /// All names that it holds, primes included.
  fileprivate var names: Set<String> {
    switch self {
    case .number: []
    case .name(let name): [name]
    case .next(let name): [name + "'"]
    case .projection(let memory, let matrix): [memory, matrix]
    case .product(let matrix, _, let vector): vector.names.union([matrix])
    case .slice(let vector, _, _): vector.names
    case .concatenation(let parts), .apply(_, let parts): parts.reduce(into: []) { $0.formUnion($1.names) }
    }
  }
}
