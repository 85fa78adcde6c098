import CellLanguage

extension Activation {
  /// The expression of PyTorch that applies the function to `argument`; nil if PyTorch has none of that kind.
  ///
  /// Source: torch.nn.functional of PyTorch 2.
  func inPyTorch(_ argument: String) -> String? {
    let numbers = parameters.map { Expression.signed($0).description }
    switch (name, parameters.count) {
    case ("linear", 0): return argument
    case ("sigmoid", 0), ("tanh", 0), ("relu", 0), ("exp", 0): return "torch.\(name)(\(argument))"
    case ("softsign", 0), ("softplus", 0), ("silu", 0), ("mish", 0), ("elu", 0):
      return "torch.nn.functional.\(name)(\(argument))"
    case ("hard_sigmoid", 0): return "torch.nn.functional.hardsigmoid(\(argument))"
    case ("hard_tanh", 0): return "torch.nn.functional.hardtanh(\(argument))"
    case ("hard_silu", 0): return "torch.nn.functional.hardswish(\(argument))"
    case ("log_sigmoid", 0): return "torch.nn.functional.logsigmoid(\(argument))"
    case ("elu", 1), ("leaky_relu", 1): return "torch.nn.functional.\(name)(\(argument), \(numbers[0]))"
    case ("capped_relu", 1): return "torch.clamp(\(argument), 0, \(numbers[0]))"
    case ("scaled_elu", 2) where parameters == [1.0507009873554805, 1.6732632423543772]: return "torch.selu(\(argument))"
    default: return nil
    }
  }
}
