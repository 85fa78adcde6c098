import Models
import Support
import TensorFiles

/// The names that PyTorch's `nn.RNN`, `nn.LSTM`, `nn.GRU` and their cells give to their tensors.
enum PyTorchNames {
  /// What a name says: `lstm.weight_ih_l0_reverse`.
  struct Name {
    let stack: String
    /// Nil in the names of a single cell.
    let layer: Int?
    let isReverse: Bool
    let part: Part

    enum Part: String, CaseIterable {
      case input = "weight_ih"
      case recurrent = "weight_hh"
      case bias = "bias_ih"
      case recurrentBias = "bias_hh"
      case projection = "weight_hr"

      /// As some call them who keep PyTorch's weights in arrays of their own.
      var short: String { rawValue.replacing("weight", with: "w").replacing("bias", with: "b") }
    }

    init?(_ text: String) {
      var rest = text[...]
      isReverse = rest.hasSuffix("_reverse")
      if isReverse { rest = rest.dropLast("_reverse".count) }
      let digits = rest.reversed().prefix { $0.isNumber && $0.isASCII }.count
      if digits > 0, rest.dropLast(digits).hasSuffix("_l"), let number = Int(rest.suffix(digits)) {
        (layer, rest) = (number, rest.dropLast(digits + 2))
      } else {
        layer = nil
      }
      for part in Part.allCases {
        for name in [part.rawValue, part.short] where rest.hasSuffix(name) {
          let prefix = rest.dropLast(name.count)
          guard prefix.isEmpty || "._/".contains(prefix.last ?? "x") else { continue }
          (stack, self.part) = (String(prefix.dropLast()), part)
          return
        }
      }
      return nil
    }
  }

  /// The layers that a file has under such names.
  static func layers(of file: TensorFile, _ options: ReadingOptions) throws -> [FoundLayer] {
    var tensors: [Key: [Name.Part: String]] = [:]
    for tensor in file.tensors {
      guard let name = Name(tensor.name) else { continue }
      let key = Key(stack: name.stack, layer: name.layer, isReverse: name.isReverse)
      guard tensors[key, default: [:]].updateValue(tensor.name, forKey: name.part) == nil else {
        throw RecurrentError(.interchange, "\(file.path) has two tensors for \(name.part.rawValue) of \(key.title)")
      }
    }
    for key in tensors.keys where key.isReverse && tensors[key.forward] == nil {
      throw RecurrentError(.interchange, "\(file.path) has a reverse direction of \(key.forward.title), but no forward one")
    }
    let keys = tensors.keys.filter { !$0.isReverse }.sorted { ($0.stack, $0.layer ?? -1) < ($1.stack, $1.layer ?? -1) }
    for key in keys {
      if let layer = key.layer, layer > 0, tensors[Key(stack: key.stack, layer: layer - 1, isReverse: false)] == nil {
        throw RecurrentError(.interchange, "\(file.path) has \(key.title), but no layer \(layer - 1) below it")
      }
    }
    return try keys.map { key in
      let parts = [tensors[key], tensors[key.reverse]].compactMap { $0 }
      let directions = try parts.map { parts in
        guard let input = parts[.input], let recurrent = parts[.recurrent] else {
          let missing = parts[.input] == nil ? Name.Part.input : .recurrent
          throw RecurrentError(.interchange, "\(file.path) has no \(missing.rawValue) of \(key.title)")
        }
        return StackedLayer.Direction(
          input: input, recurrent: recurrent, bias: parts[.bias], recurrentBias: parts[.recurrentBias],
          projection: parts[.projection])
      }
      let layer = try StackedLayer(file: file, name: key.title, directions: directions).layer(options)
      return FoundLayer(
        layer: layer, stack: key.stack, system: .pytorch, gateOrder: layer.description.gates,
        tensors: directions.flatMap(\.tensors))
    }
  }

  private struct Key: Hashable {
    let stack: String
    let layer: Int?
    let isReverse: Bool

    var forward: Key { Key(stack: stack, layer: layer, isReverse: false) }
    var reverse: Key { Key(stack: stack, layer: layer, isReverse: true) }

    /// `lstm.l0`; the name of a cell is its own.
    var title: String { [stack, layer.map { "l\($0)" } ?? ""].filter { !$0.isEmpty }.joined(separator: ".") }
  }
}
