import Models
import Networks
import Support
import TensorFiles

/// A layer whose gates' matrices are stacked in tensors of a file, before it is known what it is.
struct StackedLayer {
  /// One direction's tensors by name.
  struct Direction {
    var input: String
    var recurrent: String
    var bias: String?
    var recurrentBias: String?
    var projection: String?

    /// All of them.
    var tensors: [String] { [input, recurrent] + [bias, recurrentBias, projection].compactMap { $0 } }
  }

  let file: TensorFile
  let name: String
  var directions: [Direction]

  /// Rows of the stacked matrices, inputs, units, and numbers of the projected state.
  func sizes(_ direction: Direction) throws -> (rows: Int, inputs: Int, units: Int, projection: Int?) {
    let (input, recurrent) = (try matrix(direction.input), try matrix(direction.recurrent))
    guard input.rows == recurrent.rows else {
      throw RecurrentError(
        .interchange,
        "\(direction.input) of \(file.path) has \(input.rows) rows, but \(direction.recurrent) has \(recurrent.rows): expected as many"
      )
    }
    guard let projection = direction.projection else { return (input.rows, input.columns, recurrent.columns, nil) }
    let shape = try matrix(projection)
    guard shape.rows == recurrent.columns else {
      throw RecurrentError(
        .interchange,
        "\(projection) of \(file.path) gives \(shape.rows) numbers, but \(direction.recurrent) reads \(recurrent.columns): expected as many"
      )
    }
    return (input.rows, input.columns, shape.columns, shape.rows)
  }

  private func matrix(_ name: String) throws -> (rows: Int, columns: Int) {
    guard let shape = file[name]?.shape, shape.count == 2, shape[0] > 0, shape[1] > 0 else {
      throw RecurrentError(
        .interchange, "\(name) of \(file.path) has the shape \(file[name]?.shape ?? []); expected a matrix [rows, columns]")
    }
    return (shape[0], shape[1])
  }

  /// The kind of cell that the number of rows for each unit implies.
  func kind(
    _ sizes: (rows: Int, inputs: Int, units: Int, projection: Int?), _ options: ReadingOptions
  ) throws -> LayerDescription.Kind {
    let (gates, rest) = sizes.rows.quotientAndRemainder(dividingBy: sizes.units)
    switch (gates, rest, sizes.projection) {
    case (1, 0, nil): return .rnn(options.activation)
    case (3, 0, nil): return .gru(.init())
    case (4, 0, let projection): return .lstm(.init(projection: projection))
    default:
      throw RecurrentError(
        .interchange,
        "\(directions[0].input) of \(file.path) has \(sizes.rows) rows for \(sizes.units) units; expected 1, 3 or 4 for each: a plain "
          + "network, a GRU or an LSTM")
    }
  }

  /// The layer, its gates' matrices one above the other in the order of ``LayerDescription/gates``.
  ///
  /// - Parameter onlyCandidate: whether the recurrent bias is the candidate's alone.
  func layer(_ options: ReadingOptions, recurrentBiasOfCandidateOnly onlyCandidate: Bool = false) throws -> RecurrentLayer {
    let first = directions[0]
    let sizes = try sizes(first)
    let biases: LayerDescription.Biases = first.recurrentBias != nil ? .two : first.bias != nil ? .one : .none
    let description = LayerDescription(
      try kind(sizes, options), inputs: sizes.inputs, units: sizes.units,
      direction: directions.count == 2 ? .bidirectional(.concatenate) : .forward, biases: biases)
    let weights = try directions.map { direction in
      guard try self.sizes(direction) == sizes,
        (direction.bias != nil, direction.recurrentBias != nil) == (first.bias != nil, first.recurrentBias != nil)
      else {
        throw RecurrentError(.interchange, "the directions of layer \(name) of \(file.path) have different sizes or biases")
      }
      return try self.weights(direction, description, onlyCandidate: onlyCandidate)
    }
    return try RecurrentLayer(name, description, weights: weights)
  }

  private func weights(_ direction: Direction, _ description: LayerDescription, onlyCandidate: Bool) throws -> LayerWeights {
    let count = description.gates.count
    let (units, inputs, outputs) = (description.units, description.inputs, description.outputs)
    let input = unstacked(
      try file.floats(direction.input, shape: [count * units, inputs]), gates: count, columns: inputs)
    let recurrent = unstacked(
      try file.floats(direction.recurrent, shape: [count * units, outputs]), gates: count, columns: outputs)
    let bias = try direction.bias.map { unstacked(try file.floats($0, shape: [count * units]), gates: count, columns: 1) }
    let recurrentBias = try direction.recurrentBias.map { name in
      let own = onlyCandidate ? 1 : count
      return unstacked(try file.floats(name, shape: [own * units]), gates: own, columns: 1)
    }
    let gates = description.gates.indices.map { gate in
      GateWeights(
        input: input[gate], recurrent: recurrent[gate],
        bias: bias?[gate] ?? recurrentBias.map { _ in [Float](repeating: 0, count: units) },
        recurrentBias: onlyCandidate ? (description.gates[gate] == .candidate ? recurrentBias?[0] : nil) : recurrentBias?[gate])
    }
    return LayerWeights(
      gates: gates,
      projection: try direction.projection.map { try file.floats($0, shape: [description.outputs, units]) })
  }
}
