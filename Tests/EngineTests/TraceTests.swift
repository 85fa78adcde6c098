import CellAnalysis
import CellCompiler
import CellLanguage
import Engine
import EngineLaws
import Foundation
import Support
import Testing

struct TraceTests {
  private func runner(_ cell: Cell, lengths: PackedLengths) throws -> (runner: SequenceRunner, input: [Float]) {
    let dimensions = try cell.dimensions(inputs: 3, units: 4)
    let runner = SequenceRunner(
      plan: Plan(compiling: cell, dimensions: dimensions), machine: try Machine(threads: 1), servesBackward: false)
    var random = Random(seed: 6)
    runner.load((0..<runner.layout.count).map { _ in random.uniformFloat() - 0.5 })
    runner.prepare(lengths)
    return (runner, (0..<lengths.rows * 3).map { _ in random.uniformFloat() - 0.5 })
  }

  @Test func aPartIsThatPartOfTheWhole() throws {
    let lengths = try PackedLengths([6, 6, 4, 3, 1])
    let (runner, input) = try runner(.lstm, lengths: lengths)
    let whole = runner.trace(input, TraceSelection(preactivations: true))
    runner.prepare(lengths)
    let part = runner.trace(input, TraceSelection(quantities: ["c'", "f.pre"], steps: 2..<5, sequences: 1..<4))
    #expect(part.quantities.map(\.name) == ["f.pre", "c'"])
    #expect(part.lengths.perSequence == [3, 2, 1])
    for quantity in part.quantities {
      let all = try #require(whole[quantity.name])
      for (sequence, length) in part.lengths.perSequence.enumerated() {
        for step in 0..<length {
          let (row, other) = (
            part.lengths.row(step: step, sequence: sequence), lengths.row(step: step + 2, sequence: sequence + 1)
          )
          #expect(quantity.values[row * 4..<row * 4 + 4] == all.values[other * 4..<other * 4 + 4])
        }
      }
    }
  }

  /// A trace takes the place of one that nobody holds any more, and of no other.
  @Test func aTraceThatIsHeldStaysAsItIs() throws {
    let lengths = PackedLengths(steps: 5, batch: 2)
    let (runner, input) = try runner(.lstm, lengths: lengths)
    func place() throws -> Int {
      runner.prepare(lengths)
      return try #require(runner.trace(input)["f"]).values.withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) }
    }
    let first = try place()
    #expect(try place() == first)
    runner.prepare(lengths)
    let held = runner.trace(input)
    let values = held.quantities.map { $0.values.map(\.bitPattern) }
    runner.prepare(lengths)
    let other = runner.trace(input.map { -2 * $0 })
    #expect(held.quantities.map { $0.values.map(\.bitPattern) } == values)
    #expect(other.quantities.map { $0.values.map(\.bitPattern) } != values)
  }

  @Test(arguments: ["lstm", "gru", "lstm-layer-norm", "janet"])
  func gatesAreTheirPreactivationsSquashed(name: String) throws {
    let cell = try Cell.named(name)
    let (runner, input) = try runner(cell, lengths: PackedLengths(steps: 5, batch: 2))
    let trace = runner.trace(input, TraceSelection(preactivations: true))
    var compared = 0
    for equation in cell.equations {
      guard let squashed = trace[equation.name + ".pre"], let value = trace[equation.name], let function = equation.activation,
        case .unary(let apply) = function.definition
      else { continue }
      for (pre, post) in zip(squashed.values, value.values) {
        let exact = apply(Double(pre))
        // The kernel's bound, in units in the last place of the result, which is below 1.
        #expect(abs(Double(post) - exact) <= function.ulps * 0x1p-24 * 2)
      }
      compared += 1
    }
    #expect(compared > 0)
  }

  @Test func withoutASelectionThereAreNoPreactivations() throws {
    let (runner, input) = try runner(.lstm, lengths: PackedLengths(steps: 2, batch: 1))
    #expect(runner.trace(input).quantities.map(\.name) == ["f", "i", "g", "c'", "o", "h'"])
  }

  @Test func rolesComeAlong() throws {
    let (runner, input) = try runner(.gru, lengths: PackedLengths(steps: 2, batch: 1))
    #expect(runner.trace(input).quantities.map(\.role) == [.gate, .gate, .candidate, .state])
  }

  @Test func whatNothingReadsIsTracedToo() throws {
    let cell = try Cell(
      parsing: """
        cell watched
        input x
        state h
        energy = h * h              # nothing reads this
        seen   = σ(W_s [h, x])      # nor this
        old    = h
        h'     = tanh(W x + U h + b)
        """, file: "watched.cell")
    #expect(try Law.traced.fault(of: cell) == nil)
    let dimensions = try cell.dimensions(inputs: 3, units: 4)
    let plan = Plan(compiling: cell, dimensions: dimensions).recompiledComputingAll()
    let runner = SequenceRunner(plan: plan, machine: try Machine(threads: 1), servesBackward: false)
    var random = Random(seed: 2)
    runner.load((0..<runner.layout.count).map { _ in random.uniformFloat() - 0.5 })
    runner.prepare(PackedLengths(steps: 6, batch: 1))
    let trace = runner.trace((0..<18).map { Float($0) / 18 }, TraceSelection(preactivations: true))
    let (state, energy, old) = (try #require(trace["h'"]), try #require(trace["energy"]), try #require(trace["old"]))
    #expect(old.values == [0, 0, 0, 0] + state.values.dropLast(4))
    #expect(energy.values == old.values.map { $0 * $0 })
    #expect(try #require(trace["seen"]).values.allSatisfy { $0 > 0 && $0 < 1 })
  }

  @Test func aTraceOfAPlanThatLeavesAVectorOutHasNone() throws {
    let cell = try Cell(parsing: "cell watched\ninput x\nstate h\nseen = σ(V x)\nh' = tanh(W x + U h)", file: "watched.cell")
    let plan = Plan(compiling: cell, dimensions: try cell.dimensions(inputs: 3, units: 4))
    let runner = SequenceRunner(plan: plan, machine: try Machine(threads: 1), servesBackward: false)
    runner.load([Float](repeating: 0.5, count: runner.layout.count))
    runner.prepare(PackedLengths(steps: 2, batch: 1))
    let trace = runner.trace([1, 2, 3, 4, 5, 6], TraceSelection(preactivations: true))
    #expect(trace.quantities.map(\.name) == ["h'", "h'.pre"])
  }
}
