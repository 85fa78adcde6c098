import Storage
package import Support

extension Recipe where Task: TrainableTask {
  /// A recipe as a program makes it: what `configure` makes of an empty one, checked.
  ///
  /// - Throws: what `configure` throws; ``RecurrentError`` if a setting has a value that it does not take.
  package init(_ task: Task, configure: (inout Recipe) throws -> Void) throws {
    self.init(task)
    try configure(&self)
    try check()
  }

  /// Checks each value by itself, before anything is read. This is the only check of what a setting takes: recipes of files, of
  /// programs and of command lines all go through it.
  ///
  /// - Throws: ``RecurrentError`` that names the first setting with a value that it does not take, the value and what is
  ///   expected.
  package func check() throws(RecurrentError) {
    try Task.argument.check(task)
    for field in Self.fields { try field.check(self) }
    try Task.defaults.epochsField.check(training)
  }

  /// Checks a recipe of a file, as ``check()`` does.
  package func check(readFrom path: String) throws(RecurrentError) {
    do { try check() } catch { throw RecurrentError(error.kind, naming: "can't read \(path): " + error.sentence) }
  }
}
