#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Folders that files are written to.
public enum Folder {
  /// Makes a folder and all on the way to it; those that are there already are fine.
  public static func make(_ path: String) throws(FileError) {
    let parents = path.indices.dropFirst().filter { path[$0] == "/" }.map { String(path[..<$0]) }
    for folder in parents + [path] where mkdir(folder, 0o777) != 0 && errno != EEXIST {
      throw FileError(cannotWrite: path, "the folder \(folder) can't be made: \(systemCause(errno))")
    }
  }
}
