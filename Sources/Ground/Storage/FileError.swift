import Platform
package import Support

extension RecurrentError {
  /// A file that can't be read, and why.
  package init(cannotRead path: String, _ cause: String) { self.init(.file, "can't read \(path): \(cause)") }
  /// A file that can't be written, and why.
  package init(cannotWrite path: String, _ cause: String) { self.init(.file, "can't write \(path): \(cause)") }
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
