import Models
package import Networks
package import Support

/// The model from whose weights a training began.
package struct TrainingStart: Sendable, Hashable, Codable {
  /// Where the model was when the training began; nil for one in memory.
  package let name: String?
  /// A digest that tells the model from others.
  package let digest: String

  /// - Parameter name: where the model is; nil for one in memory.
  package init(_ network: Network, name: String?) {
    self.name = name
    digest = network.digest.digits
  }

  /// The model as messages and reports name it: `runs/book (digest 0123456789abcdef)`.
  package var description: String { "\(name ?? "a model in memory") (digest \(digest))" }
}

extension Network {
  /// A digest of what the network is and of its weights, whichever file holds them.
  package var digest: Digest {
    var digest = Digest(of: parameters)
    for (key, text) in metadata.sorted(by: { $0.key < $1.key }) {
      digest.combine(Digest(of: key))
      digest.combine(Digest(of: text))
    }
    return digest
  }
}
