import CellCompiler
import CellLanguage
import Engine
import Support
import Testing

/// How much is computed, counted and not timed.
@Suite(.serialized) struct WorkTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let lengths: [Int]
    let threads: Int

    var testDescription: String { "lengths \(lengths), \(threads) threads" }

    static let all = [1, 2].flatMap { threads in
      [[6, 6, 6], [17, 9, 9, 4, 1, 1, 0], [40, 3]].map { Case(lengths: $0, threads: threads) }
    }
  }

  /// Products are done for the steps that sequences have and for no other, forward once and back twice: for the gradients
  /// of vectors and of matrices. This is also what `recurrent bench` calls operations.
  @Test(arguments: Cell.library.filter { $0.memory == nil }, Case.all)
  func productsAreThoseOfTheLiveRows(cell: Cell, batch: Case) throws {
    let plan = Plan(compiling: cell, dimensions: try cell.dimensions(inputs: 24, units: 24))
    let lengths = try PackedLengths(batch.lengths)
    let machine = try Machine(instructionSet: CountingLevel.level, threads: batch.threads)
    let runner = SequenceRunner(plan: plan, machine: machine, servesBackward: true)
    var random = Random(seed: 1)
    func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in 0.4 * random.uniformFloat() - 0.2 } }
    runner.load(numbers(runner.layout.count))
    runner.prepare(lengths)
    let inputs = numbers(lengths.rows * plan.inputWidth), outputGradients = numbers(lengths.rows * plan.width(ofState: 0))
    var inputGradients = inputs, parameterGradients = numbers(runner.layout.count)

    let once = batch.lengths.reduce(0, +) * plan.multiplyAdds
    #expect(CountingLevel.count { runner.forward(inputs, keeping: false) } == once)
    #expect(CountingLevel.count { runner.forward(inputs, keeping: true) } == once)
    let back = CountingLevel.count {
      runner.backward(
        outputGradient: outputGradients, inputGradient: &inputGradients, parameterGradients: &parameterGradients)
    }
    let unreached = batch.lengths.reduce(0, +) * plan.multiplyAddsThatNoGradientReaches
    #expect(back == 2 * once - unreached)
  }
}

extension Plan {
  /// The multiplications and additions of products of vectors whose gradients are 0, since only steps lead to them.
  fileprivate var multiplyAddsThatNoGradientReaches: Int {
    products.reduce(0) { sum, product in
      let reached = graph.closure(of: [product.source]) { value in
        if case .apply(let primitive, _) = graph[value].operation { ["floor", "step"].contains(primitive.name) } else { false }
      }
      return reached.contains { graph.isLeaf($0) } ? sum : sum + product.n * product.k
    }
  }
}
