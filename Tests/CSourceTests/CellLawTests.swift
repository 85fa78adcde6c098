import CSource
import CellCompiler
import CellLanguage
import Engine
import EngineLaws
import Networks
import Support
import Testing

/// The law of C source: it gives what the stream gives, whatever the cell, and in double precision what the reference gives.
@Suite(.enabled(if: CProgram.compiler != nil, "this system has no C compiler (cc)"))
struct CellLawTests {
  private static let steps = 9

  /// A layer of a cell with random weights and random inputs.
  private struct Trial {
    let network: Network
    let inputs: [[Float]]

    init(_ cell: Cell, seed: UInt64 = 1) throws {
      func build(inputs: Int) throws -> Network {
        try Network(input: .features(inputs), layers: [.init(cell, units: 6)], output: .lastLayer)
      }
      var network: Network
      do { network = try build(inputs: 5) } catch { network = try build(inputs: 6) }
      var random = Random(.lawTrial, seed: seed)
      // Weights about as large as 1 / √(fan in): no step makes a difference between two runs much larger than it was.
      network.parameters = network.parameters.map { _ in 0.4 * (2 * random.uniformFloat() - 1) }
      self.network = network
      let width = network.plans[0].dimensions.inputs
      inputs = (0..<steps).map { _ in (0..<width).map { _ in 2 * random.uniformFloat() - 1 } }
    }

    var plan: Plan { network.plans[0] }

    func run(_ name: String, _ options: CSourceOptions) throws -> CProgram.Run {
      CProgram.Run(
        source: try CSource(network, name: name, options: options), options: options, outputs: plan.width(ofState: 0),
        numbers: inputs)
    }

    func streamed() throws -> [Float] {
      let stream = try network.stream()
      return inputs.flatMap { stream.step($0) }
    }

    func reference() throws -> [Double] {
      let cell = ReferenceCell(plan.cell, dimensions: plan.dimensions)
      let parameters = cell.layout.entries.map { ($0.name, network.parameters[$0.range].map(Double.init)) }
      let run = try cell.run(
        inputs.map { $0.map(Double.init) }, parameters: Dictionary(uniqueKeysWithValues: parameters))
      return run.steps.flatMap { $0[plan.cell.states[0].name] ?? [] }
    }

    /// How far two right runs may be apart, in halves of a unit in the last place of the largest number, at least 1: a step rounds
    /// once for each addition of its products, and each primitive is within its `ulps`; both runs are off by that, and errors add up
    /// over the steps.
    var roundings: Double {
      let sources = plan.products.reduce(2) { $0 + $1.k }
      let ulps = plan.graph.closure(of: plan.next).reduce(0.0) { sum, value in
        guard case .apply(let primitive, let arguments) = plan.graph[value].operation else { return sum }
        // What is added up from a matrix rounds once for each element.
        let added = primitive.matrixMap.map { $0.spreads ? 0 : plan.graph[arguments[0]].width / plan.graph[value].width } ?? 0
        return sum + max(primitive.ulps, 0.5) * 2 + Double(added)
      }
      return 2 * Double(steps) * (Double(sources) + ulps)
    }

    /// How often a step calls functions that have quick forms.
    var quickCalls: Int {
      plan.graph.closure(of: plan.next).count {
        if case .apply(let primitive, _) = plan.graph[$0].operation {
          ["tanh", "sigmoid"].contains(primitive.name)
        } else {
          false
        }
      }
    }
  }

  private func expect(_ actual: [Double], _ expected: [Double], within bound: Double, _ what: String) {
    #expect(actual.count == expected.count, "\(what) gives \(actual.count) numbers, not \(expected.count)")
    let bound = bound * expected.reduce(1) { max($0, abs($1)) }
    let bad = zip(actual, expected).enumerated().first { !(abs($1.0 - $1.1) <= bound) }
    if let bad { Issue.record("\(what): number \(bad.offset) is \(bad.element.0), expected \(bad.element.1) ± \(bound)") }
  }

  /// Every cell as it is and with zoneout, in both precisions and with the quick functions.
  @Test func everyCellOfTheLibrary() throws {
    var trials: [(name: String, trial: Trial)] = []
    for cell in Cell.library where cell.inputs.count == 1 && cell.memory == nil {
      trials.append((cell.name, try Trial(cell)))
      let zoned = Dictionary(uniqueKeysWithValues: cell.states.enumerated().map { ($1.name, $0 % 2 == 0 ? 0.25 : 0.5) })
      trials.append((cell.name + " zoned", try Trial(cell.zoningOut(zoned))))
    }
    try check(trials)
  }

  /// A cell for each function and operator, with arguments that all of them can take.
  @Test func everyPrimitive() throws {
    let trials = try Primitive.all.filter { $0.matrixProduct == nil }.map { primitive in
      let arguments = (0..<primitive.arity).map { place -> Expression in
        let product = Expression.product(matrix: "W\(place)", transposed: false, .name("x"))
        let inner = Expression.apply(.add, [product, .apply(.multiply, [.number(0.25), .name("h")])])
        let absolute = Expression.apply(found(Primitive.named("abs"), orFail: "there is no abs"), [inner])
        return .apply(.add, [absolute, .number(0.5 + Double(place))])
      }
      let text = """
        cell try
        input x
        state h
        h' = softsign(\(Expression.apply(primitive, arguments)))
        """
      return (primitive.name, try Trial(try Cell(parsing: text, file: primitive.name)))
    }
    try check(trials)
  }

  /// Transposed matrices, products of products, a parameter that a matrix multiplies, states that change places, states that nothing
  /// lasting reads, means of states, and names that C keeps for itself.
  @Test(arguments: [
    "h' = tanh(W x + U^T h + b)",
    "a = W x\n  h' = tanh(U (V a + p * h) + b)".replacing("  ", with: ""),
    "h' = tanh(W x + U p + V (p * h))",
    "a' = h\nh' = tanh(W x + 0.5 * a)",
    "int = W x + U h\nfor = σ(int)\nunit = tanh(V (for * h))\nh' = unit * for",
    "I = W x\nNAN = layer_norm(I + U h)\nh' = tanh(α * NAN + mean(h))",
    "a' = tanh(W x)\nh' = tanh(V x + U h)",
    "h' = tanh(W x + b) * sum(U x[1..4])",
    "z = W x + U h\nh' = tanh(V z[0..3] + z * h + R h[2..5] + cumsum(z))",
    "h' = tanh(W x + softmax(h) + reverse_cumsum(U h))",
    "h' = 0.5 * h + mean(x)",
    "repeat 3\n  f = σ(W x + U h)\n  h' = f * tanh(V h)",
    "h' = tanh(W x + U h)  # what */ ends /* a comment ??/ \\",
    "ß = W x\nh' = tanh(ß) - (-0.5 - (h - ß))* 0.25",
  ])
  func cellsOfOnesOwn(equations: String) throws {
    let states = equations.contains("a' =") ? "h, a" : "h"
    let cell = try Cell(parsing: "cell own\ninput x\nstate \(states)\n\(equations)\n", file: "own")
    try check([("own", try Trial(cell))])
  }

  /// Block-diagonal matrices as they are, transposed, of several vectors, and of what is computed and of parameters.
  @Test(arguments: [
    "h' = tanh(W x + R h + b)", "a = σ(W x + R h)\nh' = tanh(S (a * h) + R p) - 0.5 * R (R a)",
    "a = tanh(W x + R [h, p])\nh' = tanh(S^T (a * p) + S h)",
  ])
  func blockDiagonalMatrices(equations: String) throws {
    for heads in [2, 3] {
      let blocks = equations.contains("S") ? "R, S" : "R"
      let cell = try Cell(parsing: "cell own\ninput x\nheads \(heads)\nstate h\nblock \(blocks)\n\(equations)\n", file: "own")
      try check([("own", try Trial(cell))])
    }
  }

  /// Matrices and numbers of each sequence, of one head and of several: as rows, as columns, added up either way, read before and after
  /// they change, of what is there and of what is computed; and functions of each head.
  @Test(arguments: [
    "state h, C(units, units)\nk  = W x\nC' = 0.9 * C + outer(tanh(V x), k)\nh' = C' k",
    "state h, C(units, units)\nk  = W x\nv  = tanh(V x) - C k\nC' = C + 0.5 * outer(v, k)\nh' = tanh(C'^T h + C k)",
    "state h, C(units, units)\nC' = diag(σ(W x)) C + C diag(tanh(V x)) - outer(h, x)\nh' = C'^T p + C' h",
    "state h, C(units, units), n\nscalar f\nf  = σ(F x)\nC' = f * tanh(C) + (1 - f) * outer(h, n)\nn' = f * n + W x\nh' = C' n' / max(abs(dot(n', h)), 1)",
    "state h, m\nscalar g, m\ng  = tanh(G x)\nm' = 0.5 * m + g\nh' = tanh(W x + m' * h)",
    "state h\nh' = tanh(softmax(W x) + sum(h) * cumsum(U h) + layer_norm(V x + mean(h)))",
    "state h\nz  = softmax(W x + U h)\nh' = tanh(reverse_cumsum(z) + V z + dot(z, h))",
  ])
  func matricesAndNumbersOfSequences(equations: String) throws {
    for heads in ["", "heads 2\n", "heads 3\n"] {
      let cell = try Cell(parsing: "cell own\ninput x\n\(heads)\(equations)\n", file: "own")
      try check([("own", try Trial(cell))])
    }
  }

  private func check(_ trials: [(name: String, trial: Trial)]) throws {
    let kinds = [CSourceOptions(), CSourceOptions(number: .double), CSourceOptions(math: .fast)]
    let runs = try trials.enumerated().flatMap { index, trial in
      try kinds.enumerated().map { try trial.trial.run("m\(index)_\($0)", $1) }
    }
    let outputs = try CProgram.outputs(of: runs)
    try #require(outputs.count == runs.count)
    for (index, (name, trial)) in trials.enumerated() {
      let given = Array(outputs[3 * index..<3 * index + 3])
      let streamed = try trial.streamed().map(Double.init)
      expect(given[0], streamed, within: trial.roundings * 0x1p-24, name)
      expect(given[1], try trial.reference(), within: trial.roundings * 0x1p-53, "\(name) in double precision")
      let quick = 2e-6 * Double(Self.steps * trial.quickCalls)
      expect(given[2], streamed, within: trial.roundings * 0x1p-24 + quick, "\(name) with quick functions")
    }
  }
}
