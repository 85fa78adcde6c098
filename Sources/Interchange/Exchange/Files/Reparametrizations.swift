import Support
import TensorFiles

/// Weights that a module computes from other tensors each time before it is run: weight norm, spectral norm, pruning and weight
/// drop. They are computed here once, and the tensors that they are computed from are no longer there.
struct Reparametrizations {
  /// The file with the weights themselves.
  private(set) var file: TensorFile
  private(set) var notes: [Sentence] = []

  /// - Throws: ``RecurrentError`` if the tensors of such a weight do not fit one another, or say no more than that there is one.
  init(_ file: TensorFile) throws(RecurrentError) {
    self.file = file
    for tensor in file.tensors {
      if let weight = try Self.weight(of: tensor, file) { replace(weight) }
    }
    if let other = self.file.tensors.first(where: {
      $0.name.hasPrefix("parametrizations.") || $0.name.contains(".parametrizations.")
    }) {
      throw RecurrentError(
        .interchange,
        "\(file.path) has \(other.name), from which a weight is computed in a way that is not known here; known are weight_norm and "
          + "spectral_norm: call torch.nn.utils.parametrize.remove_parametrizations before you save the state dict")
    }
  }

  /// A weight, and the tensors that it is made of.
  private struct Weight {
    let name: String
    let shape: [Int]
    let numbers: [Double]
    let parts: [String]
    let note: Sentence
  }

  /// Puts a weight in the place of the first tensor that it is made of.
  private mutating func replace(_ weight: Weight) {
    let gone = Set(weight.parts + [weight.name])
    let tensor = TensorFile.Tensor(name: weight.name, shape: weight.shape, numbers: weight.numbers)
    let place = found(
      file.tensors.firstIndex { gone.contains($0.name) }, orFail: "\(weight.name) is made of no tensor of \(file.path)")
    var tensors = file.tensors.filter { !gone.contains($0.name) }
    tensors.insert(tensor, at: min(place, tensors.count))
    file = file.with(tensors)
    notes.append(weight.note)
  }

  /// The weight of which a tensor is the first part; nil for any other tensor.
  private static func weight(of tensor: TensorFile.Tensor, _ file: TensorFile) throws(RecurrentError) -> Weight? {
    let name = tensor.name
    func stem(_ ending: String) -> String? {
      let stem = String(name.dropLast(ending.count))
      return name.hasSuffix(ending) && stem.split(separator: ".").last?.hasPrefix("weight") == true ? stem : nil
    }
    if let stem = stem("_g"), file[stem + "_v"] != nil { return try weightNorm(stem, name, stem + "_v", file) }
    if let stem = stem("_orig"), file[stem + "_mask"] != nil { return try pruned(stem, name, stem + "_mask", file) }
    if let stem = stem("_orig"), file[stem + "_u"] != nil, file[stem + "_v"] != nil {
      return try spectralNorm(stem, [name, stem + "_u", stem + "_v"], file)
    }
    if let stem = stem("_raw"), let dropped = dropped(stem, file) { return try weightDrop(dropped, name, file) }
    // `lstm.parametrizations.weight_hh_l0.original` is `lstm.weight_hh_l0`.
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[parts.count - 3] == "parametrizations" else { return nil }
    let weight = (parts.dropLast(3) + [parts[parts.count - 2]]).joined(separator: ".")
    let prefix = parts.dropLast().joined(separator: ".")
    // More parametrizations of the same weight would be tensors of their own.
    let others = file.tensors.count { $0.name.hasPrefix(prefix + ".") }
    if parts.last == "original0", others == 2, file[prefix + ".original1"] != nil {
      return try weightNorm(weight, name, prefix + ".original1", file)
    }
    let vectors = ["\(prefix).0._u", "\(prefix).0._v"]
    guard parts.last == "original", others == 3, vectors.allSatisfy({ file[$0] != nil }) else { return nil }
    return try spectralNorm(weight, [name] + vectors, file)
  }

  private static func doubles(_ file: TensorFile, _ name: String) throws(RecurrentError) -> [Double] {
    try file.floats(name).map(Double.init)
  }

  private static func matrix(_ file: TensorFile, _ name: String) throws(RecurrentError) -> (
    rows: Int, columns: Int, numbers: [Double]
  ) {
    guard let shape = file[name]?.shape, shape.count == 2 else {
      throw RecurrentError(
        .interchange,
        "\(name) of \(file.path) has the shape \(file[name]?.shape ?? []); expected a matrix, to compute a weight from")
    }
    return (shape[0], shape[1], try doubles(file, name))
  }

  /// g · v / |v|, the length being that of each row, of each column, or of all (Salimans & Kingma 2016).
  private static func weightNorm(
    _ name: String, _ lengths: String, _ directions: String, _ file: TensorFile
  ) throws(RecurrentError) -> Weight {
    let (rows, columns, v) = try matrix(file, directions)
    let g = try doubles(file, lengths)
    let group: (Int) -> Int
    switch file[lengths]?.shape {
    case [rows, 1]: group = { $0 / columns }
    case [1, columns]: group = { $0 % columns }
    case [], [1], [1, 1]: group = { _ in 0 }
    default:
      throw RecurrentError(
        .interchange,
        "\(lengths) of \(file.path) has the shape \(file[lengths]?.shape ?? []); expected [\(rows), 1], [1, \(columns)] or [] for \(directions)"
      )
    }
    var squares = [Double](repeating: 0, count: g.count)
    for (place, number) in v.enumerated() { squares[group(place)] += number * number }
    return Weight(
      name: name, shape: [rows, columns], numbers: v.indices.map { v[$0] * g[group($0)] / squares[group($0)].squareRoot() },
      parts: [lengths, directions], note: "the weight norm of \(name) is worked into the matrix")
  }

  /// W / (u · W v), the vectors being those that the training has come to (Miyato et al. 2018).
  private static func spectralNorm(_ name: String, _ parts: [String], _ file: TensorFile) throws(RecurrentError) -> Weight {
    let (rows, columns, weight) = try matrix(file, parts[0])
    let (u, v) = (try doubles(file, parts[1]), try doubles(file, parts[2]))
    guard u.count == rows, v.count == columns else {
      throw RecurrentError(
        .interchange,
        "\(parts[1]) and \(parts[2]) of \(file.path) have \(u.count) and \(v.count) numbers; expected \(rows) and \(columns), as many as "
          + "\(parts[0]) has rows and columns")
    }
    let norm = weight.indices.reduce(0) { $0 + u[$1 / columns] * weight[$1] * v[$1 % columns] }
    return Weight(
      name: name, shape: [rows, columns], numbers: weight.map { $0 / norm }, parts: parts,
      note: "the spectral norm of \(name) is worked into the matrix")
  }

  private static func pruned(
    _ name: String, _ original: String, _ mask: String, _ file: TensorFile
  ) throws(RecurrentError) -> Weight {
    guard let shape = file[original]?.shape, file[mask]?.shape == shape else {
      throw RecurrentError(
        .interchange,
        "\(mask) of \(file.path) has the shape \(file[mask]?.shape ?? []); expected \(file[original]?.shape ?? []), that of \(original)"
      )
    }
    let kept = try doubles(file, mask)
    return Weight(
      name: name, shape: shape, numbers: zip(try doubles(file, original), kept).map { $0 * $1 }, parts: [original, mask],
      note: "what has been pruned of \(name) is 0")
  }

  /// The weight that `…_raw` is kept for: `rnn.weight_hh_l0` of `rnn.weight_hh_l0_raw`, or `rnn.module.weight_hh_l0` where the one that
  /// drops weights stands around the layer; nil if there is no such layer.
  private static func dropped(_ stem: String, _ file: TensorFile) -> String? {
    guard let name = PyTorchNames.Name(stem) else { return nil }
    let last = stem.split(separator: ".").last.map(String.init) ?? stem
    let prefix = name.stack.isEmpty ? "" : name.stack + "."
    let others = [PyTorchNames.Name.Part.input, .recurrent, .bias].filter { $0 != name.part }.map {
      last.replacing(name.part.rawValue, with: $0.rawValue)
    }
    return [prefix, prefix + "module."].first { prefix in others.contains { file[prefix + $0] != nil } }.map { $0 + last }
  }

  /// The matrix before any weight is dropped, as AWD-LSTM and fastai keep it; the other is what the last step of a training dropped
  /// weights of (Merity, Keskar & Socher 2018).
  private static func weightDrop(_ name: String, _ raw: String, _ file: TensorFile) throws(RecurrentError) -> Weight {
    Weight(
      name: name, shape: file[raw]?.shape ?? [], numbers: try doubles(file, raw), parts: [raw],
      note: "\(raw) is taken for \(name), which weight drop makes of it")
  }
}
