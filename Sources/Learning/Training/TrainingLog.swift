import Platform
import Storage
package import Support

/// A log of training as JSON lines, one record a line, added while the training runs.
///
/// Each record goes to the system whole as it is appended: a process that is killed leaves all of them, but for a last line
/// that may be cut, which reading leaves out and opening cuts off.
package struct TrainingLog: ~Copyable, Sendable {
  package let path: String
  private let file: Int32

  /// Opens the log, which is created if it is missing.
  ///
  /// - Parameter iteration: how far the training is that goes on. Records of later iterations, which it will make again, are
  ///   removed.
  /// - Throws: ``RecurrentError`` if the file can't be read or written, or holds something else.
  package init(path: String, continuingAfter iteration: Int = 0) throws(RecurrentError) {
    self.path = path
    file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    if file < 0 { throw RecurrentError(.file, "the training log \(path) can't be opened: \(Self.reason())") }
    var kept = 0
    for line in try Self.lines(of: path) {
      if line.record.iteration > iteration { break }
      kept = line.end
    }
    if ftruncate(file, off_t(kept)) != 0 {
      throw RecurrentError(.file, "the training log \(path) can't be shortened: \(Self.reason())")
    }
  }

  deinit { close(file) }

  /// Adds a record.
  ///
  /// - Throws: ``RecurrentError`` if it can't be written, on a full disk for one; the log is then as it was before.
  package borrowing func append(_ record: TrainingRecord) throws(RecurrentError) {
    let line = Array(record.line.utf8)
    let start = lseek(file, 0, SEEK_END)
    var written = 0
    while written < line.count {
      let count = line[written...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 {
        let reason = Self.reason()
        // A failure here leaves a cut line, which readers leave out: nothing more can be done about it.
        _ = ftruncate(file, start)
        throw RecurrentError(.file, "the training log \(path) can't be written: \(reason)")
      }
      written += count
    }
  }

  /// The records of a log, that of a training under way or of a killed one included.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read, or a line before the last is not a record.
  package static func records(path: String) throws(RecurrentError) -> [TrainingRecord] { try lines(of: path).map(\.record) }

  /// The records, and where in the file each one's line ends.
  private static func lines(of path: String) throws(RecurrentError) -> [(record: TrainingRecord, end: Int)] {
    let bytes: [UInt8]
    do { bytes = try FileSystem.bytes(of: path) } catch {
      throw RecurrentError(.file, "the training log \(path) can't be read: \(error)")
    }
    var lines: [(record: TrainingRecord, end: Int)] = []
    var start = 0
    // What follows the last end of line was cut off.
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      do { lines.append((try TrainingRecord(line: bytes[start..<end]), end + 1)) } catch {
        throw RecurrentError(.file, "line \(lines.count + 1) of the training log \(path) is not a record of training")
      }
      start = end + 1
    }
    return lines
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
