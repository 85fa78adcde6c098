import Support
import TensorFiles

/// What a file says of a model beside its tensors, by keys; each must be one that is known.
struct StatedKeys {
  let file: TensorFile
  /// What has the keys, as the file's ``TensorFile/texts`` call it: `layers/0`; empty for the file itself.
  let owner: String

  init(_ file: TensorFile, of owner: String = "") { (self.file, self.owner) = (file, owner) }

  /// The value of a key; nil if it is null or missing.
  subscript(key: String) -> [String]? { file.texts["\(owner)@\(key)"].flatMap { $0.isEmpty ? nil : $0 } }

  /// As messages name a key: `config.input_size`.
  func name(_ key: String) -> String { owner.isEmpty ? key : "\(owner.replacing("/", with: ".")).\(key)" }

  func integer(_ key: String) throws(RecurrentError) -> Int? {
    guard let number = try number(key) else { return nil }
    guard let integer = Int(exactly: number) else { throw refusal(key, "expected a whole number") }
    return integer
  }

  func number(_ key: String) throws(RecurrentError) -> Double? {
    guard let words = self[key] else { return nil }
    guard words.count == 1, let number = Double(words[0]), number.isFinite else { throw refusal(key, "expected a number") }
    return number
  }

  func flag(_ key: String) throws(RecurrentError) -> Bool? {
    switch self[key] {
    case nil: return nil
    case ["true"], ["1"]: return true
    case ["false"], ["0"]: return false
    default: throw refusal(key, "expected true or false")
    }
  }

  /// - Throws: ``RecurrentError`` if a number is there that is not `count`.
  func check(_ key: String, is count: Int) throws(RecurrentError) {
    if let stated = try integer(key), stated != count { throw refusal(key, "by its tensors it is \(count)") }
  }

  func refusal(_ key: String, _ expected: String) -> RecurrentError {
    let words = self[key].map { $0.count == 1 ? quotedIfText($0[0]) : "[\($0.joined(separator: ", "))]" } ?? "missing"
    return RecurrentError(.interchange, "\(name(key)) of \(file.path) is \(words); \(expected)")
  }

  private func quotedIfText(_ word: String) -> String {
    Double(word) != nil || ["…", "true", "false"].contains(word) ? word : quoted(word)
  }

  /// The keys that are not among those that are known, each as what no network here can do: it may change what is computed.
  func unknown(besides known: Set<String>) -> [LayerChain.Part] {
    let own = file.texts.filter { !$0.value.isEmpty }.keys.compactMap { path -> String? in
      guard let at = path.firstIndex(of: "@"), path[..<at] == owner else { return nil }
      return String(path[path.index(after: at)...])
    }
    return own.sorted().filter { !known.contains($0) }.map { key in
      .other(name: "the key \(name(key))", what: "not known here, and may change what the model gives")
    }
  }
}
