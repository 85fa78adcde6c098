import Engine
public import Networks
import Storage
public import Support

extension Network {
  /// Loads a network from a model file: a safetensors file that says in its metadata what the network is, its cells'
  /// equations included. A training's checkpoint is one with more in it, and can be loaded too.
  ///
  ///     let network = try Network(contentsOf: "runs/pets")
  ///
  /// - Parameter path: of a model file, or of the folder of a run, which stands for the best model in it, or, if it has none yet,
  ///   for its checkpoint.
  /// - Throws: ``RecurrentError`` if the file can't be read, is no model of this package, or does not hold just the tensors that
  ///   its network has, in their shapes, or one of them holds a number that is not finite.
  public init(contentsOf path: String) throws(RecurrentError) {
    try self.init(try Safetensors(contentsOf: ModelPath.file(at: path)))
  }

  /// Loads a network from the bytes of a model file, such as those that ``bytes(history:)`` gives or an app's `Data`.
  ///
  ///     let network = try Network(bytes: Data(contentsOf: url))
  ///
  /// - Throws: ``RecurrentError`` if the bytes are no model of this package, or don't hold just the tensors that the network has,
  ///   in their shapes.
  public init(bytes: some Sequence<UInt8>) throws(RecurrentError) {
    try self.init(try Safetensors(bytes: bytes, name: "the model"))
  }

  /// The network in an opened model file.
  ///
  /// - Parameter kinds: of inputs and outputs that the file may have.
  package init(_ file: Safetensors, kinds: NetworkKinds = .builtIn) throws(RecurrentError) {
    let path = file.path
    let architecture = try Architecture(metadata: file.metadata, path: path, kinds: kinds)
    do {
      try self.init(architecture) { layout throws(RecurrentError) in try file.weights(layout) }
      meaning = file.metadata["meaning"]
      try checkNumbers(of: path)
    } catch let error as RecurrentError where error.kind == .file {
      throw error
    } catch {
      throw RecurrentError(damagedDescriptionOf: path, error)
    }
  }

  /// Saves the network as a model file, which is replaced whole or not at all.
  ///
  /// - Parameter history: what the model's metadata say of its training.
  public func save(to path: String, history: [String: String] = [:]) throws(RecurrentError) {
    try Safetensors.write(tensors, metadata: metadata.merging(history) { own, _ in own }, to: path)
  }

  /// The bytes that ``save(to:history:)`` writes, for ``init(bytes:)``.
  ///
  ///     let copy = try Network(bytes: network.bytes())
  ///
  /// - Parameter history: what the model's metadata say of its training.
  public func bytes(history: [String: String] = [:]) throws(RecurrentError) -> [UInt8] {
    try Safetensors.bytes(tensors, metadata: metadata.merging(history) { own, _ in own }, name: "the model")
  }

  /// What the network is.
  package var metadata: [String: String] {
    let version = max(NetworkDescription.version(of: architecture), weightKind == .float32 ? 1 : 2)
    var own = ["recurrent": "\(version)", "network": json(NetworkDescription(architecture))]
    if weightKind != .float32 {
      own[WeightKind.metadataKey] = weightKind.rawValue
    }
    own["meaning"] = meaning
    return own
  }
}

extension Architecture {
  /// What a network is, as ``Network/metadata`` says it.
  ///
  /// - Parameters:
  ///   - path: the file, for messages.
  ///   - kinds: of inputs and outputs that it may have.
  package init(metadata: [String: String], path: String, kinds: NetworkKinds = .builtIn) throws(RecurrentError) {
    guard let text = metadata["network"], let version = metadata["recurrent"] else {
      throw RecurrentError(
        cannotRead: path, "it is no model of this package: its metadata has no `recurrent` and `network`")
    }
    guard NetworkDescription.versions.contains(version) else {
      throw RecurrentError(
        cannotRead: path,
        "its format is version \(version), and this program knows those up to version \(NetworkDescription.versions.last ?? ""): use a newer program"
      )
    }
    do {
      self = try decodeJSON(text.utf8, as: NetworkDescription.self, userInfo: [.networkKinds: kinds]).architecture()
    } catch {
      throw RecurrentError(damagedDescriptionOf: path, error)
    }
  }
}

extension RecurrentError {
  fileprivate init(damagedDescriptionOf path: String, _ error: any Error) {
    self.init(cannotRead: path, "its description of the network is damaged: \(describe(error))")
  }
}
