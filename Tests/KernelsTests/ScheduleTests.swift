import Kernels
import Testing

/// The interpreter of schedules against its parts: the same products and primitives, called one row and one element at a
/// time in the order that the schedule says, must give the same bits.
struct ScheduleTests {
  /// A small recurrent layer over packed sequences of lengths 3, 2, 2, 1, 1:
  ///
  ///     z  = x W + bias;  z += h U          products, h in alternating buffers
  ///     r0 = tanh(z);  r1 = r0 * p          p one vector for all rows
  ///     h' = r1 + r0
  ///     out = h' * previous out             the rows of all steps, after the initial rows
  ///     total = total + r1                  one vector in which all rows and steps gather
  struct Layer {
    static let live: [Int32] = [5, 3, 1]
    static let batch = 5
    static let inputs = 3
    static let units: Int32 = 7
    // The initial rows of `out` come first, then the rows of step 0, 1, 2.
    static let stepOffset: [Int64] = [5, 10, 13]
    static let previousOffset: [Int64] = [0, 5, 10]
    static let outRows = 14

    let x: Memory, z: Memory, h: Memory, p: Memory, out: Memory, total: Memory, bias: Memory
    let panelsW: Memory, panelsU: Memory

    init(_ kernels: rk_kernels) {
      let units = Int(Layer.units)
      var numbers = Numbers(seed: 7)
      x = Memory(numbers.array(Layer.outRows * Layer.inputs))
      z = Memory(count: Layer.batch * (units + 2))
      h = Memory(numbers.array(2 * Layer.batch * units))
      p = Memory(numbers.array(units))
      out = Memory(count: Layer.outRows * (units + 1))
      for row in 0..<Layer.batch { for i in 0..<units { out.base[row * (units + 1) + i] = numbers.next() } }
      total = Memory(numbers.array(units))
      bias = Memory(numbers.array(units))
      func packed(_ k: Int) -> Memory {
        let matrix = Memory(numbers.array(units * k))
        let panels = Memory(count: Int(kernels.packed_size(Int32(RK_FLOAT32), Int64(units), Int64(k))))
        kernels.pack(Int32(RK_FLOAT32), panels.base, matrix.base, Int64(k), 1, Int64(units), Int64(k))
        return panels
      }
      panelsW = packed(Layer.inputs)
      panelsU = packed(units)
    }

    var everything: [UInt32] { [z, h, out, total].flatMap { $0.values.map(\.bitPattern) } }

    /// By the interpreter, once for each range of rows.
    func run(_ kernels: rk_kernels, rows: [Range<Int32>]) {
      withSchedule { schedule, scratch in
        for range in rows { kernels.run(schedule, 0, 3, 1, range.lowerBound, range.upperBound, scratch) }
      }
    }

    /// By bound steps.
    func runBound(_ kernels: rk_kernels) {
      withSchedule { schedule, scratch in
        let steps = (0..<3).map { BoundStep(kernels, schedule, step: $0, rows: Int32(Layer.batch), scratch: scratch) }
        for step in steps { step.run() }
      }
    }

    private func matrix(_ panels: Memory, k: Int) -> rk_matrix {
      rk_matrix(panels: panels.base, scales: nil, weights: Int32(RK_FLOAT32), k: Int32(k), n: Layer.units)
    }

    private func withSchedule(_ body: (UnsafePointer<rk_schedule>, UnsafeMutablePointer<Float>) -> Void) {
      let units = Int64(Layer.units)
      let buffers = [
        rk_buffer(base: x.base, row_stride: Int64(Layer.inputs), addressing: Int32(RK_STEP)),
        rk_buffer(base: z.base, row_stride: units + 2, addressing: Int32(RK_ROW)),
        rk_buffer(base: h.base, row_stride: units, addressing: Int32(RK_ALTERNATE)),
        rk_buffer(base: h.base, row_stride: units, addressing: Int32(RK_ALTERNATE_OTHER)),
        rk_buffer(base: p.base, row_stride: 0, addressing: Int32(RK_ROW)),
        rk_buffer(base: out.base, row_stride: units + 1, addressing: Int32(RK_STEP)),
        rk_buffer(base: out.base, row_stride: units + 1, addressing: Int32(RK_PREVIOUS)),
        rk_buffer(base: total.base, row_stride: 0, addressing: Int32(RK_ROW)),
      ]
      let products = [
        rk_product(
          matrix: matrix(panelsW, k: Layer.inputs), bias: bias.base,
          source: rk_operand(buffer: 0, column: 0),
          destination: rk_operand(buffer: 1, column: 1), accumulate: 0, quantized: nil),
        rk_product(
          matrix: matrix(panelsU, k: Int(Layer.units)), bias: nil,
          source: rk_operand(buffer: 3, column: 0),
          destination: rk_operand(buffer: 1, column: 1), accumulate: 1, quantized: nil),
      ]
      let instructions = [
        instruction("tanh", -1, 1, sourceColumn: 1),
        instruction("multiply", -2, -1, 4),
        instruction("add", 2, -2, -1),
        instruction("multiply", 5, 2, 6),
        instruction("add", 7, 7, -2),
      ]
      let phases = [
        rk_phase(is_program: 0, index: 0), rk_phase(is_program: 0, index: 1), rk_phase(is_program: 1, index: 0),
      ]
      instructions.withUnsafeBufferPointer { instructions in
        let programs = [
          rk_program(
            instructions: instructions.baseAddress, count: Int32(instructions.count), width: Layer.units, registers: 2,
            whole_row: 0, matrix_rows: 0, matrices: 0, operations: nil, operation_count: 0, of_memory: 0)
        ]
        let scratch = Memory(count: Int(rk_scratch_size(Layer.units, 2)))
        KernelsTests.withSchedule(
          phases: phases, products: products, programs: programs, buffers: buffers, batch: Layer.batch,
          stepOffset: Layer.stepOffset, previousOffset: Layer.previousOffset, live: Layer.live
        ) { body($0, scratch.base) }
        #expect(scratch.isUntouched())
      }
    }

    /// The same, part by part.
    func runPlainly(_ kernels: rk_kernels) {
      let units = Int(Layer.units)
      func apply(_ name: String, _ a: Float, _ b: Float = 0) -> Float {
        var (result, a, b): (Float, Float, Float) = (0, a, b)
        kernels.apply(rk_operation(name), &result, 1, &a, 1, &b, 1, &b, 1, 1, 1)
        return result
      }
      for t in 0..<3 {
        for b in 0..<Int(Layer.live[t]) {
          let row = Int(Layer.stepOffset[t]) + b, previous = Int(Layer.previousOffset[t]) + b
          let now = (t % 2) * Layer.batch + b, before = (1 - t % 2) * Layer.batch + b
          let sums = z.base + b * (units + 2) + 1
          var (w, u) = (matrix(panelsW, k: Layer.inputs), matrix(panelsU, k: units))
          kernels.product(&w, bias.base, x.base + row * Layer.inputs, 0, sums, 0, 1, 0)
          kernels.product(&u, nil, h.base + before * units, 0, sums, 0, 1, 1)
          for i in 0..<units {
            let r0 = apply("tanh", sums[i])
            let r1 = apply("multiply", r0, p.base[i])
            let new = apply("add", r1, r0)
            h.base[now * units + i] = new
            out.base[row * (units + 1) + i] = apply("multiply", new, out.base[previous * (units + 1) + i])
            total.base[i] = apply("add", total.base[i], r1)
          }
        }
      }
    }
  }

  @Test(arguments: Level.all)
  func aScheduleIsItsPartsOneByOne(_ level: Level) throws {
    try level.withKernels { kernels in
      let whole = Layer(kernels), plain = Layer(kernels)
      whole.run(kernels, rows: [0..<5])
      plain.runPlainly(kernels)
      #expect(whole.everything == plain.everything)
      for memory in [whole.x, whole.h, whole.total] { #expect(memory.isUntouched()) }
      #expect(whole.z.isUntouched { (1..<8).contains($0 % 9) })
      #expect(whole.out.isUntouched { $0 % 8 < 7 })
    }
  }

  @Test(arguments: Level.all)
  func boundStepsAreTheSchedule(_ level: Level) throws {
    try level.withKernels { kernels in
      let interpreted = Layer(kernels), bound = Layer(kernels)
      interpreted.run(kernels, rows: [0..<5])
      bound.runBound(kernels)
      #expect(interpreted.everything == bound.everything)
      for memory in [bound.x, bound.h, bound.total] { #expect(memory.isUntouched()) }
      #expect(bound.z.isUntouched { (1..<8).contains($0 % 9) })
      #expect(bound.out.isUntouched { $0 % 8 < 7 })
    }
  }

  /// All but the vector in which the rows gather, whose order of summing is that of the ranges.
  @Test(arguments: Level.all)
  func rowsMayBeSplitBetweenCalls(_ level: Level) throws {
    try level.withKernels { kernels in
      let whole = Layer(kernels), split = Layer(kernels)
      whole.run(kernels, rows: [0..<5])
      split.run(kernels, rows: [3..<5, 0..<2, 2..<3])
      let withoutTotal = whole.everything.count - Int(Layer.units)
      #expect(whole.everything.prefix(withoutTotal) == split.everything.prefix(withoutTotal))
    }
  }

  /// Steps that run backwards: a sum from the last step to the first, kept at each step.
  @Test(arguments: Level.all)
  func stepsMayRunBackwards(_ level: Level) throws {
    try level.withKernels { kernels in
      let steps = 4, batch = 2, width = 3
      var numbers = Numbers(seed: 3)
      let x = Memory(numbers.array(steps * batch * width)), sum = Memory(numbers.array(batch * width))
      let kept = Memory(count: steps * batch * width)
      var running = sum.values, expected = kept.values
      for t in (0..<steps).reversed() {
        for i in 0..<batch * width {
          running[i] += x.values[t * batch * width + i]
          expected[t * batch * width + i] = running[i]
        }
      }
      let offsets = (0..<Int64(steps)).map { $0 * 2 }
      let buffers = [
        rk_buffer(base: x.base, row_stride: 3, addressing: Int32(RK_STEP)),
        rk_buffer(base: sum.base, row_stride: 3, addressing: Int32(RK_ROW)),
        rk_buffer(base: kept.base, row_stride: 3, addressing: Int32(RK_STEP)),
      ]
      let instructions = [instruction("add", 1, 1, 0), instruction("identity", 2, 1)]
      let scratch = Memory(count: Int(rk_scratch_size(3, 0)))
      instructions.withUnsafeBufferPointer { instructions in
        let program = rk_program(
          instructions: instructions.baseAddress, count: 2, width: 3, registers: 0, whole_row: 0, matrix_rows: 0, matrices: 0,
          operations: nil, operation_count: 0, of_memory: 0)
        withSchedule(
          phases: [rk_phase(is_program: 1, index: 0)], products: [], programs: [program], buffers: buffers, batch: batch,
          stepOffset: offsets, previousOffset: offsets, live: [2, 2, 2, 2]
        ) { kernels.run($0, Int32(steps - 1), Int32(steps), -1, 0, 2, scratch.base) }
      }
      #expect(kept.values == expected)
      #expect(sum.values == running)
    }
  }

  /// Programs that don't fit one tile, by their rows or by their width, and some that just do, with 13 registers and with 25.
  @Test(arguments: Level.all, [(3, 1), (1000, 8), (50, 100), (3, 5000), (2, 20_001), (78, 6), (61, 4)])
  func aProgramOfManyTilesIsOneProgram(_ level: Level, shape: (rows: Int, width: Int)) throws {
    try level.withKernels { kernels in
      let (rows, width) = shape
      for registers: Int32 in [2, 9, 13, 25] {
        for wholeRow in [false, true] {
          var numbers = Numbers(seed: width)
          let a = Memory(numbers.array(rows * width)), b = Memory(numbers.array(width)), out = Memory(count: rows * width)
          let total = Memory(numbers.array(width))
          let first = -1, last = -Int32(registers)
          let second = wholeRow ? "mean" : "negate"
          let program = [
            instruction("multiply", Int32(first), 0, 1), instruction(second, last, Int32(first)),
            instruction("subtract", 2, Int32(first), last), instruction("add", 3, 3, last),
          ]
          var expected = out.values, gathered = total.values
          for row in 0..<rows {
            let products = Memory((0..<width).map { a.values[row * width + $0] * b.values[$0] })
            let seconds = Memory(count: width)
            kernels.apply(
              rk_operation(second), seconds.base, 0, products.base, 0, products.base, 0, products.base, 0, 1, Int64(width))
            for i in 0..<width {
              expected[row * width + i] = products.base[i] - seconds.base[i]
              gathered[i] += seconds.base[i]
            }
          }
          let buffers = [
            rk_buffer(base: a.base, row_stride: Int64(width), addressing: Int32(RK_ROW)),
            rk_buffer(base: b.base, row_stride: 0, addressing: Int32(RK_ROW)),
            rk_buffer(base: out.base, row_stride: Int64(width), addressing: Int32(RK_ROW)),
            rk_buffer(base: total.base, row_stride: 0, addressing: Int32(RK_ROW)),
          ]
          let scratch = Memory(count: Int(rk_scratch_size(Int32(width), registers)))
          program.withUnsafeBufferPointer { instructions in
            let program = rk_program(
              instructions: instructions.baseAddress, count: Int32(instructions.count), width: Int32(width),
              registers: registers, whole_row: wholeRow ? 1 : 0, matrix_rows: 0, matrices: 0, operations: nil, operation_count: 0,
              of_memory: 0)
            withSchedule(
              phases: [rk_phase(is_program: 1, index: 0)], products: [], programs: [program], buffers: buffers, batch: rows,
              stepOffset: [0], previousOffset: [0], live: [Int32(rows)]
            ) { kernels.run($0, 0, 1, 1, 0, Int32(rows), scratch.base) }
          }
          #expect(out.values == expected)
          #expect(total.values == gathered)
          #expect(scratch.isUntouched())
        }
      }
    }
  }

  /// Gates side by side: one σ over three of them, then a product of one of them with what a register holds.
  @Test(arguments: Level.all, [(1, 1), (1, 8), (1, 16), (3, 7), (40, 65), (3, 5000)])
  func anInstructionMaySpanSeveralWidths(_ level: Level, shape: (rows: Int, width: Int)) throws {
    try level.withKernels { kernels in
      let (rows, width) = shape, stride = 4 * width + 3
      var numbers = Numbers(seed: width)
      let gates = Memory(numbers.array(rows * stride, scale: 4)), out = Memory(count: rows * width)
      var expected = gates.values, products = out.values
      for row in 0..<rows {
        for i in row * stride + width..<row * stride + 4 * width {
          kernels.apply(rk_operation("sigmoid"), &expected[i], 1, [gates.values[i]], 1, [0], 1, [0], 1, 1, 1)
        }
        for i in 0..<width { products[row * width + i] = -expected[row * stride + width + i] * expected[row * stride + i] }
      }
      let buffers = [
        rk_buffer(base: gates.base, row_stride: Int64(stride), addressing: Int32(RK_ROW)),
        rk_buffer(base: gates.base + width, row_stride: Int64(stride), addressing: Int32(RK_ROW)),
        rk_buffer(base: out.base, row_stride: Int64(width), addressing: Int32(RK_ROW)),
      ]
      let program = [
        instruction("sigmoid", 1, 1, span: 3), instruction("negate", -1, 1), instruction("multiply", 2, -1, 0),
      ]
      let scratch = Memory(count: Int(rk_scratch_size(Int32(width), 1)))
      program.withUnsafeBufferPointer { instructions in
        let program = rk_program(
          instructions: instructions.baseAddress, count: Int32(instructions.count), width: Int32(width), registers: 1,
          whole_row: 1, matrix_rows: 0, matrices: 0, operations: nil, operation_count: 0, of_memory: 0)
        withSchedule(
          phases: [rk_phase(is_program: 1, index: 0)], products: [], programs: [program], buffers: buffers, batch: rows,
          stepOffset: [0], previousOffset: [0], live: [Int32(rows)]
        ) { kernels.run($0, 0, 1, 1, 0, Int32(rows), scratch.base) }
      }
      #expect(gates.values == expected)
      #expect(out.values == products)
      for memory in [gates, out, scratch] { #expect(memory.isUntouched()) }
    }
  }
}
