#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that can't be read or written; the message names the file and the cause.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  package init(cannotRead path: String, _ cause: String) { description = "can't read \(path): \(cause)" }
  package init(cannotWrite path: String, _ cause: String) { description = "can't write \(path): \(cause)" }
}

/// What the system's error number says, in plain words.
package func systemCause(_ code: Int32) -> String {
  switch code {
  case ENOENT: "there is no such file"
  case EACCES, EPERM: "permission is missing"
  case ENOSPC: "the disk is full"
  case EDQUOT: "the disk quota is used up"
  case EFBIG: "the file would be larger than is allowed here"
  case EROFS: "the disk is read-only"
  case EISDIR: "it is a folder"
  case ENOTDIR: "a part of its path is a file, not a folder"
  case ENAMETOOLONG: "its name is too long"
  case EMFILE, ENFILE: "too many files are open"
  case EIO: "the disk reports an error"
  default: String(cString: strerror(code))
  }
}
