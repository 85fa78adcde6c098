import Platform
package import Support

/// Folders that files are written to.
package enum Folder {
  /// Makes a folder and all on the way to it; those that are there already are fine.
  package static func make(_ path: String) throws(RecurrentError) {
    let parents = path.indices.dropFirst().filter { path[$0] == "/" }.map { String(path[..<$0]) }
    for folder in parents + [path] where mkdir(folder, 0o777) != 0 && errno != EEXIST {
      throw RecurrentError(cannotWrite: path, "the folder \(folder) can't be made: \(systemCause(errno))")
    }
  }
}
