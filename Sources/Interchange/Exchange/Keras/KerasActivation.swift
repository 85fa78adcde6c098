import Support

extension Activation {
  /// The function that Keras calls so.
  ///
  /// Source: keras/activations of Keras 2.15 and 3.15.
  /// - Parameter version: of Keras, 2 or 3: they differ in the slope of `hard_sigmoid`.
  init(keras name: String, version: Int) throws(RecurrentError) {
    switch name {
    case "hard_sigmoid" where version < 3: self = .hardSigmoid(slope: 0.2, offset: 0.5)
    case "selu": try self.init("scaled_elu", [1.0507009873554805, 1.6732632423543772])
    case "exponential": try self.init("exp")
    case "relu6": try self.init("capped_relu", [6])
    case "leaky_relu": try self.init("leaky_relu", [0.2])
    case "swish": try self.init("silu")
    case "hard_swish": try self.init("hard_silu")
    case "celu": try self.init("elu")
    // The table's rows of these names have Keras's meaning.
    case "elu", "exp", "gelu", "hard_sigmoid", "hard_silu", "hard_tanh", "linear", "log_sigmoid", "mish", "relu", "sigmoid",
      "silu",
      "softplus",
      "softsign", "tanh":
      try self.init(name)
    default: throw RecurrentError(.interchange, "can't represent Keras's activation function \(name.debugDescription)")
    }
  }

  /// The function of a layer that is nothing else; nil of one that is more, or has a mixture of values that no function here has.
  ///
  /// Source: keras/layers/activations of Keras 2.15 and 3.15, which differ in the names of values.
  init?(kerasLayer className: String, _ config: inout KerasConfig) throws(RecurrentError) {
    switch className {
    case "LeakyReLU": try self.init("leaky_relu", [try config.number("negative_slope", "alpha") ?? 0.3])
    case "ELU": try self.init("elu", [try config.number("alpha") ?? 1])
    case "ReLU":
      let most = try config.number("max_value")
      let slope = try config.number("negative_slope") ?? 0
      guard try config.number("threshold") ?? 0 == 0, most == nil || slope == 0 else { return nil }
      if let most {
        try self.init("capped_relu", [most])
      } else if slope != 0 {
        try self.init("leaky_relu", [slope])
      } else {
        self = .relu
      }
    default: return nil
    }
  }
}

extension Activation {
  /// What Keras 3 calls the function; nil if it has none of that kind.
  var kerasName: String? {
    switch (name, parameters) {
    case ("scaled_elu", [1.0507009873554805, 1.6732632423543772]): "selu"
    case ("exp", []): "exponential"
    case ("capped_relu", [6]): "relu6"
    case ("leaky_relu", [0.2]): "leaky_relu"
    case ("elu", [1]): "elu"
    case ("elu", []), ("gelu", []), ("hard_sigmoid", []), ("hard_silu", []), ("hard_tanh", []), ("linear", []),
      ("log_sigmoid", []),
      ("mish", []),
      ("relu", []), ("sigmoid", []), ("silu", []), ("softplus", []), ("softsign", []), ("tanh", []):
      name
    default: nil
    }
  }
}
