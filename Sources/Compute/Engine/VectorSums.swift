/// The sums of a vector or scalar over the steps of each sequence, `[B, width]`.
struct VectorSums {
  let parameter: Int
  let width: Int
  private(set) var sums = FloatBuffer(count: 0)

  init(parameter: Int, width: Int) {
    self.parameter = parameter
    self.width = width
  }

  mutating func clear(_ sequences: Int) {
    sums = sums.grown(to: sequences * width)
    sums.clear(0..<sequences * width)
  }

  /// The sum over some sequences, in their order.
  func total(of sequences: ArraySlice<Int32>, _ level: InstructionSet) -> [Float] {
    var total = [Float](repeating: 0, count: width)
    level.addColumnSums(of: sums.base, stride: width, rows: sequences, width: width, to: &total)
    return total
  }
}
