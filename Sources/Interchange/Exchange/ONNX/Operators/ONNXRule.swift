import ONNXFiles

/// What one operator of ONNX does to what is known of its inputs.
struct ONNXRule: Sendable {
  /// The attributes that the rule goes by, and of which type each is. A node with another one is not understood.
  let attributes: [String: AttributeType]
  /// What the outputs are; nil if nothing is known of them.
  let outputs: @Sendable (ONNXCall) throws(ONNXRefusal) -> [ONNXKnown]?

  enum AttributeType: String, Sendable {
    case float = "a number"
    case integer = "a whole number"
    case text = "a text"
    case tensor = "a tensor"
    case floats = "a list of numbers"
    case integers = "a list of whole numbers"
    /// One that changes nothing where the rule applies.
    case any = "anything"
  }

  init(
    _ attributes: [String: AttributeType] = [:], _ outputs: @escaping @Sendable (ONNXCall) throws(ONNXRefusal) -> [ONNXKnown]?
  ) {
    (self.attributes, self.outputs) = (attributes, outputs)
  }

  /// A rule for an operator of one output.
  static func one(
    _ attributes: [String: AttributeType] = [:], _ output: @escaping @Sendable (ONNXCall) throws(ONNXRefusal) -> ONNXKnown?
  ) -> ONNXRule {
    ONNXRule(attributes) { call throws(ONNXRefusal) in try output(call).map { [$0] } }
  }

  /// The rules of all operators that are followed, by their names in the default set; recurrent ones and `If` are in the reader.
  static let all: [String: ONNXRule] =
    layout.merging(arithmetic) { own, _ in own }.merging(layers) { own, _ in own }

  func check(_ node: ONNXNode) throws(ONNXRefusal) {
    for (name, value) in node.attributes.sorted(by: { $0.key < $1.key }) {
      guard let type = attributes[name] else {
        throw ONNXRefusal("with the attribute \(name.debugDescription), which is not known here")
      }
      let isOfType =
        switch (type, value) {
        case (.any, _), (.float, .float), (.integer, .integer), (.text, .text), (.tensor, .tensor), (.floats, .floats),
          (.integers, .integers):
          true
        default: false
        }
      guard isOfType else { throw ONNXRefusal("whose attribute \(name.debugDescription) is not \(type.rawValue)") }
    }
  }
}

/// An operator with what is known of its inputs.
struct ONNXCall {
  let node: ONNXNode
  /// Nil for one that is left out.
  let inputs: [ONNXKnown?]
  /// The version of the default set of operators.
  let opset: Int
  /// How many elements a result may have.
  let limit: Int
  /// The operator's number in the graph.
  let number: Int

  var title: String { node.title }

  subscript(_ place: Int) -> ONNXKnown? { inputs.indices.contains(place) ? inputs[place] : nil }

  /// Whether an input is there, known or not.
  func has(_ place: Int) -> Bool { self[place] != nil }

  func array(_ place: Int) -> ONNXArray? { if case .array(let array)? = self[place] { array } else { nil } }

  /// An array of numbers with a fraction.
  func numbers(_ place: Int) -> ONNXArray? { array(place).flatMap { $0.isWhole ? nil : $0 } }

  func flow(_ place: Int) -> ONNXFlow? {
    if case .flow(let flow)? = self[place], flow.axes != nil { flow } else { nil }
  }

  /// The input that data flows through, of two of which the other one is an array.
  var flowAndArray: (flow: ONNXFlow, array: ONNXArray, isArrayFirst: Bool)? {
    guard inputs.count == 2 else { return nil }
    if let flow = flow(0), let array = array(1) { return (flow, array, false) }
    if let flow = flow(1), let array = array(0) { return (flow, array, true) }
    return nil
  }

  /// A list of whole numbers that stands in an input, or in an attribute in older versions.
  func list(_ place: Int, _ attribute: String) -> [ONNXLength?]? {
    if has(place) { return self[place]?.lengths?.elements }
    return node.integers(attribute).map { $0.map { ONNXLength($0) } }
  }

  /// ``list(_:_:)`` where all numbers are constant.
  func constants(_ place: Int, _ attribute: String) -> [Int]? {
    guard let list = list(place, attribute) else { return nil }
    let constants = list.compactMap { $0?.constant }
    return constants.count == list.count ? constants : nil
  }

  /// The axis that an attribute names, of `rank`.
  func axis(_ defaultValue: Int?, rank: Int) -> Int? {
    (node.integer("axis") ?? defaultValue).flatMap { resolvedAxis($0, rank: rank) }
  }

  func moved(_ move: ONNXMove) throws(ONNXRefusal) -> ONNXKnown? {
    try self[0]?.moved(move, limit: limit, title: title)
  }

  func reshaped(_ lengths: [ONNXLength?]) throws(ONNXRefusal) -> ONNXKnown? { try moved(.reshaping(lengths)) }
}
