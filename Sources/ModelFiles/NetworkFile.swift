import Engine
public import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Network {
  /// Loads a network from a model file: a safetensors file that says in its metadata what the network is, its cells'
  /// equations included.
  ///
  /// - Throws: ``FileError`` if the file can't be read, is no model of this package, or does not hold just the tensors that
  ///   its network has, in their shapes.
  public init(contentsOf path: String) throws(FileError) {
    try self.init(try Safetensors(contentsOf: path))
  }

  /// The network in an opened model file.
  ///
  /// - Parameter extras: names of tensors that the caller reads beside the network's.
  package init(_ file: Safetensors, extras: (String) -> Bool = { _ in false }) throws(FileError) {
    let path = file.path
    guard let text = file.metadata["network"], let version = file.metadata["recurrent"] else {
      throw FileError(
        cannotRead: path,
        "it is a safetensors file, but not a model of this package: its metadata has no `recurrent` and `network`")
    }
    guard version == NetworkDescription.version else {
      throw FileError(
        cannotRead: path,
        "its format is version \(version), and this program knows version \(NetworkDescription.version): use a newer program")
    }
    do {
      let description = try JSONDecoder().decode(NetworkDescription.self, from: Data(text.utf8))
      try self.init(description.architecture())
    } catch {
      throw FileError(cannotRead: path, "its description of the network is damaged: \(describe(error))")
    }
    var parameters = self.parameters
    for entry in layout.entries {
      let values: [Float] = try file.values(entry.name, shape: entry.shape)
      parameters.replaceSubrange(entry.range, with: values)
    }
    for tensor in file.tensors where layout[tensor.name] == nil && !extras(tensor.name) {
      throw FileError(cannotRead: path, "its network has no tensor \(tensor.name)")
    }
    self.parameters = parameters
  }

  /// Saves the network as a model file, which is replaced whole or not at all.
  ///
  /// - Parameter history: what the model's metadata say of its training.
  public func save(to path: String, history: [String: String] = [:]) throws(FileError) {
    try Safetensors.write(tensors, metadata: metadata.merging(history) { own, _ in own }, to: path)
  }

  /// The weights by name.
  package var tensors: [Safetensors.Entry] {
    layout.entries.map { Safetensors.Entry($0.name, Array(parameters[$0.range]), shape: $0.shape) }
  }

  /// What the network is.
  package var metadata: [String: String] {
    ["recurrent": NetworkDescription.version, "network": json(NetworkDescription(architecture))]
  }
}

/// A value as JSON text with sorted keys.
package func json(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  guard let data = try? encoder.encode(value) else { preconditionFailure("\(value) can't be written as JSON") }
  return String(decoding: data, as: UTF8.self)
}

/// An error of a decoder in one line.
package func describe(_ error: any Error) -> String {
  switch error {
  case DecodingError.keyNotFound(let key, _): "`\(key.stringValue)` is missing"
  case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
    DecodingError.dataCorrupted(let context):
    "\(context.codingPath.map(\.stringValue).joined(separator: ".")): \(context.debugDescription)"
  default: "\(error)"
  }
}
