import Models
import Support
import TensorFiles

/// The names that MLX's `nn.RNN`, `nn.LSTM` and `nn.GRU` give to their tensors. Each module is one layer.
enum MLXNames {
  static let names = ["Wx", "Wh", "Wxh", "Whh", "bias", "b", "bhn"]

  /// The layers that a file has under such names.
  static func layers(of file: TensorFile, _ options: ReadingOptions) throws -> [FoundLayer] {
    var modules: [String: [String: String]] = [:]
    for tensor in file.tensors {
      let parts = tensor.name.split(separator: ".", omittingEmptySubsequences: false)
      guard let last = parts.last.map(String.init), names.contains(last) else { continue }
      modules[parts.dropLast().joined(separator: "."), default: [:]][last] = tensor.name
    }
    // Other modules have a `bias`, too.
    return try modules.sorted { $0.key < $1.key }.compactMap { module, tensors in
      guard let input = tensors["Wx"] ?? tensors["Wxh"], let recurrent = tensors["Wh"] ?? tensors["Whh"] else {
        guard let name = ["Wx", "Wh", "Wxh", "Whh"].compactMap({ tensors[$0] }).first else { return nil }
        throw RecurrentError(.interchange, "\(file.path) has \(name), but not the other matrix of that layer")
      }
      let direction = StackedLayer.Direction(
        input: input, recurrent: recurrent, bias: tensors["bias"] ?? tensors["b"], recurrentBias: tensors["bhn"])
      let name = module.isEmpty ? "recurrent" : module
      let layer = try StackedLayer(file: file, name: name, directions: [direction]).layer(
        options, recurrentBiasOfCandidateOnly: true)
      return FoundLayer(
        layer: layer, stack: stack(module), system: .mlx, gateOrder: layer.description.gates, tensors: direction.tensors)
    }
  }

  /// Modules whose names differ only in a number are a stack: `layers.0` and `layers.1`.
  private static func stack(_ module: String) -> String {
    let parts = module.split(separator: ".")
    return parts.last.map { Int($0) != nil } == true ? parts.dropLast().joined(separator: ".") : module
  }
}
