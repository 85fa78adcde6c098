import CellLanguage
import EngineLaws
import Testing

/// Every law for every cell of the library.
@Suite struct LawTests {
  @Test(arguments: Cell.library, Law.allCases)
  func holds(cell: Cell, law: Law) throws {
    let fault = try law.fault(of: cell)
    #expect(fault == nil, "\(cell.name): \(law.rawValue)")
  }

  /// Those of rows, and those of the second version, since the library does not use all.
  @Test(
    arguments: Primitive.all.filter { ($0.mixesElements || $0.version > 1) && $0.matrixProduct == nil }.map(\.name), Law.allCases)
  func holdsAroundPrimitivesThatTheLibraryHardlyUses(name: String, law: Law) throws {
    let primitive = try #require(Primitive.named(name))
    let arguments = ["(W x + h)", "tanh(V x)"].prefix(primitive.arity).joined(separator: ", ")
    let cell = try Cell(parsing: "cell one\ninput x\nstate h\nh' = 0.5 * h + 0.1 * \(name)(\(arguments))\n")
    #expect(try law.fault(of: cell) == nil)
  }

  /// Parameters of which a shard has several sums: a matrix as it is, transposed and cut, a bias that is a gain, too, a scalar.
  @Test(arguments: Law.allCases)
  func holdsForParametersThatServeTwice(law: Law) throws {
    let cell = try Cell(
      parsing: """
        cell twice
        input x
        state h
        scalar a
        g  = σ(W h + V [h, x] + b)
        m  = tanh(V [g, x] + W^T g + W h + b)
        h' = g * m + a * b * h
        """)
    #expect(try law.fault(of: cell) == nil)
  }

  /// Inputs side by side, one of them a number, with matrices, parts and rows; an input that two matrices multiply.
  @Test(
    arguments: [
      "a = dt * x + sum(x)\nb = W [x, dt, m] + V [dt, h] + U (dt * s)\ns' = tanh(b + R a + G log(2 + dt)) * mean(dt) + T m[1..3]\nh' = E (s' * dt)",
      "s' = tanh(W x + V x + U m + A m + B s)\nh' = E s' + F x[0..1] + dt",
    ], Law.allCases)
  func holdsForSeveralInputs(equations: String, law: Law) throws {
    let cell = try Cell(parsing: "cell several\ninput x, dt(1), m(3)\nstate h(P), s\n\(equations)\n")
    #expect(try law.fault(of: cell) == nil)
  }

  /// The denominator comes near zero, and what its roundings are then divided by is small.
  @Test(arguments: ["h' = tanh(W x + U h) / (D σ(V x))", "h' = tanh(W x + U h) + 0.1 / (σ(V x) - σ(D x))"], Law.allCases)
  func holdsWhereADenominatorCancels(equation: String, law: Law) throws {
    #expect(try law.fault(of: Cell(parsing: "cell one\ninput x\nstate h\n\(equation)\n")) == nil)
  }

  @Test(arguments: Law.allCases)
  func holdsForConstantsAndProductsOfSizes(law: Law) throws {
    let cell = try Cell(
      parsing: """
        cell constants
        input x
        size d = 2
        size D = d * d * 2
        state h, c(D)
        constant k = -0.5
        constant low = -0.3
        c' = max(k * c + W [h, x] + b, low)
        h' = tanh(V c' + k)
        fixed W
        """)
    #expect(try law.fault(of: cell) == nil)
  }

  /// Parts of pre-activations, of the input and states within products and without, of what programs compute, of next states;
  /// side by side, with gaps and overlapping.
  @Test(
    arguments: [
      "z = W x + U h + b\nf = σ(z[0..units])\ng = tanh(z[units..2 * units])\nh' = f * h + (1 - f) * g\nm' = m",
      "g = tanh(W x[1..inputs] + U h[0..d] + b)\nm' = 0.5 * m + x[0..d] * h[d..2 * d]\nh' = g * σ(V m' + A h[d..units])",
      "a = tanh(W [h, x])\nm' = 0.3 * m + a[0..d] * a[1..d + 1]\nh' = tanh(U a[d..units] + V m'[0..1]) * a",
      "z = tanh(W [h, x] + b)\nh' = z[units..2 * units]\nm' = V z[0..units] + 0.5 * m",
      "z = W h[0..d]\nu = U z[1..units] + V [z[0..d], x, h[1..units]]\nm' = m\nh' = tanh(u) + 0.1 * z",
    ], Law.allCases)
  func holdsForPartsOfVectors(equations: String, law: Law) throws {
    let cell = try Cell(parsing: "cell parts\ninput x\nsize d = 2\nstate h, m(d)\n\(equations)\n")
    #expect(try law.fault(of: cell) == nil)
  }

  /// Block-diagonal matrices as they are, transposed, of several vectors, of what programs compute and of parameters; functions of each
  /// head, of what changes and of what doesn't; sums of which no other matrix is a part.
  @Test(
    arguments: [
      "a = layer_norm(W x + R h)\nm' = h * m\nh' = 0.5 * h + tanh(S a + b) * softmax(p)",
      "a = tanh(W x + R [h, m] + b)\nm' = 0.3 * m + cumsum(a) * mean(m)\nh' = tanh(S^T a + S^T (a * h))",
      "z = R h + b\nm' = σ(z) * m + dot(m, z)\nh' = S (R z + V x) * 0.5 + mean(2)",
      "m' = σ(W x + R p + R h) * m\nh' = σ(S^T (m' * m) + b) * softmax(layer_norm(U h)) + sum(p) * 0.1",
    ], Law.allCases)
  func holdsForHeads(equations: String, law: Law) throws {
    let cell = try Cell(parsing: "cell split\ninput x\nheads 4\nstate h, m\nblock R, S\n\(equations)\n")
    #expect(try law.fault(of: cell) == nil)
    #expect(try law.fault(of: cell, inputs: 3, units: 9, sizes: ["heads": 3]) == nil)
  }

  /// A matrix that mixes heads, or an input that they share, makes them other than cells by themselves.
  @Test(
    arguments: [
      ("h' = tanh(W x + R h + b)", true), ("a = softmax(V x + R (p * h)) + layer_norm(R^T h)\nh' = σ(b + R a) + 0.1 * h", true),
      ("h' = tanh(W x + R h + U h)", false), ("h' = tanh(W x + R h) * x", false),
    ])
  func headsAreCellsSideBySide(equations: String, areApart: Bool) throws {
    let cell = try Cell(parsing: "cell split\ninput x\nheads 2\nstate h\nblock R\n\(equations)\n")
    #expect(cell.keepsHeadsApart == areApart)
    #expect(try Law.heads.fault(of: cell) == nil)
    if areApart { #expect(try Law.heads.fault(of: cell, inputs: 2, units: 16, sizes: ["heads": 4]) == nil) }
  }

  /// Several states that go on from each other, a number of times that the text or a size says; what other equations read of them,
  /// before and after; heads beside them.
  @Test(
    arguments: [
      "repeat 3\n  f  = σ(W x + U h + b)\n  h' = f * h + (1 - f) * tanh(V m)\nm' = tanh(R h' + S m + f) * h",
      "size n = 2\nrepeat n\n  m' = 0.5 * m + tanh(W x + U h)\n  h' = tanh(m' + V m + p * h)",
      "heads 2\nblock R\nm' = m * W x\nrepeat 2\n  a = layer_norm(R h)\n  h' = 0.5 * h + a * σ(m')\n",
    ], Law.allCases)
  func holdsForRepeatedEquations(equations: String, law: Law) throws {
    #expect(try law.fault(of: Cell(parsing: "cell often\ninput x\nstate h, m\n\(equations)\n")) == nil)
  }

  /// A repeat is its equations written out.
  @Test func repeatedEquationsAreThoseWrittenOut() throws {
    let head = "cell often\ninput x\nstate h, m\n"
    let short = try Cell(parsing: head + "repeat 2\n  f = σ(W x + U h)\n  m' = f * m\n  h' = tanh(V h + m')\n")
    let long = try Cell(
      parsing: head
        + "e = σ(W x + U h)\nn = e * m\nk = tanh(V h + n)\nf = σ(W x + U k)\nm' = f * n\nh' = tanh(V k + m')\n")
    let dimensions = try short.dimensions(inputs: 3, units: 4)
    let cells = [short, long].map { ReferenceCell($0, dimensions: dimensions) }
    let point = Point(cells[0], steps: 3, seed: 1)
    let runs = try cells.map { try $0.run(point.inputs, initialStates: point.states, parameters: point.parameters) }
    #expect(runs[0].finalStates == runs[1].finalStates && !runs[0].steps.isEmpty)
    #expect(runs[0].steps.map { $0["f"] } == runs[1].steps.map { $0["f"] })
    let gradients = try cells.map { try point.gradients($0) }
    #expect(gradients[0].inputs == gradients[1].inputs && gradients[0].parameters == gradients[1].parameters)
  }

  /// Parts of a vector that begin together and end apart.
  @Test(arguments: Law.allCases)
  func holdsForPartsThatBeginTogether(law: Law) throws {
    let cell = try Cell(parsing: "cell parts\ninput x\nsize d = 2\nstate h\nh' = tanh(W x + A h[0..1] + B h[0..d] + C h)\n")
    #expect(try law.fault(of: cell) == nil)
  }

  /// A vector parameter has one row for all steps, where whatever else a matrix multiplies has a row for each.
  @Test(
    arguments: [
      "h' = tanh(W x + U h + V p)", "h' = tanh(W x + U p + V p) * h + p", "g = σ(W x + V [h, p])\nh' = g * (U (U^T p) + U h)",
    ], Law.allCases)
  func holdsWhereAMatrixMultipliesAParameter(equations: String, law: Law) throws {
    let cell = try Cell(parsing: "cell one\ninput x\nstate h\n\(equations)\n")
    #expect(try law.fault(of: cell) == nil)
  }
}
