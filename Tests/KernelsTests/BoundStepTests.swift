import CellLanguage
import Kernels
import Testing

/// Bound steps against the kernels that they call: the same bits.
struct BoundStepTests {
  /// One instruction, one row and several: widths of one vector of some level have a function of their own.
  @Test(arguments: Level.all, PrimitiveTests.kernels)
  func aBoundInstructionIsItsPrimitive(_ level: Level, _ primitive: Primitive) throws {
    try level.withKernels { kernels in
      for (rows, width, span) in [(1, 4, 1), (1, 8, 1), (1, 16, 1), (1, 2, 4), (1, 21, 1), (3, 8, 1), (3, 16, 2)] {
        let columns = width * span
        var numbers = Numbers(seed: width)
        let sources = (0..<3).map { _ in Memory(numbers.array(rows * columns, scale: 4)) }
        let bound = Memory(count: rows * columns), plain = Memory(count: rows * columns)
        let stride = Int64(columns)
        kernels.apply(
          rk_operation(primitive.name), plain.base, stride, sources[0].base, stride, sources[1].base, stride, sources[2].base,
          stride, Int64(rows), stride)
        let operands = (0..<4).map { rk_operand(buffer: $0, column: 0) }
        let program = [
          rk_instruction(
            operation: rk_operation(primitive.name), span: Int32(span), parts: 1,
            destination: operands[3], sources: (operands[0], operands[1], operands[2]),
            destination_part: 0, source_parts: (0, 0, 0))
        ]
        let buffers = (sources + [bound]).map { rk_buffer(base: $0.base, row_stride: stride, addressing: Int32(RK_ROW)) }
        let scratch = Memory(count: Int(rk_scratch_size(Int32(width), 0)))
        program.withUnsafeBufferPointer { instructions in
          let program = rk_program(
            instructions: instructions.baseAddress, count: 1, width: Int32(width), registers: 0, whole_row: 1, matrix_rows: 0,
            matrices: 0, operations: nil, operation_count: 0, of_memory: 0)
          withSchedule(
            phases: [rk_phase(is_program: 1, index: 0)], products: [], programs: [program], buffers: buffers, batch: rows,
            stepOffset: [0], previousOffset: [0], live: [Int32(rows)]
          ) { BoundStep(kernels, $0, step: 0, rows: Int32(rows), scratch: scratch.base).run() }
        }
        #expect(bound.values.map(\.bitPattern) == plain.values.map(\.bitPattern), "\(rows) rows of \(columns)")
        for memory in sources + [bound, scratch] { #expect(memory.isUntouched()) }
      }
    }
  }

  /// A product of more panels than one tile holds, in steps of even and of odd number.
  @Test(arguments: Level.all, [(1, 300, 20), (1, 256, 70), (5, 130, 9), (20, 65, 33)])
  func aBoundProductIsTheProduct(_ level: Level, shape: (rows: Int, n: Int, k: Int)) throws {
    try level.withKernels { kernels in
      let operands = ProductTests.Operands(rows: shape.rows, n: shape.n, k: shape.k, transposed: false, kernels)
      let plain = Memory(count: shape.rows * operands.outStride)
      operands.run(kernels, rows: 0..<shape.rows, into: plain, biased: true, accumulate: false)
      for step: Int32 in [0, 1] {
        let bound = Memory(count: shape.rows * operands.outStride)
        let buffers = [
          rk_buffer(base: operands.x.base, row_stride: Int64(operands.xStride), addressing: Int32(RK_ROW)),
          rk_buffer(base: bound.base, row_stride: Int64(operands.outStride), addressing: Int32(RK_ROW)),
        ]
        let product = rk_product(
          matrix: operands.matrix, bias: operands.bias.base,
          source: rk_operand(buffer: 0, column: 0),
          destination: rk_operand(buffer: 1, column: 0), accumulate: 0, quantized: nil)
        withSchedule(
          phases: [rk_phase(is_program: 0, index: 0)], products: [product], programs: [], buffers: buffers, batch: shape.rows,
          stepOffset: [0, 0], previousOffset: [0, 0], live: [Int32(shape.rows), Int32(shape.rows)]
        ) { BoundStep(kernels, $0, step: step, rows: Int32(shape.rows), scratch: bound.base).run() }
        #expect(bound.values.map(\.bitPattern) == plain.values.map(\.bitPattern), "step \(step)")
        #expect(bound.isUntouched { $0 % operands.outStride < shape.n })
        for memory in [operands.x, operands.panels, operands.bias] { #expect(memory.isUntouched()) }
      }
    }
  }

  /// No rows, or none that still go on: nothing to do.
  @Test(arguments: Level.all)
  func aStepWithoutRowsDoesNothing(_ level: Level) throws {
    try level.withKernels { kernels in
      let before: [Float] = [-1, -2, -3, -4, -5, -6, -7, -8]
      let out = Memory(before)
      let program = [instruction("abs", 0, 0)]
      let buffer = rk_buffer(base: out.base, row_stride: 8, addressing: Int32(RK_ROW))
      program.withUnsafeBufferPointer { instructions in
        let program = rk_program(
          instructions: instructions.baseAddress, count: 1, width: 8, registers: 0, whole_row: 0, matrix_rows: 0, matrices: 0,
          operations: nil, operation_count: 0, of_memory: 0)
        for (rows, live) in [(Int32(0), Int32(1)), (1, 0)] {
          withSchedule(
            phases: [rk_phase(is_program: 1, index: 0)], products: [], programs: [program], buffers: [buffer], batch: 1,
            stepOffset: [0], previousOffset: [0], live: [live]
          ) { BoundStep(kernels, $0, step: 0, rows: rows, scratch: out.base).run() }
        }
      }
      #expect(out.values == before)
    }
  }
}
