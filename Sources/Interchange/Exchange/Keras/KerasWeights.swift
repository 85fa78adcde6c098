import Models
import TensorFiles

/// Where a Keras file keeps its layers' arrays.
enum KerasWeights {
  /// Keras 1 and 2: groups named after the layers, each with a list of its arrays' names.
  case listed(prefix: String)
  /// Keras 3: folders named after the layers' classes, with arrays by number.
  case numbered

  init?(_ file: TensorFile) {
    if file.texts["model_weights@layer_names"] != nil || file.texts["model_weights@layer_names0"] != nil {
      self = .listed(prefix: "model_weights/")
    } else if file.texts["@layer_names"] != nil || file.texts["@layer_names0"] != nil {
      self = .listed(prefix: "")
    } else if file.tensors.contains(where: { $0.name.contains("/vars/") }) {
      self = .numbered
    } else {
      return nil
    }
  }

  /// The layers of a file that lists them, in the order of the model.
  static func listedLayers(_ file: TensorFile, prefix: String) -> [String] {
    texts(file, prefix.isEmpty ? "" : String(prefix.dropLast()), "layer_names")
  }

  /// A list that is an attribute; Keras cuts long ones in pieces with numbers.
  private static func texts(_ file: TensorFile, _ path: String, _ name: String) -> [String] {
    if let whole = file.texts["\(path)@\(name)"] { return whole }
    return (0...).lazy.map { file.texts["\(path)@\(name)\($0)"] }.prefix { $0 != nil }.flatMap { $0 ?? [] }
  }

  /// The arrays of a layer of a file that lists them.
  static func listedArrays(_ file: TensorFile, prefix: String, layer: String) -> [String] {
    texts(file, "\(prefix)\(layer)", "weight_names").map { "\(prefix)\(layer)/\($0)" }
  }

  /// The arrays that stand in a folder by number.
  static func numberedArrays(_ file: TensorFile, _ folder: String) -> [String] {
    Array((0...).lazy.map { "\(folder)/vars/\($0)" }.prefix { file[$0] != nil })
  }

  /// The folders of layers or cells that stand side by side: named after their classes, and numbered from the second one on.
  static func folders(_ classes: [String]) -> [String] {
    var seen: [String: Int] = [:]
    return classes.map { name in
      let folder = snakeCase(name)
      defer { seen[folder, default: 0] += 1 }
      return seen[folder].map { "\(folder)_\($0)" } ?? folder
    }
  }

  /// `SimpleRNN` as `simple_rnn`: a capital begins a word where it follows a small letter, or before one.
  static func snakeCase(_ name: String) -> String {
    let letters = Array(name)
    var snake = ""
    for (place, letter) in letters.enumerated() {
      let isBegun = place > 0 && letter.isUppercase
      let follows = place + 1 < letters.count && letters[place + 1].isLowercase
      if isBegun && (letters[place - 1].isLowercase || follows) { snake += "_" }
      snake += letter.lowercased()
    }
    return snake
  }
}

/// Where a layer's arrays are.
enum KerasPlace {
  case folder(String)
  case arrays([String])

  /// The arrays that stand in the place itself, or in a folder below it.
  func arrays(_ file: TensorFile, below folder: String? = nil) -> [String] {
    switch self {
    case .folder(let own): KerasWeights.numberedArrays(file, folder.map { "\(own)/\($0)" } ?? own)
    case .arrays(let names): names
    }
  }
}
