import Support
import TensorFiles

/// A recurrent cell of Keras: its kind, attributes and arrays, on the way to a layer's description and weights.
struct KerasCell {
  enum Family: String {
    case rnn, lstm, gru
  }

  let family: Family
  let kind: LayerDescription.Kind
  let usesBias: Bool
  /// Whether the arrays are laid out as Nvidia's cuDNN has them.
  let isCuDNN: Bool
  /// Units that the configuration asks for; nil if only the arrays say it.
  let units: Int?

  /// How many arrays the cell has.
  var arrays: Int { usesBias ? 3 : 2 }

  /// The recurrent classes, as layers and as cells.
  static let classes: Set<String> = [
    "SimpleRNN", "SimpleRNNCell", "LSTM", "LSTMCell", "CuDNNLSTM", "GRU", "GRUCell", "CuDNNGRU",
  ]

  /// A cell as a configuration says it.
  ///
  /// - Returns: nil if the class is no recurrent one.
  /// - Throws: ``RecurrentError`` if an attribute has a value that no cell here can have.
  init?(_ className: String, _ config: inout KerasConfig) throws(RecurrentError) {
    guard Self.classes.contains(className) else { return nil }
    isCuDNN = className.hasPrefix("CuDNN")
    usesBias = try config.flag("use_bias", defaultValue: true)
    units = try config.integer("units", "output_dim")
    let candidate = try config.activation("activation", usual: "tanh")
    guard !className.hasPrefix("Simple") else {
      (family, kind) = (.rnn, .rnn(candidate))
      return
    }
    let isOld = config.version < 3 && !isCuDNN
    let gates = try config.activation("recurrent_activation", "inner_activation", usual: isOld ? "hard_sigmoid" : "sigmoid")
    if className.contains("LSTM") {
      (family, kind) = (.lstm, .lstm(.init(gates: gates, candidate: candidate, output: candidate)))
    } else {
      // The argument is of Keras 2.1.3; before, and in Keras 2's layer of that name, the reset gate acted before the product.
      let isAfter = try config.flag("reset_after", defaultValue: !isOld)
      (family, kind) = (.gru, .gru(.init(gates: gates, candidate: candidate, reset: isAfter ? .after : .before)))
    }
  }

  /// A cell whose arrays alone are known.
  init(_ family: Family, _ kind: LayerDescription.Kind, usesBias: Bool, isCuDNN: Bool, units: Int? = nil) {
    (self.family, self.kind, self.usesBias, self.isCuDNN, self.units) = (family, kind, usesBias, isCuDNN, units)
  }

  /// The cell of a description, as Keras 3 has it.
  init(_ description: LayerDescription) {
    (kind, usesBias, isCuDNN, units) = (description.kind, description.biases != .none, false, description.units)
    switch description.kind {
    case .rnn: family = .rnn
    case .lstm: family = .lstm
    case .gru: family = .gru
    }
  }

  /// Gates in the order of Keras's arrays.
  var gateOrder: [LayerDescription.Gate] {
    switch family {
    case .rnn: [.hidden]
    case .lstm: [.input, .forget, .candidate, .output]
    case .gru: [.update, .reset, .candidate]
    }
  }

  /// The bias vectors that a description of the cell has.
  private var biases: LayerDescription.Biases {
    guard usesBias else { return .none }
    if case .gru(let gru) = kind, gru.reset == .after { return .two }
    return .one
  }

  /// What the layer is, from the shapes of its arrays.
  ///
  /// - Throws: ``RecurrentError`` if they are not those of such a cell.
  func description(_ file: TensorFile, _ names: [String], layer: String) throws(RecurrentError) -> LayerDescription {
    if isGateByGate(names) { return try descriptionOfGates(file, names, layer: layer) }
    guard names.count == arrays, let kernel = file[names[0]]?.shape, let recurrent = file[names[1]]?.shape, kernel.count == 2,
      recurrent.count == 2
    else {
      throw RecurrentError(
        .interchange,
        "layer \(layer) of \(file.path) has \(names.count) arrays; expected \(arrays): kernel, recurrent_kernel"
          + (usesBias ? ", bias" : ""))
    }
    let (inputs, own, gates) = (kernel[0], recurrent[0], gateOrder.count)
    // Not as a product: an array without elements may claim any length.
    guard own > 0, inputs > 0, recurrent[1].quotientAndRemainder(dividingBy: gates) == (own, 0), kernel[1] == recurrent[1],
      units == nil || units == own
    else {
      throw RecurrentError(
        .interchange,
        "layer \(layer) of \(file.path) has the arrays \(kernel) and \(recurrent); expected [inputs, \(gates) · units] and "
          + "[units, \(gates) · units]" + (units.map { " for \($0) units" } ?? ""))
    }
    return LayerDescription(kind, inputs: inputs, units: own, biases: biases)
  }

  /// The weights of one direction.
  func weights(_ file: TensorFile, _ names: [String], _ description: LayerDescription) throws -> LayerWeights {
    if isGateByGate(names) { return try weightsOfGates(file, names, description) }
    let (gates, units, inputs) = (gateOrder.count, description.units, description.inputs)
    let kernel = try file.floats(names[0], shape: [inputs, gates * units])
    let recurrent = try file.floats(names[1], shape: [units, gates * units])
    let input: [[Float]]
    var own = unstacked(recurrent, gates: gates, columns: units, isTransposed: true)
    if isCuDNN {
      input = (0..<gates).map { Self.block(kernel, gate: $0, of: gates, rows: inputs) }
      own = (0..<gates).map { Self.block(recurrent, gate: $0, of: gates, rows: units) }
    } else {
      input = unstacked(kernel, gates: gates, columns: inputs, isTransposed: true)
    }
    let (bias, recurrentBias) = try biases(file, names, description)
    let places = description.gates.compactMap { gateOrder.firstIndex(of: $0) }
    return LayerWeights(
      gates: places.map {
        GateWeights(input: input[$0], recurrent: own[$0], bias: bias?[$0], recurrentBias: recurrentBias?[$0])
      })
  }

  /// A gate's columns of a matrix as they lie in memory: cuDNN's own `[units, inputs]`, which Keras keeps under the other shape.
  private static func block(_ matrix: [Float], gate: Int, of gates: Int, rows: Int) -> [Float] {
    let width = matrix.count / rows
    let units = width / gates
    var block: [Float] = []
    for row in 0..<rows {
      let start = row * width + gate * units
      block += matrix[start..<start + units]
    }
    return block
  }

  private func biases(
    _ file: TensorFile, _ names: [String], _ description: LayerDescription
  ) throws -> (bias: [[Float]]?, recurrentBias: [[Float]]?) {
    guard usesBias else { return (nil, nil) }
    let (gates, units) = (gateOrder.count, description.units)
    let rows = description.biases == .two || isCuDNN ? 2 : 1
    let shape = isCuDNN ? [2 * gates * units] : rows == 2 ? [2, gates * units] : [gates * units]
    let halves = unstacked(try file.floats(names[2], shape: shape), gates: rows, columns: gates * units).map {
      unstacked($0, gates: gates, columns: 1)
    }
    if description.biases == .two { return (halves[0], halves[1]) }
    if rows == 2 { return (zip(halves[0], halves[1]).map { zip($0, $1).map(+) }, nil) }
    return (halves[0], nil)
  }
}
