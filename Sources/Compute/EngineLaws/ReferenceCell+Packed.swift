import CellLanguage
package import Engine
package import Support

extension ReferenceCell {
  /// What a packed batch gave; R is the number of rows of all steps together, packed as ``PackedLengths`` says.
  package struct PackedRun: Sendable {
    package let lengths: PackedLengths
    /// The value of each equation, `[R, …]`: local vectors by their names, and states after the step by theirs.
    package let quantities: [String: [Double]]
    /// The states after the last step of each sequence, `[B, …]`.
    package let finalStates: [String: [Double]]
    fileprivate let runs: [Run]
  }

  /// Gradients of a packed batch.
  package struct PackedGradients: Sendable {
    /// `[R, I]`
    package let inputs: [Double]
    /// The gradients of the initial states by their names, `[B, …]`.
    package let initialStates: [String: [Double]]
    /// The gradient of the memory of each sequence, row by row; empty of a cell that has none.
    package let memories: [[Double]]
    /// The gradient of each state on its way from a step to the next, `[R, …]`.
    package let states: [String: [Double]]
    /// The gradients of the parameters, in their shapes: the sums over the batch.
    package let parameters: [String: [Double]]
  }

  /// Runs each sequence of a batch by itself.
  ///
  /// - Parameters:
  ///   - inputs: `[R, I]`
  ///   - initialStates: `[B, …]` by the states' names; those left out are zero.
  ///   - memories: the memory of each sequence, row by row; none of a cell that has none.
  ///   - parameters: all of the cell's, in the shapes of ``layout``.
  ///   - zoneout: what each unit keeps of states that have zoneout, `[R, …]` by their names; the state's own fraction where
  ///     nothing is said.
  /// - Throws: ``RecurrentError`` if something is missing, unknown or of the wrong length.
  package func run(
    packed inputs: [Double], lengths: PackedLengths, initialStates: [String: [Double]] = [:], memories: [[Double]] = [],
    parameters: [String: [Double]],
    zoneout: [String: [Double]] = [:]
  ) throws(RecurrentError) -> PackedRun {
    try expect(inputs, rows: lengths.rows, width: cell.inputWidth(dimensions), "inputs")
    let rows = try rowsOfStates(initialStates, lengths, "initial state")
    if memories.count != (cell.memory == nil ? 0 : lengths.batch) {
      throw RecurrentError(.shape, "there are \(memories.count) memories for \(lengths.batch) sequences of cell \(cell.name)")
    }
    var runs: [Run] = []
    var kept = lengths.perSequence.map { [[String: [Double]]](repeating: [:], count: $0) }
    for state in cell.states {
      guard let fractions = zoneout[state.name] else { continue }
      try expect(fractions, rows: lengths.rows, width: dimensions[state.size], "zoneout of \(state.name)")
      for (sequence, rows) in lengths.unpack(fractions, width: dimensions[state.size]).enumerated() {
        for (step, row) in rows.enumerated() { kept[sequence][step][state.name] = row }
      }
    }
    for (index, sequence) in lengths.unpack(inputs, width: cell.inputWidth(dimensions)).enumerated() {
      runs.append(
        try run(
          sequence, initialStates: rows[index], memory: memories.isEmpty ? [] : memories[index], parameters: parameters,
          zoneout: kept[index]))
    }
    let quantities = cell.equations.map { equation in
      (equation.target, lengths.pack(runs.map { $0.steps.map { value(equation.target, in: $0) } }))
    }
    return PackedRun(
      lengths: lengths, quantities: Dictionary(uniqueKeysWithValues: quantities), finalStates: joined(runs.map(\.finalStates)),
      runs: runs)
  }

  /// Gradients by reverse mode through all steps of each sequence.
  ///
  /// - Parameters:
  ///   - outputs: the gradient of the first state after each step, `[R, …]`.
  ///   - finalStates: the gradients of the states after each sequence's last step, `[B, …]`; those left out are zero.
  /// - Throws: ``RecurrentError`` if something is unknown or of the wrong length.
  package func gradients(
    of run: PackedRun, outputs: [Double], finalStates: [String: [Double]] = [:]
  ) throws(RecurrentError) -> PackedGradients {
    let width = dimensions[cell.states[0].size]
    try expect(outputs, rows: run.lengths.rows, width: width, "gradients of the outputs")
    let rows = try rowsOfStates(finalStates, run.lengths, "gradient of the final state")
    var inputs: [[[Double]]] = []
    var initialStates: [[String: [Double]]] = []
    var memories: [[Double]] = []
    var states: [[[String: [Double]]]] = []
    var parameters = Dictionary(
      uniqueKeysWithValues: layout.entries.map { ($0.name, [Double](repeating: 0, count: $0.range.count)) })
    for (index, sequence) in run.lengths.unpack(outputs, width: width).enumerated() {
      let gradients = try gradients(of: run.runs[index], outputs: sequence, finalStates: rows[index])
      inputs.append(gradients.inputs)
      initialStates.append(gradients.initialStates)
      if cell.memory != nil { memories.append(gradients.memory) }
      states.append(gradients.states)
      parameters.merge(gradients.parameters) { sum, each in zip(sum, each).map { $0 + $1 } }
    }
    let carried = cell.states.map { state in
      (state.name, run.lengths.pack(states.map { $0.map { value(state.name, in: $0) } }))
    }
    return PackedGradients(
      inputs: run.lengths.pack(inputs), initialStates: joined(initialStates), memories: memories,
      states: Dictionary(uniqueKeysWithValues: carried), parameters: parameters)
  }

  /// `[B, …]` by name as one dictionary for each sequence.
  private func rowsOfStates(
    _ states: [String: [Double]], _ lengths: PackedLengths, _ what: String
  ) throws(RecurrentError) -> [[String: [Double]]] {
    var rows = [[String: [Double]]](repeating: [:], count: lengths.batch)
    for (name, values) in states.sorted(by: { $0.key < $1.key }) {
      guard let state = cell.states.first(where: { $0.name == name }) else {
        throw RecurrentError(.shape, "cell \(cell.name) has no state \(name)")
      }
      let width = dimensions[state.size]
      try expect(values, rows: rows.count, width: width, "\(what) \(name)")
      for row in rows.indices { rows[row][name] = Array(values[row * width..<(row + 1) * width]) }
    }
    return rows
  }

  private func value(_ name: String, in values: [String: [Double]]) -> [Double] {
    found(values[name], orFail: "a sequence of cell \(cell.name) has given no \(name)")
  }

  /// One dictionary for each sequence as `[B, …]` by name.
  private func joined(_ rows: [[String: [Double]]]) -> [String: [Double]] {
    Dictionary(uniqueKeysWithValues: cell.states.map { state in (state.name, rows.flatMap { value(state.name, in: $0) }) })
  }

  private func expect(_ values: [Double], rows: Int, width: Int, _ what: String) throws(RecurrentError) {
    if values.count != rows * width {
      throw RecurrentError(
        .shape, "the \(what) of cell \(cell.name) have \(values.count) numbers; \(rows) rows of \(width) are \(rows * width)")
    }
  }
}

extension PackedLengths {
  /// The rows of each sequence, taken out of `packed`, `[R, width]`.
  func unpack(_ packed: [Double], width: Int) -> [[[Double]]] {
    perSequence.enumerated().map { sequence, length in
      (0..<length).map { step in
        let row = row(step: step, sequence: sequence)
        return Array(packed[row * width..<(row + 1) * width])
      }
    }
  }

  /// The steps of all sequences as `[R, width]`.
  func pack(_ sequences: [[[Double]]]) -> [Double] {
    (0..<steps).flatMap { step in sequences.filter { $0.count > step }.flatMap { $0[step] } }
  }
}
