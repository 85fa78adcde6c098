extension Plan {
  /// Whether the gradients of the pre-activations overwrite the pre-activations, and the gates that stand in their
  /// place, in the step back.
  ///
  /// Half the memory that the step back walks through is then already in the cache. A training step of an LSTM of 128 units,
  /// batch 32, 64 steps takes 6 % less time, one of 256 units 1 %. It needs every slot to be read for the last time before its
  /// gradient is written, and no gradient of a matrix to read a slot after all steps.
  mutating func placeGradients() { gradientsReplaceSlots = !computesAll && slotsReadTooLate.isEmpty }

  /// Slots, by their first column, that something still reads when their gradients have been written.
  private var slotsReadTooLate: [Int] {
    var written: [Range<Int>] = []
    var late: Set<Int> = []
    func read(_ place: Place, width: Int) {
      guard case .slot(let column) = place else { return }
      if written.contains(where: { $0.overlaps(column..<column + width) }) { late.insert(column) }
    }
    for case .program(let program) in backward.phases {
      // A program over the rows of matrices reads for the last rows what it reads for the first ones, and writes in between.
      if program.rows != nil { written += program.overwrittenSlots }
      for instruction in program.instructions {
        instruction.sources.forEach { read($0, width: program.sourceWidth(of: instruction)) }
        if case .slotGradient(let column) = instruction.destination {
          written.append(column..<column + program.destinationWidth(of: instruction))
        }
      }
    }
    written = [0..<slotWidth]
    for product in products { read(backward.home(of: product), width: product.k) }
    return late.sorted()
  }
}

extension Plan.Program {
  /// The slots whose gradients it writes.
  var overwrittenSlots: [Range<Int>] {
    instructions.compactMap { instruction in
      guard case .slotGradient(let column) = instruction.destination else { return nil }
      return column..<column + destinationWidth(of: instruction)
    }
  }
}
