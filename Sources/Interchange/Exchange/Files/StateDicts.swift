import Support
import TensorFiles

/// The state dicts that a checkpoint holds: dictionaries of a PyTorch file whose tensors have names of a module's parameters.
/// Others, such as an optimizer's state, have none.
struct StateDicts {
  /// The tensors of the model: those of the state dicts that are asked for, or of the only one; all that the file has if it has none
  /// or several.
  let file: TensorFile
  /// What has been chosen and what passed over, if anything has.
  private(set) var notes: [Sentence] = []
  /// What has to be answered before it is known which of several is the model.
  private(set) var question: Sentence?

  /// - Parameter names: the paths of those that are asked for; nil if none are.
  /// - Throws: ``RecurrentError`` if the file has no state dict of such a name.
  init(_ file: TensorFile, _ names: [String]?) throws(RecurrentError) {
    var dicts: [String] = []
    for tensor in file.tensors where Self.isParameter(tensor) && !dicts.contains(tensor.container) {
      dicts.append(tensor.container)
    }
    if let names {
      for name in names where !dicts.contains(name) {
        let there = dicts.isEmpty ? "none" : dicts.map(Self.shown).joined(separator: ", ")
        throw RecurrentError(.interchange, "\(file.path) has no state dict \(quoted(name)); it has \(there)")
      }
      dicts = names
    } else if dicts.count > 1, Self.areSame(dicts, of: file) {
      notes.append(
        "the state dicts \(dicts.map(Self.shown).joined(separator: ", ")) of \(file.path) are the same: \(Self.shown(dicts[0])) is taken"
      )
      dicts = [dicts[0]]
    } else if dicts.count > 1 {
      question =
        "\(file.path) has several state dicts, \(dicts.map(Self.shown).joined(separator: ", ")), and does not say which of them is the model: name it with \(Setting("state-dict")), or all that belong to it"
    }
    let chosen = Set(dicts)
    guard !dicts.isEmpty, question == nil, file.tensors.contains(where: { !chosen.contains($0.container) }) else {
      self.file = file
      return
    }
    self.file = file.with(file.tensors.filter { chosen.contains($0.container) })
    notes += [
      "the model is the state dict \(dicts.map(Self.shown).joined(separator: ", ")) of \(file.path); passed over are \(Self.summary(file.tensors.filter { !chosen.contains($0.container) }))"
    ]
  }

  /// Whether all have the same tensors under the same names, number by number, as one that is kept twice has.
  private static func areSame(_ dicts: [String], of file: TensorFile) -> Bool {
    let contents = dicts.map { dict -> [String: TensorFile.Tensor] in
      let own = file.tensors.filter { $0.container == dict }
      return Dictionary(own.map { (Self.name($0), $0) }, uniquingKeysWith: { first, _ in first })
    }
    return contents.dropFirst().allSatisfy { others in
      others.count == contents[0].count
        && others.allSatisfy { name, tensor in
          guard let own = contents[0][name], own.shape == tensor.shape, own.dataType == tensor.dataType,
            let numbers = try? file.floats(own.name), let others = try? file.floats(tensor.name)
          else { return false }
          return numbers.elementsEqual(others) { $0.bitPattern == $1.bitPattern }
        }
    }
  }

  /// A tensor's name in its state dict.
  private static func name(_ tensor: TensorFile.Tensor) -> String {
    tensor.container.isEmpty ? tensor.name : String(tensor.name.dropFirst(tensor.container.count + 1))
  }

  private static func shown(_ container: String) -> String { container.isEmpty ? "(no name)" : container }

  /// Whether a tensor has the name of a module's parameter: a weight or a bias in whatever form, or one of a recurrent layer's.
  private static func isParameter(_ tensor: TensorFile.Tensor) -> Bool {
    let own = name(tensor)
    let last = own.split(separator: ".").last.map(String.init) ?? ""
    return own.contains("weight") || own.contains("bias") || PyTorchNames.Name(own) != nil || MLXNames.names.contains(last)
  }

  /// `optimizer (13 tensors), ema (2 tensors)`
  private static func summary(_ tensors: [TensorFile.Tensor]) -> String {
    var counts: [(name: String, count: Int)] = []
    for tensor in tensors {
      let name = String(tensor.name.prefix { $0 != "." })
      if let place = counts.firstIndex(where: { $0.name == name }) { counts[place].count += 1 } else { counts.append((name, 1)) }
    }
    let shown = counts.prefix(8).map { "\($0.name) (\($0.count) \($0.count == 1 ? "tensor" : "tensors"))" }
    return shown.joined(separator: ", ") + (counts.count > 8 ? ", …" : "")
  }
}
