public import ModelFiles
public import Networks
import Sequences

/// What a network that tags words says of itself: the tags that its classes stand for. It travels with the weights; how words are read is part
/// of the network.
public struct TagDescription: Sendable, Hashable, Codable {
  package static let kindName = "tags"
  static let newestVersion = 1

  let kind: String
  let version: Int
  /// In the order of the network's classes.
  public let tags: [String]

  public init(tags: [String]) {
    kind = Self.kindName
    version = Self.newestVersion
    self.tags = tags
  }

  /// The description as the text that a network carries.
  public var text: String { json(self) }

  /// What a network that tags words says of itself.
  ///
  /// - Parameter path: of its file, for messages.
  /// - Throws: ``ModelFiles/FileError`` if the network does something else, or the description is of a kind that this program does not know.
  public init(of network: Network, path: String) throws(FileError) {
    guard let text = network.meaning else {
      throw FileError(cannotRead: path, "it is a model, but it does not tag words: `recurrent train tag` makes models that do")
    }
    do {
      let header = try ModelMeaning(text)
      guard header.kind == Self.kindName else {
        throw FileError(cannotRead: path, "it is a model for “\(header.kind)”, not for tags")
      }
      guard header.version <= Self.newestVersion else {
        throw FileError(
          cannotRead: path,
          "its tags are of version \(header.version), and this program knows \(Self.newestVersion): use a newer program")
      }
      self = try decodeJSON(text.utf8, as: Self.self)
    } catch let error as FileError {
      throw error
    } catch {
      throw FileError(cannotRead: path, "its description of the tags is damaged: \(describe(error))")
    }
    guard case .words = network.architecture.input, network.architecture.output == .classes(tags.count) else {
      throw FileError(cannotRead: path, "its description of the tags does not fit its network")
    }
  }
}
