import Platform
package import Support

/// A file's bytes, brought into memory by the system as they are touched.
///
/// A file replaced as ``AtomicFile`` does it stays as it was for those who have it mapped. One that another program cuts
/// short in place ends the process when the missing part is touched, as the system has it for mapped files.
package final class MappedFile: Sendable {
  package let count: Int
  // Never written, and valid for as long as this object lives.
  private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// Bytes that were a part of a file before they were unpacked.
  package init(_ unpacked: [UInt8]) {
    count = unpacked.count
    isMapped = false
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    copy.copyBytes(from: unpacked)
    bytes = UnsafeRawBufferPointer(copy)
  }

  package init(_ path: String) throws(RecurrentError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw RecurrentError(cannotRead: path, systemCause(errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw RecurrentError(cannotRead: path, systemCause(errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw RecurrentError(cannotRead: path, status.st_mode & S_IFMT == S_IFDIR ? "it is a folder" : "it is not a plain file")
    }
    count = Int(status.st_size)
    isMapped = true
    // An empty range can't be mapped.
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw RecurrentError(cannotRead: path, systemCause(errno))
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  deinit {
    guard isMapped else { return bytes.deallocate() }
    if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), count) }
  }

  /// Lends the bytes in `range`, which must lie in the file.
  package func withBytes<Result, Failure: Error>(
    in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withExtendedLifetime(self) { () throws(Failure) in
      try body(UnsafeRawBufferPointer(rebasing: bytes[range]))
    }
  }
}
