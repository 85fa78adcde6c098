import Platform
package import Support

/// Writes whole files or nothing: a crash or a full disk leaves the old file or the new one, never a part of one.
package enum AtomicFile {
  /// Replaces the file at `path` by `bytes`.
  package static func write(_ bytes: [UInt8], to path: String) throws(RecurrentError) {
    try write(to: path) { file throws(RecurrentError) in try file.append(bytes) }
  }

  /// Replaces the file at `path` by what `body` appends.
  ///
  /// The bytes go to a new file in the same folder, which takes the name `path` only when it is complete and on the
  /// disk. A file that is there keeps its permissions; a symbolic link stays one and the file that it points to is replaced.
  package static func write(to path: String, _ body: (borrowing Appender) throws(RecurrentError) -> Void) throws(RecurrentError) {
    let target = try target(of: path)
    let temporary = "\(target.folder)/.recurrent-\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw cannotCreate(path, in: target.folder) }
    do throws(RecurrentError) {
      try fill(descriptor, for: path, permissions: target.permissions, body)
      guard rename(temporary, "\(target.folder)/\(target.name)") == 0 else {
        throw RecurrentError(cannotWrite: path, systemCause(errno))
      }
    } catch {
      unlink(temporary)
      throw error
    }
    try synchronizeFolder(target.folder, path)
  }

  /// The file under construction.
  package struct Appender: ~Copyable {
    let descriptor: Int32
    let path: String

    /// Appends the elements as they lie in memory.
    package func append<Element: BitwiseCopyable>(_ elements: [Element]) throws(RecurrentError) {
      try elements.withUnsafeBufferPointer { elements throws(RecurrentError) in try append(UnsafeRawBufferPointer(elements)) }
    }

    package func append(_ bytes: UnsafeRawBufferPointer) throws(RecurrentError) {
      var rest = bytes[...]
      while !rest.isEmpty {
        let chunk = UnsafeRawBufferPointer(rebasing: rest)
        let written = systemWrite(descriptor, chunk.baseAddress, chunk.count)
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { throw RecurrentError(cannotWrite: path, systemCause(errno)) }
        rest = rest.dropFirst(written)
      }
    }
  }

  private struct Target {
    let folder: String
    let name: String
    let permissions: mode_t?
  }

  private static func target(of path: String) throws(RecurrentError) -> Target {
    var path = path
    var status = stat()
    var permissions: mode_t?
    if stat(path, &status) == 0 {
      // A device such as /dev/null must not be replaced by a file, as the superuser could.
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw RecurrentError(cannotWrite: path, status.st_mode & S_IFMT == S_IFDIR ? "it is a folder" : "it is not a plain file")
      }
      permissions = status.st_mode & 0o777
      if let real = realpath(path, nil) {
        defer { free(real) }
        path = String(cString: real)
      }
    }
    guard let slash = path.lastIndex(of: "/") else { return Target(folder: ".", name: path, permissions: permissions) }
    let folder = path[..<slash]
    let name = path[path.index(after: slash)...]
    guard !name.isEmpty else { throw RecurrentError(cannotWrite: path, "it names a folder, not a file") }
    return Target(folder: folder.isEmpty ? "/" : String(folder), name: String(name), permissions: permissions)
  }

  private static func cannotCreate(_ path: String, in folder: String) -> RecurrentError {
    switch errno {
    case ENOENT: RecurrentError(cannotWrite: path, "there is no folder \(folder)")
    case EACCES, EPERM: RecurrentError(cannotWrite: path, "permission to write in the folder \(folder) is missing")
    case let code: RecurrentError(cannotWrite: path, systemCause(code))
    }
  }

  private static func fill(
    _ descriptor: Int32, for path: String, permissions: mode_t?, _ body: (borrowing Appender) throws(RecurrentError) -> Void
  ) throws(RecurrentError) {
    do throws(RecurrentError) {
      if let permissions, fchmod(descriptor, permissions) != 0 { throw RecurrentError(cannotWrite: path, systemCause(errno)) }
      let file = Appender(descriptor: descriptor, path: path)
      try body(file)
      guard System.synchronize(descriptor) == 0 else { throw RecurrentError(cannotWrite: path, systemCause(errno)) }
    } catch {
      close(descriptor)
      throw error
    }
    // Some network file systems report a full disk only here.
    guard close(descriptor) == 0 else { throw RecurrentError(cannotWrite: path, systemCause(errno)) }
  }

  /// Makes the new name outlast a loss of power. File systems that can't do that for a folder answer `EINVAL`.
  private static func synchronizeFolder(_ folder: String, _ path: String) throws(RecurrentError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw RecurrentError(cannotWrite: path, systemCause(errno))
    }
  }
}

/// The system call, out of reach of the methods called `write`.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
