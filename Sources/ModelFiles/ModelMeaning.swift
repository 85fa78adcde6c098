/// What every description that travels with a network's weights begins with.
package struct ModelMeaning: Codable {
  /// What the model is for, such as `forecast`.
  package let kind: String
  /// Of the description.
  package let version: Int

  /// - Parameter text: what the network carries.
  /// - Throws: the decoder's error if the text is no description.
  package init(_ text: String) throws { self = try decodeJSON(text.utf8, as: Self.self) }
}
