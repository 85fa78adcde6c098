import AllocationCounter
import CellCompiler
import CellLanguage
import Engine
import Testing

@Suite(.enabled(if: ac_counts(), "allocations are counted with glibc and without sanitizers"))
struct StreamAllocationTests {
  @Test func anAllocationIsCounted() {
    let before = ac_allocations()
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 64)
    memory.deallocate()
    let array = [Float](repeating: 1, count: Int(ac_allocations() - before) + 10)
    #expect(ac_allocations() - before >= 2 && array.count > 10)
  }

  @Test(arguments: Cell.library)
  func aMillionStepsAllocateNothing(cell: Cell) throws {
    let plan = Plan(compiling: cell, dimensions: try cell.dimensions(inputs: 4, units: 4))
    let parameters = [Float](repeating: 0.1, count: ParameterLayout(cell, dimensions: plan.dimensions).count)
    let weights = StreamWeights(plan: plan, machine: try Machine(threads: 1), parameters: parameters)
    let stream = CellStream(weights)
    // Two memories, of which the second one has fewer rows.
    let memories = plan.memoryWidth.map { width in
      [7, 3].map { StreamMemory(weights, rows: [Float](repeating: 0.5, count: $0 * width), count: $0) }
    }
    if let memories { stream.setMemory(memories[0], row: 0) }
    let before = ac_allocations()
    if let memories { stream.setMemory(memories[1], row: 0) }
    for step in 0..<1_000_000 {
      stream.input[step & 3] = 0.5
      stream.step()
    }
    #expect(ac_allocations() == before)
  }

  @Test(arguments: [WeightKind.float16, .bfloat16, .int8])
  func narrowWeightsAllocateNothing(kind: WeightKind) throws {
    try narrowStreamAllocatesNothing(kind)
  }

  @Test func roundedVectorsAllocateNothing() throws {
    try narrowStreamAllocatesNothing(.int8, activations: .int8)
  }

  private func narrowStreamAllocatesNothing(
    _ kind: WeightKind, activations: ActivationKind = .float32
  ) throws {
    let plan = Plan(compiling: .lstm, dimensions: try Cell.lstm.dimensions(inputs: 4, units: 20))
    let layout = ParameterLayout(.lstm, dimensions: plan.dimensions)
    var parameters = [Float](repeating: 0.1, count: layout.count)
    let form = try WeightForm(rounding: &parameters, of: layout.entries, to: kind)
    let weights = StreamWeights(
      plan: plan, machine: try Machine(threads: 1), parameters: parameters, form: form,
      activations: activations)
    let stream = CellStream(weights)
    let before = ac_allocations()
    for _ in 0..<100_000 { stream.step() }
    #expect(ac_allocations() == before)
  }
}
