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
    var written: Set<Int> = []
    var late: Set<Int> = []
    func read(_ place: Place, span: Int = 1, width: Int = 0) {
      guard case .slot(let column) = place else { return }
      for step in 0..<span where written.contains(column + step * width) { late.insert(column + step * width) }
    }
    for case .program(let program) in backward.phases {
      for instruction in program.instructions {
        instruction.sources.forEach { read($0, span: instruction.span, width: program.width) }
        if case .slotGradient(let column) = instruction.destination { written.insert(column) }
      }
    }
    written = Set(slots.map(\.start))
    for product in products { read(backward.home(of: product)) }
    return late.sorted()
  }
}
