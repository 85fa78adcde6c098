import Engine

extension Batch {
  /// The rows of a sequence, from its first step to its last.
  package func rows(of sequence: Int) -> [Int] { lengths.rows(ofSequence: sequence) }

  /// Packs sequences of symbols with a class, or -1, for each step. Sequences as long as each other keep their order.
  package init(packing sequences: [(inputs: [Int32], classes: [Int32])]) {
    let longest = sequences.map(\.inputs.count).max() ?? 0
    // By length without a comparison sort, which need not be stable.
    var byLength = [[Int]](repeating: [], count: longest + 1)
    for (place, sequence) in sequences.enumerated() { byLength[sequence.inputs.count].append(place) }
    let order = byLength.reversed().flatMap { $0 }
    var (inputs, classes): ([Int32], [Int32]) = ([], [])
    var live = order.count
    for step in 0..<longest {
      while sequences[order[live - 1]].inputs.count <= step { live -= 1 }
      for place in order[..<live] {
        inputs.append(sequences[place].inputs[step])
        classes.append(sequences[place].classes[step])
      }
    }
    self.init(
      lengths: PackedLengths(sorted: order.map { sequences[$0].inputs.count }), inputs: .tokens(inputs),
      targets: .classes(classes))
  }

  /// Packs sequences of numbers, `[T][features]` each, with a class for each sequence. Sequences as long as each other keep their order.
  package init(packing sequences: [(steps: [[Float]], label: Int32)]) {
    let order = sequences.indices.sorted { (sequences[$1].steps.count, $0) < (sequences[$0].steps.count, $1) }
    let longest = order.first.map { sequences[$0].steps.count } ?? 0
    let values = (0..<longest).flatMap { step in
      order.prefix { sequences[$0].steps.count > step }.flatMap { sequences[$0].steps[step] }
    }
    self.init(
      lengths: PackedLengths(sorted: order.map { sequences[$0].steps.count }), inputs: .features(values),
      targets: .classes(order.map { sequences[$0].label }))
  }
}
