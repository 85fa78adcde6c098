import CellCompiler
import CellLanguage
import Engine
import Support
import TensorFiles
import Testing

/// Cells that attend to a memory, against PyTorch's code of what their papers say.
struct AttentionCellTests {
  /// Theirs and ours are computed in 32 bits; no number is larger than some tens, and none is a sum of more than some tens of products.
  @Test(arguments: ["gru-attention", "lstm-attention", "gru-luong", "lstm-luong"])
  func theirOutputsAndGradientsAreOurs(name: String) throws {
    let vectors = try Vectors.file("attention.safetensors")
    let cell = try Cell.named(name)
    let counts = try vectors.floats("rows").map { Int($0) }
    let (batch, steps, inputs, units, width) = (counts.count, 7, 3, 6, 5)
    let longest = try #require(counts.max())
    func array(_ key: String) throws -> [Float] { try vectors.floats("\(name).\(key)") }

    let plan = Plan(compiling: cell, dimensions: try cell.dimensions(inputs: inputs, units: units, memory: width))
    let runner = SequenceRunner(plan: plan, machine: try Machine(threads: 2), servesBackward: true)
    runner.load(try runner.layout.entries.flatMap { try array("weights.\($0.name)") })
    let lengths = PackedLengths(steps: steps, batch: batch)
    // Sources stand by their lengths, theirs by their sequences.
    let places = counts.indices.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
    let sources = PackedLengths(sorted: places.map { counts[$0] }, numbers: places)
    func packed(_ rows: [Float]) -> [Float] {
      (0..<sources.steps).flatMap { step in
        places.filter { counts[$0] > step }.flatMap { rows[($0 * longest + step) * width..<($0 * longest + step + 1) * width] }
      }
    }
    runner.prepare(lengths)
    runner.setMemory(packed(try array("memory")), sources, places: places)
    for (index, state) in cell.states.enumerated() {
      runner.initialState(index).update(from: try array("initial.\(state.name)"), count: batch * units)
    }
    // Theirs are batch by batch, ours step by step.
    func byStep(_ values: [Float], _ width: Int) -> [Float] {
      (0..<steps).flatMap { step in
        (0..<batch).flatMap { values[($0 * steps + step) * width..<($0 * steps + step + 1) * width] }
      }
    }
    let x = byStep(try array("x"), inputs)
    runner.forward(x, keeping: true)
    compare(
      Array(UnsafeBufferPointer(start: runner.states(0), count: lengths.rows * units)), byStep(try array("y"), units), "y")
    var inputGradient = [Float](repeating: 0, count: x.count)
    var gradients = [Float](repeating: 0, count: runner.layout.count)
    runner.backward(
      outputGradient: byStep(try array("gradients.y"), units), inputGradient: &inputGradient, parameterGradients: &gradients)
    compare(inputGradient, byStep(try array("gradients.x"), inputs), "gradient of x")
    for (index, state) in cell.states.enumerated() {
      let own = Array(UnsafeBufferPointer(start: runner.initialGradient(index), count: batch * units))
      compare(own, try array("gradients.initial.\(state.name)"), "gradient of the initial \(state.name)")
    }
    for entry in runner.layout.entries {
      compare(Array(gradients[entry.range]), try array("gradients.\(entry.name)"), "gradient of \(entry.name)")
    }
    var memoryGradient = [Float](repeating: 0, count: sources.rows * width)
    runner.addMemoryGradient(to: &memoryGradient)
    compare(memoryGradient, packed(try array("gradients.memory")), "gradient of the memory")
  }

  private func compare(_ own: [Float], _ theirs: [Float], _ what: String) {
    let largest = theirs.reduce(1) { max($0, abs($1)) }
    #expect(
      own.count == theirs.count && zip(own, theirs).allSatisfy { abs($0 - $1) < 1e-5 * largest }, "\(what)")
  }
}
