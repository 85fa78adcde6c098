import CellLanguage
import Networks
import Testing

@Suite struct InitializationTests {
  private func network(_ cell: Cell, inputs: Int = 20, units: Int = 33, seed: UInt64 = 1) throws -> Network {
    try Network(
      input: .features(of: cell, cell.dimensions(inputs: inputs, units: units)), layers: [.init(cell, units: units)],
      output: .values(5), seed: seed)
  }

  private func values(_ cell: Cell, _ name: String, inputs: Int = 20, units: Int = 33) throws -> [Float] {
    try #require(try network(cell, inputs: inputs, units: units)["layers.0.\(name)"])
  }

  /// The columns `columns` of a matrix with `width` of them.
  private func block(_ matrix: [Float], width: Int, _ columns: Range<Int>) -> [[Double]] {
    stride(from: 0, to: matrix.count, by: width).map { row in columns.map { Double(matrix[row + $0]) } }
  }

  /// Rows of length 1, at right angles. Rounding each number to `Float` moves a product of two rows by less than 2⁻²³
  /// (Cauchy's inequality), what is left of the process in Double is thousands of times smaller.
  private func expectOrthonormal(_ rows: [[Double]], sourceLocation: SourceLocation = #_sourceLocation) {
    for (i, left) in rows.enumerated() {
      for (j, right) in rows.enumerated() {
        let product = zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (i == j ? 1 : 0)) < 0x1p-22, "rows \(i) and \(j)", sourceLocation: sourceLocation)
      }
    }
  }

  /// All within the bounds, give or take a rounding to `Float`, and some of many near them on both sides.
  private func expectUniform(_ values: [Float], _ low: Double, _ high: Double, sourceLocation: SourceLocation = #_sourceLocation)
  {
    #expect(values.allSatisfy { Float(low) <= $0 && $0 <= Float(high) }, sourceLocation: sourceLocation)
    #expect(values.contains { Double($0) > high - 0.1 * (high - low) }, sourceLocation: sourceLocation)
    #expect(values.contains { Double($0) < low + 0.1 * (high - low) }, sourceLocation: sourceLocation)
  }

  @Test(arguments: ["W_f", "W_i", "W_g", "W_o"])
  func blocksOfTheStateAreOrthogonalAndThoseOfTheInputGlorot(name: String) throws {
    let matrix = try values(.lstm, name)
    expectOrthonormal(block(matrix, width: 53, 0..<33))
    let bound = (6.0 / 53).squareRoot()
    expectUniform(block(matrix, width: 53, 33..<53).flatMap { $0.map(Float.init) }, -bound, bound)
  }

  /// Each block starts as a matrix of its own, and so each is another one.
  @Test func blocksOfABlockDiagonalMatrixStartApart() throws {
    let cell = try Cell(
      parsing:
        "cell split\ninput x\nheads 3\nstate h\nblock R, S, T\nh' = tanh(R [h, x] + S h + T (W x))\ninit S = identity(0.5)\ninit T = orthogonal\n"
    )
    let (r, s, t) = (
      try values(cell, "R", inputs: 21), try values(cell, "S", inputs: 21), try values(cell, "T", inputs: 21)
    )
    #expect((r.count, s.count, t.count) == (33 * 18, 33 * 11, 33 * 11))
    let bound = (6.0 / 18).squareRoot()
    for head in 0..<3 {
      expectOrthonormal(block(Array(r[head * 11 * 18..<(head + 1) * 11 * 18]), width: 18, 0..<11))
      expectUniform(
        block(Array(r[head * 11 * 18..<(head + 1) * 11 * 18]), width: 18, 11..<18).flatMap { $0.map(Float.init) }, -bound, bound)
      expectOrthonormal(block(Array(t[head * 121..<(head + 1) * 121]), width: 11, 0..<11))
      #expect(Array(s[head * 121..<(head + 1) * 121]) == (0..<121).map { $0 % 12 == 0 ? 0.5 : 0 })
    }
    #expect(t[..<121] != t[121..<242] && r[..<198] != r[198..<396])
  }

  @Test func aFactorScalesAnOrthogonalMatrix() throws {
    let cell = try Cell(parsing: "cell echo\ninput x\nstate h\nh' = tanh(U h + W x)\ninit U = orthogonal(0.5)\n")
    expectOrthonormal(block(try values(cell, "U"), width: 33, 0..<33).map { $0.map { 2 * $0 } })
  }

  @Test func aBlockOfAVectorComputedFromTheStateIsOrthogonal() throws {
    let cell = try Cell(parsing: "cell reset\ninput x\nstate h\nr = σ(V x)\nh' = tanh(W [x, r * h])\n")
    expectOrthonormal(block(try values(cell, "W"), width: 53, 20..<53))
  }

  @Test func aSquareBlockOfTheInputIsGlorotAllTheSame() throws {
    let bound = (6.0 / 66).squareRoot()
    expectUniform(try values(.rnn, "W_x", inputs: 33), -bound, bound)
  }

  @Test func aTransposedMatrixIsCutAcross() throws {
    let cell = try Cell(parsing: "cell across\ninput x\nstate h\nh' = tanh(W^T [x, h] + b)\n")
    let matrix = block(try values(cell, "W"), width: 33, 0..<33)
    #expect(matrix.count == 53)
    expectOrthonormal(Array(matrix[20...]))
    let bound = (6.0 / 53).squareRoot()
    expectUniform(matrix[..<20].flatMap { $0.map(Float.init) }, -bound, bound)
  }

  @Test func biasesAreZeroUnlessTheCellSaysOtherwise() throws {
    #expect(try values(.lstm, "b_f") == [Float](repeating: 1, count: 33))
    for name in ["b_i", "b_g", "b_o"] { #expect(try values(.lstm, name) == [Float](repeating: 0, count: 33)) }
  }

  @Test(arguments: [(33, 20), (20, 33), (1, 4), (40, 40)])
  func orthogonalIsSemiOrthogonalWhereItIsNotSquare(units: Int, inputs: Int) throws {
    let cell = try Cell(parsing: "cell wide\ninput x\nstate h\nh' = tanh(W x + u * h)\ninit W = orthogonal\n")
    let rows = block(try values(cell, "W", inputs: inputs, units: units), width: inputs, 0..<inputs)
    let columns = (0..<inputs).map { column in rows.map { $0[column] } }
    expectOrthonormal(units <= inputs ? rows : columns)
  }

  @Test func whatTheCellSaysIsDone() throws {
    let cell = try Cell(
      parsing: """
        cell told
        input x
        state h
        scalar s, t
        h' = tanh(W x + U h + V h + u * h + v * h + s * t * h + b)
        init W = glorot
        init U = identity(0.5)
        init V = normal(0.1)
        init u = uniform(2, 3)
        init s = -4

        """)
    let bound = (6.0 / 53).squareRoot()
    expectUniform(try values(cell, "W"), -bound, bound)
    let diagonal: [Float] = (0..<33 * 33).map { $0 % 34 == 0 ? 0.5 : 0 }
    #expect(try values(cell, "U") == diagonal)
    expectUniform(try values(cell, "u"), 2, 3)
    expectUniform(try values(cell, "v"), -1 / 33.0.squareRoot(), 1 / 33.0.squareRoot())
    #expect(try values(cell, "s") == [-4])
    #expect(try values(cell, "t") == [0])
    // Of 1089 normal numbers, the mean is within five of its deviations, 0.1 / 33, and so is the mean square, whose own is
    // √2 · 0.01 / 33.
    let normal = try values(cell, "V").map(Double.init)
    let mean = normal.reduce(0, +) / 1089
    let meanSquare = normal.map { $0 * $0 }.reduce(0, +) / 1089
    #expect(abs(mean) < 5 * 0.1 / 33)
    #expect(abs(meanSquare - 0.01) < 5 * 2.0.squareRoot() * 0.01 / 33)
  }

  @Test func theHeadIsGlorotWithoutBias() throws {
    let network = try network(.lstm)
    let bound = (6.0 / 38).squareRoot()
    expectUniform(try #require(network["output.weight"]), -bound, bound)
    #expect(network["output.bias"] == [0, 0, 0, 0, 0])
  }

  @Test(arguments: Cell.library.filter { $0.memory == nil })
  func theSameSeedGivesTheSameBits(cell: Cell) throws {
    func bits(seed: UInt64) throws -> [UInt32] {
      try network(cell, inputs: cell.constraints.isEmpty ? 4 : 6, units: 6, seed: seed).parameters.map(\.bitPattern)
    }
    #expect(try bits(seed: 1) == bits(seed: 1))
    #expect(try bits(seed: 1) != bits(seed: 2))
    #expect(try bits(seed: 1).allSatisfy { Float(bitPattern: $0).isFinite })
  }
}
