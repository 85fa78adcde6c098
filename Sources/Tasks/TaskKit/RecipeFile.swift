import Storage
package import Support

/// A recipe in a file, for any task.
package struct RecipeFile: Sendable {
  package let path: String
  package let kind: String
  private let text: [UInt8]

  /// - Throws: ``RecurrentError`` if the file can't be read, or does not name a task.
  package init(contentsOf path: String) throws(RecurrentError) {
    text = try FileSystem.bytes(of: path)
    self.path = path
    do { kind = try decodeJSON(text, as: Header.self).kind } catch {
      throw RecurrentError(cannotRead: path, "it is no recipe: \(describe(error))")
    }
  }

  private struct Header: Decodable { let kind: String }

  /// The recipe, for the task that the file names.
  ///
  /// - Throws: ``RecurrentError`` if the file holds something other than a recipe, or the recipe has a value that a setting does
  ///   not take.
  package func recipe<Task: TrainableTask>(of task: Task.Type) throws(RecurrentError) -> Recipe<Task> {
    let recipe: Recipe<Task>
    do { recipe = try decodeJSON(text, as: Recipe<Task>.self, refusingUnknownKeys: true) } catch {
      throw RecurrentError(cannotRead: path, "the recipe is damaged: \(describe(error))")
    }
    try recipe.check(readFrom: path)
    return recipe
  }
}
