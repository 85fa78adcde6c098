import Kernels

/// A thread's share of each row's numbers, where rows are too few to be shared themselves: the same columns of every product's
/// result and of every program's rows.
struct UnitShare {
  let index: Int
  let count: Int

  /// Whole cache lines, which are also whole panels for every instruction set.
  private func range(of width: Int) -> Range<Int> {
    let bounds = [index, index + 1].map { min(width, (width + 15) / 16 * $0 / count * 16) }
    return bounds[0]..<bounds[1]
  }

  func part(of product: rk_product, _ level: InstructionSet) -> rk_product {
    let matrix = product.matrix
    let range = range(of: Int(matrix.n))
    var part = product
    part.matrix.panels += Int(
      level.kernels.pointee.packed_size(matrix.weights, Int64(range.lowerBound), Int64(matrix.k)))
    if matrix.weights == RK_INT8 { part.matrix.scales += range.lowerBound }
    part.bias = product.bias.map { $0 + range.lowerBound }
    part.destination.column += Int32(range.lowerBound)
    part.matrix.n = Int32(range.count)
    return part
  }

  /// What takes all numbers of a row at once is the first thread's.
  func part(of program: BoundProgram) -> BoundProgram {
    var part = program
    if program.reduces {
      if index > 0 { (part.instructions, part.operations) = ([], []) }
      return part
    }
    let range = range(of: program.width)
    part.width = range.count
    part.instructions =
      range.isEmpty
      ? []
      : program.instructions.flatMap { instruction in
        (0..<Int(instruction.span)).map { gate in
          func moved(_ operand: rk_operand) -> rk_operand {
            operand.buffer < 0
              ? operand
              : rk_operand(buffer: operand.buffer, column: operand.column + Int32(gate * program.width + range.lowerBound))
          }
          let sources = instruction.sources
          return rk_instruction(
            operation: instruction.operation, span: 1, parts: instruction.parts, destination: moved(instruction.destination),
            sources: (moved(sources.0), moved(sources.1), moved(sources.2)), destination_part: instruction.destination_part,
            source_parts: instruction.source_parts)
        }
      }
    return part
  }
}

/// A schedule for one thread, and for several that share the units.
struct SharedSchedule {
  let whole: BoundSchedule
  /// One for each thread; none if a step is too little work to be shared.
  let parts: [BoundSchedule]

  /// - Parameter bind: binds the schedule for a share of the units, or for all.
  init(threads: Int, bind: (UnitShare?) -> BoundSchedule) {
    whole = bind(nil)
    parts = threads < 2 ? [] : (0..<threads).map { bind(UnitShare(index: $0, count: threads)) }
  }

  func tileSize(memoryRows: Int) -> Int {
    parts.reduce(whole.tileSize(memoryRows: memoryRows)) { max($0, $1.tileSize(memoryRows: memoryRows)) }
  }
}
