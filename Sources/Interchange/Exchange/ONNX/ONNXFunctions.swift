import Models
import ONNXFiles
import Storage
import Support

/// The activation functions of ONNX's recurrent operators, whose names are read in any case.
enum ONNXFunctions {
  /// A function of ONNX with the values that it takes from the operator's lists.
  struct Named: Hashable {
    let name: String
    var alpha: Float?
    var beta: Float?
  }

  private struct Row: Sendable {
    let name: String
    /// The function here, and which parameters of it `alpha` and `beta` are.
    let activation: String
    let parameters: Int
    /// The parameters' defaults; nil where ONNX and ONNX Runtime have different ones, or none.
    var defaultValues: [Double]?
  }

  private static let rows: [Row] = [
    Row(name: "Sigmoid", activation: "sigmoid", parameters: 0, defaultValues: []),
    Row(name: "Tanh", activation: "tanh", parameters: 0, defaultValues: []),
    Row(name: "Relu", activation: "relu", parameters: 0, defaultValues: []),
    Row(name: "Softsign", activation: "softsign", parameters: 0, defaultValues: []),
    Row(name: "Softplus", activation: "softplus", parameters: 0, defaultValues: []),
    Row(name: "HardSigmoid", activation: "hard_sigmoid", parameters: 2, defaultValues: [0.2, 0.5]),
    Row(name: "LeakyRelu", activation: "leaky_relu", parameters: 1, defaultValues: [0.01]),
    Row(name: "Elu", activation: "elu", parameters: 1, defaultValues: [1]),
    Row(name: "ThresholdedRelu", activation: "thresholded_relu", parameters: 1),
    Row(name: "ScaledTanh", activation: "scaled_tanh", parameters: 2),
    Row(name: "Affine", activation: "affine", parameters: 2),
  ]

  /// The functions that an operator names, one after the other. Each takes the next value of `activation_alpha` if it has a
  /// parameter, and of `activation_beta` if it has two, as ONNX Runtime does it.
  ///
  /// - Parameter defaultValues: the functions if the operator names none.
  static func activations(of node: ONNXNode, defaultValues: [String]) throws(ONNXRefusal) -> [Activation] {
    var names = defaultValues
    if let attribute = node.attributes["activations"] {
      guard case .texts(let own) = attribute else { throw ONNXRefusal("whose activations are no list of names") }
      names = own
    }
    guard names.count == defaultValues.count else {
      throw ONNXRefusal("with \(names.count) activations; expected \(defaultValues.count)")
    }
    var alphas = try values(of: node, "activation_alpha")[...]
    var betas = try values(of: node, "activation_beta")[...]
    var activations: [Activation] = []
    for name in names {
      guard let row = rows.first(where: { $0.name.lowercased() == name.lowercased() }) else {
        throw ONNXRefusal("with the activation \(name.debugDescription); known are \(rows.map(\.name).joined(separator: ", "))")
      }
      var parameters: [Double] = []
      for place in 0..<row.parameters {
        let given = place == 0 ? alphas.popFirst() : betas.popFirst()
        guard let value = given ?? row.defaultValues?[place] else {
          throw ONNXRefusal(
            "whose activation \(name) has no \(place == 0 ? "activation_alpha" : "activation_beta"), for which ONNX Runtime has no "
              + "default, or another than ONNX")
        }
        parameters.append(value)
      }
      activations.append(try unwrapping { () throws(RecurrentError) in try Activation(row.activation, parameters) })
    }
    for (name, rest) in [("activation_alpha", alphas), ("activation_beta", betas)] where !rest.isEmpty {
      throw ONNXRefusal("with more values of \(name) than its activations \(names.joined(separator: ", ")) take")
    }
    return activations
  }

  /// ONNX's function that does the same; nil if there is none.
  static func named(_ activation: Activation) -> Named? {
    switch (activation.name, activation.parameters.count) {
    // Those that the cell language writes without parameters, and what they are of ONNX's.
    case ("hard_sigmoid", 0): return Named(name: "HardSigmoid", alpha: 1 / 6, beta: 0.5)
    case ("elu", 0): return Named(name: "Elu", alpha: 1)
    case ("linear", 0): return Named(name: "Affine", alpha: 1, beta: 0)
    default:
      let row = rows.first { $0.activation == activation.name && $0.parameters == activation.parameters.count }
      let values = activation.parameters.map { Float($0) }
      return row.map { Named(name: $0.name, alpha: values.first, beta: values.dropFirst().first) }
    }
  }

  /// The operators that are a function by themselves.
  static var operators: [String] { alone.map(\.operation) }

  static func attributes(ofOperator name: String) -> [String: ONNXRule.AttributeType] {
    let parameters = alone.first { $0.operation == name }?.parameters ?? []
    return Dictionary(parameters.map { ($0.name, .float) }, uniquingKeysWith: { first, _ in first })
  }

  /// A function as a layer of its own rather than in a recurrent operator.
  static func activation(ofOperator node: ONNXNode) -> Activation? {
    guard let row = alone.first(where: { $0.operation == node.operation }) else { return nil }
    let values = row.parameters.map { name, defaultValue in
      if case .float(let value)? = node.attributes[name] { Double(value.description) ?? .nan } else { defaultValue }
    }
    return try? Activation(row.activation, values)
  }

  /// Operators that are a function, the function here, and which attributes are its parameters, with their defaults.
  private static let alone: [(operation: String, activation: String, parameters: [(name: String, defaultValue: Double)])] = [
    ("Sigmoid", "sigmoid", []), ("Tanh", "tanh", []), ("Relu", "relu", []), ("Softsign", "softsign", []),
    ("Softplus", "softplus", []), ("Exp", "exp", []), ("Mish", "mish", []), ("HardSwish", "hard_silu", []),
    ("HardSigmoid", "hard_sigmoid", [("alpha", 0.2), ("beta", 0.5)]), ("LeakyRelu", "leaky_relu", [("alpha", 0.01)]),
    ("Elu", "elu", [("alpha", 1)]), ("ThresholdedRelu", "thresholded_relu", [("alpha", 1)]),
    ("Selu", "scaled_elu", [("gamma", 1.0507009873554805), ("alpha", 1.6732632423543772)]),
  ]

  /// As decimals, so that 0.01 is 0.01 and not the nearest Float.
  private static func values(of node: ONNXNode, _ name: String) throws(ONNXRefusal) -> [Double] {
    guard let attribute = node.attributes[name] else { return [] }
    guard case .floats(let values) = attribute else { throw ONNXRefusal("whose \(name) is no list of numbers") }
    return values.map { Double($0.description) ?? .nan }
  }
}

/// Why an operator can't be taken over, as a clause after its kind: `with the activation …`.
struct ONNXRefusal: Error {
  let text: String

  init(_ text: String) { self.text = text }
}

/// Makes a refusal of an error about a layer.
func unwrapping<Result>(_ body: () throws(RecurrentError) -> Result) throws(ONNXRefusal) -> Result {
  do throws(RecurrentError) { return try body() } catch { throw ONNXRefusal("that can't be taken over: \(error)") }
}
