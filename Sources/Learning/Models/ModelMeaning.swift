package import Networks
import Storage
package import Support

/// What every description that travels with a network's weights begins with.
package struct ModelMeaning: Codable {
  /// What the model is for, such as `forecast`.
  package let kind: String
  /// The version of the description's form.
  package let version: Int

  /// - Parameter text: what the network carries.
  /// - Throws: the decoder's error if the text is no description.
  package init(_ text: String) throws { self = try decodeJSON(text.utf8, as: Self.self) }

  /// How messages speak of a kind of model.
  package struct Wording: Sendable {
    /// What it does: `forecast`.
    let verb: String
    /// What makes such models: `recurrent train forecast`.
    let command: String
    /// What it is for: `forecasts`.
    let purpose: String
    /// What has a version: `forecasts`.
    let versioned: String
    /// What is described: `data`.
    let described: String

    package init(verb: String, command: String, purpose: String, versioned: String, described: String) {
      (self.verb, self.command, self.purpose, self.versioned, self.described) = (verb, command, purpose, versioned, described)
    }
  }
}

/// What the numbers of a network stand for, as text that travels with its weights.
package protocol MeaningDescription: Codable {
  /// The word that distinguishes it from other descriptions.
  static var kindName: String { get }
  static var newestVersion: Int { get }
  static var wording: ModelMeaning.Wording { get }
  /// Whether it is one of such a network.
  func fits(_ architecture: Architecture) -> Bool
}

extension Network {
  /// The kind of the description that travels with the network; nil if it has none that can be read.
  package var meaningKind: String? { (try? meaning.map { try ModelMeaning($0) })??.kind }
}

extension MeaningDescription {
  /// The description as the text that a network carries.
  package var text: String { json(self) }

  /// Whether a network carries a description of this kind.
  package static func describes(_ network: Network) -> Bool { network.meaningKind == kindName }

  /// Reads the description that a network carries.
  ///
  /// - Parameter path: of its file, for messages.
  /// - Throws: ``RecurrentError`` if the network does something else, or the description is of a kind that this program does not
  ///   know.
  package init(of network: Network, path: String) throws(RecurrentError) { self = try Self.read(of: network, path: path) }

  private static func read(of network: Network, path: String) throws(RecurrentError) -> Self {
    func failure(_ why: String) -> RecurrentError { RecurrentError(cannotRead: path, why) }
    guard let text = network.meaning else {
      throw failure("it is a model, but it does not \(wording.verb): `\(wording.command)` makes models that do")
    }
    let description: Self
    do {
      let header = try ModelMeaning(text)
      guard header.kind == kindName else { throw failure("it is a model for “\(header.kind)”, not for \(wording.purpose)") }
      guard header.version <= newestVersion else {
        throw failure(
          "its \(wording.versioned) are of version \(header.version), and this program knows \(newestVersion): use a newer program"
        )
      }
      description = try decodeJSON(text.utf8, as: Self.self)
    } catch let error as RecurrentError where error.kind == .file {
      throw error
    } catch {
      throw failure("its description of the \(wording.described) is damaged: \(describe(error))")
    }
    guard description.fits(network.architecture) else {
      throw failure("its description of the \(wording.described) does not fit its network")
    }
    return description
  }
}
