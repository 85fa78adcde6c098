import CellLanguage
package import Support

/// A layer of another system that multiplies each vector with a matrix, adds a bias and applies a function.
package struct DenseLayer: Sendable, Hashable {
  /// What its file calls it.
  package let name: String
  package let inputs: Int
  package let outputs: Int
  /// `[outputs, inputs]`, row by row.
  package let weight: [Float]
  /// `[outputs]`; nil for none.
  package let bias: [Float]?
  package let function: Function

  /// What is made of the sums.
  package enum Function: Sendable, Hashable {
    case elementwise(Activation)
    /// exp(a) over the sum of all exp(a)
    case softmax
    /// The logarithm of that.
    case logSoftmax

    /// Whether it makes the numbers those of classes.
    var givesClasses: Bool { self == .softmax || self == .logSoftmax }
  }

  /// - Throws: ``RecurrentError`` if there are not as many numbers as the sizes say.
  package init(
    _ name: String, inputs: Int, outputs: Int, weight: [Float], bias: [Float]?, function: Function = .elementwise(.linear)
  ) throws(RecurrentError) {
    guard inputs > 0, outputs > 0, weight.count == inputs * outputs, bias == nil || bias?.count == outputs else {
      throw RecurrentError(
        .interchange,
        "dense layer \(name) has \(weight.count) weights and \(bias?.count ?? 0) biases; expected \(outputs) × \(inputs) and \(outputs)"
      )
    }
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.weight = weight
    self.bias = bias
    self.function = function
  }

  /// The layer with another function.
  func with(_ function: Function) throws(RecurrentError) -> DenseLayer {
    try DenseLayer(name, inputs: inputs, outputs: outputs, weight: weight, bias: bias, function: function)
  }
}

extension DenseLayer.Function: CustomStringConvertible {
  /// `relu`, `softmax`
  package var description: String {
    switch self {
    case .elementwise(let activation): activation.description
    case .softmax: "softmax"
    case .logSoftmax: "log_softmax"
    }
  }
}

/// A layer of another system that has a vector for each symbol.
package struct EmbeddingLayer: Sendable, Hashable {
  /// What its file calls it.
  package let name: String
  package let symbols: Int
  package let width: Int
  /// `[symbols, width]`, row by row.
  package let weight: [Float]

  /// - Throws: ``RecurrentError`` if there are not as many numbers as the sizes say.
  package init(_ name: String, symbols: Int, width: Int, weight: [Float]) throws(RecurrentError) {
    guard symbols > 0, width > 0, weight.count == symbols * width else {
      throw RecurrentError(.interchange, "embedding \(name) has \(weight.count) numbers; expected \(symbols) × \(width)")
    }
    self.name = name
    self.symbols = symbols
    self.width = width
    self.weight = weight
  }
}
