import CellLanguage
import Support

/// What a cell's equations are, if they are those of a plain network, an LSTM or a GRU: the gates, what they do, and which
/// parameters are theirs. Names play no part in it, nor does the way in which sums and products are written.
struct CellReading: Sendable {
  let kind: LayerDescription.Kind
  let biases: LayerDescription.Biases
  let clip: Double?
  /// In the order of ``LayerDescription/gates``.
  let gates: [GateReading]
  /// The matrix of the projection.
  let projection: String?

  /// - Throws: ``RecurrentError`` which says what about the cell is no part of such a kind.
  init(_ cell: Cell) throws(RecurrentError) {
    var reader = CellReader(cell)
    if let state = cell.states.first(where: { $0.zoneout > 0 }) {
      throw reader.failure("\(state.name) keeps a fraction of \(state.zoneout) of itself (zoneout)")
    }
    if !cell.repeats.isEmpty { throw reader.failure("it repeats equations") }
    if cell.hasHeads { throw reader.failure("it has heads") }
    if cell.inputs.count > 1 { throw reader.failure("it reads \(cell.inputs.map(\.name).joined(separator: ", "))") }
    switch cell.states.count {
    case 1: (kind, gates) = try reader.plainOrGRU()
    case 2: (kind, gates) = try reader.lstm()
    default: throw reader.failure("it has \(cell.states.count) states")
    }
    (projection, clip) = (reader.projection, try reader.clip())
    try reader.checkParameters(of: gates)
    let hasRecurrentBias = gates.contains { $0.recurrentBias != nil }
    biases = hasRecurrentBias ? .two : gates.contains { $0.bias != nil } ? .one : .none
  }
}

/// A gate as equations have it.
struct GateReading: Sendable {
  /// The expression of the gate, and which equation gives it; nil if it stands within another.
  let expression: Expression
  let activation: Activation
  /// What the activation function squashes, without a limit.
  let preactivation: Expression
  /// The limit of the activation function's argument, ±.
  let clip: Double?
  var input: MatrixBlock?
  var recurrent: MatrixBlock?
  var bias: String?
  var recurrentBias: String?
  var peephole: String?

  /// - Parameter expression: such as σ(W [h, x] + b).
  init(_ expression: Expression) {
    self.expression = expression
    let reading = Activation.reading(expression)
    activation = reading.activation
    (preactivation, clip) = reading.argument.withoutLimit
  }

  var parameters: [String] { [input?.parameter, recurrent?.parameter, bias, recurrentBias, peephole].compactMap { $0 } }
}

/// A part of a matrix parameter that multiplies one vector.
struct MatrixBlock: Sendable, Hashable {
  let parameter: String
  /// The lengths of the vectors before it in a concatenation.
  let offset: [Size]
  let isTransposed: Bool
}

extension Expression {
  /// What `clip(a, -limit, limit)` limits, and to what; the expression itself and nil if it limits nothing so.
  var withoutLimit: (argument: Expression, limit: Double?) {
    guard case .apply(.clip, let arguments) = self, let low = arguments[1].signedNumber,
      let high = arguments[2].signedNumber, low == -high, high > 0
    else { return (self, nil) }
    return (arguments[0], high)
  }
}
