import CellLanguage
public import Support

extension LayerDescription {
  /// A function that other systems apply to single numbers at a gate, at a candidate or before the output: its name and its
  /// parameters.
  public struct Activation: Sendable, Hashable {
    /// As the table calls it, such as `hard_sigmoid`.
    package let name: String
    /// What the row asks for, such as the slope and the offset of `hard_sigmoid`.
    package let parameters: [Double]

    /// The function of that name.
    ///
    /// - Parameters:
    ///   - name: such as `tanh`, `relu` or `hard_sigmoid`.
    ///   - parameters: what the function asks for, such as the slope and the offset of `hard_sigmoid`.
    /// - Throws: ``RecurrentError``, which lists the functions, if there is no such function, or it has another number of parameters.
    public init(_ name: String, _ parameters: [Double] = []) throws(RecurrentError) {
      let rows = Self.table.filter { $0.name == name }
      guard !rows.isEmpty else {
        throw RecurrentError(
          .interchange,
          "can't represent the activation function \(name.debugDescription); there are: \(Self.names.joined(separator: ", "))")
      }
      guard rows.contains(where: { $0.parameters.count == parameters.count }), parameters.allSatisfy(\.isFinite) else {
        let expected = rows.map { $0.parameters.isEmpty ? "none" : $0.parameters.joined(separator: ", ") }.joined(
          separator: " or ")
        throw RecurrentError(
          .interchange, "can't represent the activation function \(name) with the parameters \(parameters); expected \(expected)")
      }
      self.init(known: name, parameters)
    }

    private init(known name: String, _ parameters: [Double] = []) { (self.name, self.parameters) = (name, parameters) }

    package static let linear = Activation(known: "linear")
    package static let sigmoid = Activation(known: "sigmoid")
    package static let tanh = Activation(known: "tanh")
    package static let relu = Activation(known: "relu")

    /// max(0, min(1, slope · a + offset)). Systems differ in the slope: 0.2 in Keras 2 and ONNX, 1/6 in PyTorch and Keras 3.
    package static func hardSigmoid(slope: Double, offset: Double) -> Activation {
      Activation(known: "hard_sigmoid", [slope, offset])
    }

    /// All functions that there are.
    package static let names: [String] = Array(Set(table.map(\.name))).sorted()

    /// The function of `argument` in the cell language.
    func applied(to argument: Expression) -> Expression {
      guard let row = Self.table.first(where: { $0.name == name && $0.parameters.count == parameters.count }) else {
        preconditionFailure("no activation function \(self)")
      }
      return row.body(argument, parameters.map(Expression.signed))
    }

    /// The activation function that an expression applies, and to what; ``linear`` to the whole if it applies none.
    static func reading(_ expression: Expression) -> (activation: Activation, argument: Expression) {
      for row in table {
        let places = row.parameters.indices.map { "\($0)" }
        var match = Matching(variable: "a", numbers: Set(places))
        guard match.matches(row.body(.name("a"), places.map(Expression.name)), expression), let argument = match.argument else {
          continue
        }
        let parameters = places.compactMap { match.values[$0] }
        // A limit of the same size both ways is that of a gate's argument.
        if row.name == "clip", parameters[0] == -parameters[1] { continue }
        return (Activation(known: row.name, parameters), argument)
      }
      return (.linear, expression)
    }
  }
}

package typealias Activation = LayerDescription.Activation

extension Activation: CustomStringConvertible {
  /// `tanh`, `hard_sigmoid(0.2, 0.5)`
  public var description: String {
    parameters.isEmpty ? name : "\(name)(\(parameters.map { Expression.signed($0).description }.joined(separator: ", ")))"
  }
}

extension Activation {
  private struct Row: Sendable {
    let name: String
    let parameters: [String]
    /// The function's value in the cell language, from its argument and parameters.
    let body: @Sendable (Expression, [Expression]) -> Expression

    init(_ name: String, _ parameters: [String] = [], _ body: @escaping @Sendable (Expression, [Expression]) -> Expression) {
      (self.name, self.parameters, self.body) = (name, parameters, body)
    }

    /// A function that the cell language has under the same name.
    static func primitive(_ name: String) -> Row { Row(name) { a, _ in .call(name, a) } }
  }

  /// All that ONNX (version 1.17, operators RNN, GRU and LSTM) and Keras 3 list and that has a value of its own for each
  /// element; `gelu` is the exact one.
  private static let table: [Row] = [
    .primitive("sigmoid"), .primitive("tanh"), .primitive("relu"),
    // Without parameters it is the cell language's own, of slope 1/6 and offset 0.5.
    .primitive("hard_sigmoid"),
    Row("hard_sigmoid", ["slope", "offset"]) { a, p in
      .call("clip", .apply(.add, [.apply(.multiply, [p[0], a]), p[1]]), .number(0), .number(1))
    },
    .primitive("softsign"), .primitive("softplus"), .primitive("exp"), .primitive("silu"), .primitive("hard_tanh"),
    .primitive("log_sigmoid"), .primitive("elu"),
    Row("scaled_elu", ["scale", "alpha"]) { a, p in
      .apply(.multiply, [p[0], exponentialLinear(a, p[1])])
    },
    Row("elu", ["alpha"]) { a, p in exponentialLinear(a, p[0]) },
    Row("leaky_relu", ["slope"]) { a, p in .call("leaky_relu", a, p[0]) },
    // a · step(a - threshold): a above the threshold, 0 elsewhere.
    Row("thresholded_relu", ["threshold"]) { a, p in .apply(.multiply, [a, .call("step", .apply(.subtract, [a, p[0]]))]) },
    .primitive("gelu"),
    Row("capped_relu", ["most"]) { a, p in .call("clip", a, .number(0), p[0]) },
    Row("clip", ["least", "most"]) { a, p in .call("clip", a, p[0], p[1]) },
    Row("at_least", ["least"]) { a, p in .call("max", a, p[0]) },
    Row("at_most", ["most"]) { a, p in .call("min", a, p[0]) },
    Row("mish") { a, _ in .apply(.multiply, [a, .call("tanh", .call("softplus", a))]) },
    Row("hard_silu") { a, _ in .apply(.multiply, [a, .call("hard_sigmoid", a)]) },
    Row("scaled_tanh", ["scale", "slope"]) { a, p in .apply(.multiply, [p[0], .call("tanh", .apply(.multiply, [p[1], a]))]) },
    Row("affine", ["slope", "offset"]) { a, p in .apply(.add, [.apply(.multiply, [p[0], a]), p[1]]) },
    Row("linear") { a, _ in a },
  ]

  /// max(a, 0) + alpha · (exp(min(a, 0)) - 1)
  @Sendable private static func exponentialLinear(_ a: Expression, _ alpha: Expression) -> Expression {
    let below = Expression.apply(.subtract, [.call("exp", .call("min", a, .number(0))), .number(1)])
    return .apply(.add, [.call("max", a, .number(0)), .apply(.multiply, [alpha, below])])
  }
}
