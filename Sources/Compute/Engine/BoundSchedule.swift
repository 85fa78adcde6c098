import CellCompiler
import CellLanguage
import Kernels
import Support

/// The numbers under which the kernels know the buffers of a layer.
struct BufferNumbers {
  static let input = 0
  static let slots = 1
  static let kept = 2
  static let scratch = 3
  static let slotGradients = 4
  static let outputGradient = 5
  static let inputGradient = 6

  private static let fixed = 7
  private let states: Int
  private let parameters: Int
  /// The numbers that programs read, each with a buffer of its own.
  let constants: [Double]
  private let invariants: [Graph.Value]
  private let memories: [Graph.Value]
  /// What has an element or a row for each row of a memory, and may stand in memory.
  let valuesOfMemory: [Graph.Value]

  init(_ plan: Plan) {
    states = plan.cell.states.count
    parameters = plan.cell.parameters.count
    invariants = plan.invariants
    memories = plan.memories
    valuesOfMemory = plan.graph.nodes.indices.filter { plan.graph[$0].shape.followsMemory && !plan.graph.isLeaf($0) }
    let nodes = plan.graph.nodes.map(\.operation) + [.constant(0)]
    constants = Set(nodes.compactMap { if case .constant(let number) = $0 { number } else { nil } }).sorted()
  }

  var count: Int { constant(0) + constants.count + invariants.count + 2 * (memories.count + valuesOfMemory.count) }

  func previous(_ state: Int) -> Int { Self.fixed + state }
  func next(_ state: Int) -> Int { Self.fixed + states + state }
  func incomingGradient(_ state: Int) -> Int { Self.fixed + 2 * states + state }
  func outgoingGradient(_ state: Int) -> Int { Self.fixed + 3 * states + state }
  func parameter(_ index: Int) -> Int { Self.fixed + 4 * states + index }
  func parameterGradient(_ index: Int) -> Int { Self.fixed + 4 * states + parameters + index }
  func mask(_ state: Int) -> Int { Self.fixed + 4 * states + 2 * parameters + state }
  func zoneout(_ state: Int) -> Int { Self.fixed + 5 * states + 2 * parameters + state }
  func constant(_ index: Int) -> Int { Self.fixed + 6 * states + 2 * parameters + index }

  func invariant(_ value: Graph.Value) -> Int {
    let place = found(
      invariants.firstIndex(of: value), orFail: "a schedule reads value \(value) as an invariant, which it is not")
    return constant(constants.count) + place
  }

  func memory(_ value: Graph.Value) -> Int { constant(constants.count) + invariants.count + place(of: value, among: memories) }
  func memoryGradient(_ value: Graph.Value) -> Int { memory(value) + memories.count }

  func scratchOfMemory(_ value: Graph.Value) -> Int {
    constant(constants.count) + invariants.count + 2 * memories.count + place(of: value, among: valuesOfMemory)
  }

  func keptOfMemory(_ value: Graph.Value) -> Int { scratchOfMemory(value) + valuesOfMemory.count }

  private func place(of value: Graph.Value, among values: [Graph.Value]) -> Int {
    found(
      values.firstIndex(of: value), orFail: "a schedule reads value \(value) for each row of a memory, of which there are none")
  }

  func operand(_ place: Plan.Place) -> rk_operand {
    switch place {
    case .register(let register), .rowRegister(let register): rk_operand(buffer: Int32(-1 - register), column: 0)
    case .input: at(Self.input)
    case .previous(let state): at(previous(state))
    case .next(let state): at(next(state))
    case .parameter(let index): at(parameter(index))
    case .constant(let number):
      at(constant(found(constants.firstIndex(of: number), orFail: "a schedule reads \(number), which no value of the plan is")))
    case .invariant(let value): at(invariant(value))
    case .memory(let value): at(memory(value))
    case .memoryGradient(let value): at(memoryGradient(value))
    case .keptOfMemory(let value): at(keptOfMemory(value))
    case .scratchOfMemory(let value): at(scratchOfMemory(value))
    case .mask(let state): at(mask(state))
    case .zoneout(let state): at(zoneout(state))
    case .slot(let column): at(Self.slots, column)
    case .kept(let column): at(Self.kept, column)
    case .scratch(let column): at(Self.scratch, column)
    case .slotGradient(let column): at(Self.slotGradients, column)
    case .outputGradient: at(Self.outputGradient)
    case .inputGradient: at(Self.inputGradient)
    case .incomingGradient(let state): at(incomingGradient(state))
    case .outgoingGradient(let state): at(outgoingGradient(state))
    case .parameterGradient(let index): at(parameterGradient(index))
    case .part(let whole, let column):
      rk_operand(buffer: operand(whole).buffer, column: operand(whole).column + Int32(column))
    }
  }

  private func at(_ buffer: Int, _ column: Int = 0) -> rk_operand { rk_operand(buffer: Int32(buffer), column: Int32(column)) }
}

/// A schedule in the kernels' own structures, at fixed addresses.
final class BoundSchedule {
  private let phases: UnsafeMutableBufferPointer<rk_phase>
  private let products: UnsafeMutableBufferPointer<rk_product>
  private let programs: UnsafeMutableBufferPointer<rk_program>
  private let instructions: UnsafeMutableBufferPointer<rk_instruction>
  private let operations: UnsafeMutableBufferPointer<rk_matrix_operation>
  /// Floats of tile registers that one thread needs.
  let tileSize: Int
  /// Where the vectors that products read are rounded, for those that read them so.
  private let rounded: [FloatBuffer]
  /// The most registers of a program over vectors that are as long as a memory; 0 without such programs.
  private let memoryRegisters: Int

  /// - Parameters:
  ///   - includesInputProducts: whether the products of the input run in the step, as a stream has it, or have been
  ///     done for all steps at once.
  ///   - batch: how many rows there is room for to be rounded.
  ///   - share: the part of each row's numbers that it computes, nil for all.
  init(
    _ schedule: Plan.Schedule, of plan: Plan, weights: Weights, numbers: BufferNumbers,
    includesInputProducts: Bool = false,
    batch: Int = 0, share: UnitShare? = nil
  ) {
    var rounded: [FloatBuffer] = []
    var phases: [rk_phase] = []
    var products: [rk_product] = []
    var programs: [BoundProgram] = []
    let inputProducts = plan.products.indices.filter { plan.products[$0].stage == nil }.map(Plan.Phase.product)
    for phase in (includesInputProducts ? inputProducts : []) + schedule.phases {
      switch phase {
      case .program(let program):
        phases.append(rk_phase(is_program: 1, index: Int32(programs.count)))
        programs.append(BoundProgram(program, numbers))
      case .product(let index):
        let product = plan.products[index]
        for part in weights.parts[index] {
          let room = part.panels.roundedSize(rows: batch)
          if room > 0 { rounded.append(FloatBuffer(count: room)) }
          phases.append(rk_phase(is_program: 0, index: Int32(products.count)))
          products.append(
            rk_product(
              matrix: part.panels.matrix, bias: weights.biases[index].map { UnsafePointer($0.base + part.rows.lowerBound) },
              source: numbers.operand(schedule.home(of: product)),
              destination: numbers.operand(.slot(product.start + part.rows.lowerBound)),
              accumulate: product.accumulates ? 1 : 0,
              quantized: room > 0 ? rounded.last?.base : nil))
        }
      case .backpropagate(let index, let place, let accumulates):
        let product = plan.products[index]
        phases.append(rk_phase(is_program: 0, index: Int32(products.count)))
        products.append(
          rk_product(
            matrix: weights.transposedPanels[index].matrix, bias: nil,
            source: numbers.operand(.slotGradient(product.start)),
            destination: numbers.operand(place),
            accumulate: accumulates ? 1 : 0, quantized: nil))
      }
    }
    if let share {
      products = products.map { share.part(of: $0, weights.level) }
      programs = programs.map(share.part)
    }
    self.rounded = rounded
    self.phases = .allocate(copying: phases)
    self.products = .allocate(copying: products)
    instructions = .allocate(copying: programs.flatMap(\.instructions))
    operations = .allocate(copying: programs.flatMap(\.operations))
    var (first, firstOperation) = (0, 0)
    self.programs = .allocate(
      copying: programs.map { [instructions, operations] program in
        defer { (first, firstOperation) = (first + program.instructions.count, firstOperation + program.operations.count) }
        return rk_program(
          instructions: instructions.baseAddress.map { UnsafePointer($0) + first }, count: Int32(program.instructions.count),
          width: Int32(program.width), registers: Int32(program.registers), whole_row: program.takesWholeRows ? 1 : 0,
          matrix_rows: Int32(program.matrixRows), matrices: Int32(program.matrices),
          operations: operations.baseAddress.map { UnsafePointer($0) + firstOperation },
          operation_count: Int32(program.operations.count), of_memory: program.followsMemory ? 1 : 0)
      })
    memoryRegisters = programs.filter(\.followsMemory).map(\.registers).max() ?? 0
    tileSize = programs.map(\.tileSize).max() ?? 0
  }

  deinit {
    phases.deallocate()
    products.deallocate()
    programs.deallocate()
    instructions.deallocate()
    operations.deallocate()
  }

  /// Floats of tile registers that one thread needs if no memory has more rows than that.
  func tileSize(memoryRows: Int) -> Int { max(tileSize, Int(rk_scratch_size(Int32(memoryRows), Int32(memoryRegisters)))) }

  /// The schedule over given buffers and steps, valid as long as they and `self` are.
  private func schedule(
    _ buffers: UnsafePointer<rk_buffer>?, count: Int, batch: Int, offsets: UnsafePointer<Int64>?, previous: UnsafePointer<Int64>?,
    live: UnsafePointer<Int32>?, memoryRows: UnsafePointer<Int32>?
  ) -> rk_schedule {
    rk_schedule(
      phases: phases.baseAddress, phase_count: Int32(phases.count), products: products.baseAddress,
      programs: programs.baseAddress,
      buffers: buffers, buffer_count: Int32(count), batch: Int32(batch), step_offset: offsets, previous_offset: previous,
      live: live, ring_start: 0, ring_rows: 0, ring_first: 0, memory_rows: memoryRows)
  }

  /// Calls `body` with the schedule over the given buffers and all steps of `lengths`.
  ///
  /// - Parameter memoryRows: how many rows the memory of each sequence has, if the cell reads one.
  func withSchedule<Result>(
    _ buffers: [rk_buffer], _ lengths: PackedLengths, memoryRows: UnsafePointer<Int32>? = nil,
    _ body: (UnsafePointer<rk_schedule>) -> Result
  ) -> Result {
    buffers.withUnsafeBufferPointer { buffers in
      lengths.offsets.withUnsafeBufferPointer { offsets in
        lengths.previousOffsets.withUnsafeBufferPointer { previous in
          lengths.live.withUnsafeBufferPointer { live in
            var schedule = schedule(
              buffers.baseAddress, count: buffers.count, batch: lengths.batch, offsets: offsets.baseAddress,
              previous: previous.baseAddress, live: live.baseAddress, memoryRows: memoryRows)
            return withUnsafePointer(to: &schedule) { body($0) }
          }
        }
      }
    }
  }
}

extension UnsafeMutableBufferPointer {
  /// Memory that holds a copy of the elements.
  fileprivate static func allocate(copying elements: [Element]) -> Self {
    let buffer = Self.allocate(capacity: Swift.max(elements.count, 1))
    _ = buffer.initialize(fromContentsOf: elements)
    return Self(start: buffer.baseAddress, count: elements.count)
  }
}

extension Plan.Instruction {
  /// What of its operands meets a row of a matrix, if its program goes over the rows of matrices.
  fileprivate var parts: (destination: Int32, sources: [Int32]) {
    let parts = (0..<3).map { place -> Int32 in
      let source = sources[min(place, sources.count - 1)]
      return switch (primitive.matrixMap, source) {
      case (.asRows?, _), (nil, .rowRegister), (nil, .constant): Int32(RK_MATRIX_ROW)
      case (.asColumns?, _): Int32(RK_MATRIX_COLUMN)
      case (.asMatrix?, _): Int32(RK_MATRIX_NUMBER)
      case (.sumOfRows?, .rowRegister), (.sumOfColumns?, .rowRegister), (.sumOfAll?, .rowRegister): Int32(RK_MATRIX_ROW)
      case (nil, _), (.sumOfRows?, _), (.sumOfColumns?, _), (.sumOfAll?, _): Int32(RK_MATRIX)
      }
    }
    switch (primitive.matrixMap, destination) {
    case (.sumOfRows?, _): return (Int32(RK_MATRIX_ROW), parts)
    case (.sumOfColumns?, _): return (Int32(RK_MATRIX_COLUMN), parts)
    case (.sumOfAll?, _): return (Int32(RK_MATRIX_NUMBER), parts)
    case (_, .rowRegister): return (Int32(RK_MATRIX_SINGLE_ROW), parts)
    default: return (Int32(RK_MATRIX), parts)
    }
  }
}

/// A program in the kernels' own structures.
struct BoundProgram {
  var instructions: [rk_instruction]
  var width: Int
  let registers: Int
  /// The same on tiles of matrices, in place of the instructions; none if these run one by one.
  var operations: [rk_matrix_operation]
  /// Floats of scratch memory that one thread needs.
  let tileSize: Int
  /// Whether an instruction takes all numbers of a row into one, as a mean does, or goes over the rows of matrices.
  let reduces: Bool
  /// How many rows the matrix of each sequence has; 0 if the program goes over vectors.
  let matrixRows: Int
  /// How many of them stand side by side.
  let matrices: Int
  /// Whether it goes over vectors that are as long as a memory.
  let followsMemory: Bool

  init(_ program: Plan.Program, _ numbers: BufferNumbers) {
    width = program.width
    registers = program.registers
    matrices = program.heads
    matrixRows = program.rows.map { program.followsMemory ? Int(RK_ROWS_OF_MEMORY) : $0 } ?? 0
    followsMemory = program.followsMemory && program.rows == nil
    let matrix = program.followsMemory ? nil : MatrixOperations.operations(of: program, numbers)
    operations = matrix?.operations ?? []
    tileSize = Int(
      matrix.map { rk_matrix_scratch_size(Int32($0.spilled)) } ?? rk_scratch_size(Int32(program.width), Int32(program.registers)))
    reduces = program.rows != nil || program.followsMemory || program.instructions.contains { $0.primitive.mixesElements }
    instructions = program.instructions.map { instruction in
      let sources = instruction.sources.map { numbers.operand($0) }
      let all = (0..<3).map { sources[min($0, sources.count - 1)] }
      let parts = instruction.parts
      return rk_instruction(
        operation: rk_operation(instruction.primitive.name), span: Int32(instruction.span),
        parts: Int32(instruction.primitive.heads),
        destination: numbers.operand(instruction.destination), sources: (all[0], all[1], all[2]),
        destination_part: parts.destination, source_parts: (parts.sources[0], parts.sources[1], parts.sources[2]))
    }
  }

  /// Whether rows can't be cut: an instruction reduces them, or covers gates side by side.
  var takesWholeRows: Bool { reduces || instructions.contains { $0.span > 1 } }
}
