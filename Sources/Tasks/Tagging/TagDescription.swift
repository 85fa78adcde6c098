package import Models
package import Networks
import Sequences
import Support

/// The description that a network that tags words carries: the tags that its classes stand for. How words are read is part
/// of the network.
package struct TagDescription: Sendable, Hashable, Codable {
  package static let kindName = "tags"
  package static let newestVersion = 1

  let kind: String
  let version: Int
  /// The tags, in the order of the network's classes.
  package let tags: [String]

  package init(tags: [String]) {
    kind = Self.kindName
    version = Self.newestVersion
    self.tags = tags
  }
}

extension TagDescription: MeaningDescription {
  package static let wording = ModelMeaning.Wording(
    verb: "tag words", command: "recurrent train tag", purpose: "tags", versioned: "tags", described: "tags")

  package func fits(_ architecture: Architecture) -> Bool {
    architecture.input.encoding is WordInput && architecture.givesClasses && architecture.outputWidth == tags.count
  }
}
