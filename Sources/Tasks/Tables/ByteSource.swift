import Compression
import Platform
import Support

/// The bytes of a text file or of standard input, read in pieces: a file may be larger than memory, and a line that has come
/// through a pipe is available before the next one. A file that gzip has packed is unfolded as a whole.
final class ByteSource {
  /// The path that stands for standard input.
  static let standardInput = "-"

  let name: String
  private let file: Int32
  private let buffer: UnsafeMutableBufferPointer<UInt8>
  private var position = 0
  private var end = 0
  private var isOver = false
  private var text = TextCheck()

  /// - Throws: ``RecurrentError`` if there is no such file, or it is a folder.
  convenience init(path: String) throws(RecurrentError) {
    guard path != Self.standardInput, let bytes = try Gzip.contents(of: path) else {
      try self.init(plain: path)
      return
    }
    self.init(bytes, name: path)
    try bytes.withUnsafeBufferPointer { bytes in
      Result { () throws(RecurrentError) in
        try text.check(bytes, path)
        try text.end(path)
      }
    }.get()
  }

  private init(plain path: String) throws(RecurrentError) {
    buffer = .allocate(capacity: 1 << 18)
    if path == Self.standardInput {
      (name, file) = ("standard input", 0)
      return
    }
    name = path
    file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw RecurrentError(.data, "\(path) can't be opened: \(String(cString: strerror(errno)))") }
    var status = stat()
    if fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw RecurrentError(.data, "\(path) is a folder; name a file in it")
    }
  }

  /// Bytes in memory.
  init(_ bytes: [UInt8], name: String) {
    (self.name, file) = (name, 0)
    buffer = .allocate(capacity: max(1, bytes.count))
    _ = buffer.initialize(fromContentsOf: bytes)
    (end, isOver) = (bytes.count, true)
  }

  deinit {
    buffer.deallocate()
    if file > 0 { close(file) }
  }

  /// The next byte; nil at the end.
  @inline(__always)
  func next() throws(RecurrentError) -> UInt8? {
    if position == end {
      try refill()
      if position == end { return nil }
    }
    position += 1
    return buffer[position - 1]
  }

  /// The next byte, without consuming it.
  @inline(__always)
  func peek() throws(RecurrentError) -> UInt8? {
    if position == end { try refill() }
    return position == end ? nil : buffer[position]
  }

  /// The bytes that are available without waiting: at least the first whole line, unless it is longer than the buffer.
  func beginning() throws(RecurrentError) -> [UInt8] {
    while !isOver, end < buffer.count, !buffer[position..<end].contains(UInt8(ascii: "\n")) { try append() }
    return Array(buffer[position..<end])
  }

  /// The first bytes, for which it waits: `count` of them, or all that there are.
  func beginning(of count: Int) throws(RecurrentError) -> (bytes: [UInt8], isWhole: Bool) {
    while !isOver, end - position < count, end < buffer.count { try append() }
    let bytes = buffer[position..<end].prefix(count)
    return (Array(bytes), isOver && bytes.count == end - position)
  }

  /// Skips a byte order mark at the beginning.
  func skipByteOrderMark() throws(RecurrentError) {
    if try beginning().starts(with: [0xEF, 0xBB, 0xBF]) { skip(3) }
  }

  /// Skips bytes that have been looked at.
  func skip(_ count: Int) { position = min(end, position + count) }

  private func refill() throws(RecurrentError) {
    (position, end) = (0, 0)
    if !isOver { try append() }
  }

  private func append() throws(RecurrentError) {
    while let base = buffer.baseAddress {
      let count = read(file, base + end, buffer.count - end)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw RecurrentError(.data, "\(name) can't be read: \(String(cString: strerror(errno)))") }
      isOver = count == 0
      if isOver {
        try text.end(name)
      } else {
        try text.check(UnsafeBufferPointer(start: base + end, count: count), name)
      }
      end += count
      return
    }
  }
}
