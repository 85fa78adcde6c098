import Platform
import Support

/// Hands the bytes of a file to `body`: mapped into memory where that can be done, read where it can't (a pipe).
///
/// The bytes are valid inside `body` only. A file that another program shortens meanwhile ends the process.
func withBytes<Result>(
  ofFile path: String, _ body: (UnsafeBufferPointer<UInt8>) throws(RecurrentError) -> Result
) throws(RecurrentError) -> Result {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw RecurrentError(.data, "\(path) can't be opened: \(systemMessage())") }
  defer { close(file) }
  var status = stat()
  guard fstat(file, &status) == 0 else { throw RecurrentError(.data, "\(path) can't be read: \(systemMessage())") }
  let kind = status.st_mode & S_IFMT
  if kind == S_IFDIR { throw RecurrentError(.data, "\(path) is a folder; name a file in it") }
  let size = Int(status.st_size)
  if kind == S_IFREG, size > 0, let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED {
    defer { munmap(start, size) }
    return try body(UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: size))
  }
  let bytes = try readAll(file, path: path)
  return try withBytes(of: bytes, body)
}

private func readAll(_ file: Int32, path: String) throws(RecurrentError) -> [UInt8] {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 18)
  while true {
    let count = read(file, &chunk, chunk.count)
    if count == 0 { return bytes }
    if count > 0 {
      bytes += chunk[..<count]
    } else if errno != EINTR {
      throw RecurrentError(.data, "\(path) can't be read: \(systemMessage())")
    }
  }
}

/// What the system says about the last call that failed, such as "No such file or directory".
private func systemMessage() -> String { String(cString: strerror(errno)) }
