import Engine

extension Batch {
  /// Some of the sequences by themselves, with the numbers that they have here.
  ///
  /// - Parameters:
  ///   - sequences: their places here, in increasing order.
  ///   - targetsAreOfSequences: whether there is a row of targets for each sequence, and not for each step.
  package func part(_ sequences: [Int], targetsAreOfSequences: Bool) -> Batch {
    let (part, rows) = lengths.part(sequences)
    let ofTargets = targetsAreOfSequences ? sequences : rows
    return Batch(
      lengths: part, inputs: inputs.part(rows, of: lengths.rows, sequences: part.numbers),
      targets: targets.part(
        ofTargets, of: targetsAreOfSequences ? lengths.batch : lengths.rows, sequences: sequences))
  }
}

extension Batch.Targets {
  /// - Parameter sequences: whose rows they are, all of each.
  fileprivate func part(_ rows: [Int], of count: Int, sequences: [Int]) -> Self {
    if case .symbols(let lists) = self { return .symbols(sequences.map { lists[$0] }) }
    return taking(rows, of: count, sequence: nil)
  }
}
