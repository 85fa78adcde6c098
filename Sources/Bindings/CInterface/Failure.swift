import CRecurrent
import CellLanguage
import Support

/// Why a call failed, as C gets it.
struct Failure: Error {
  let status: recurrent_status
  let text: String

  init(_ status: recurrent_status, _ text: String) {
    self.status = status
    self.text = text
  }

  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as RecurrentError: self.init(error.kind.status, error.description)
    case is Diagnostic, is UnknownCell: self.init(RECURRENT_ERROR_CELL, "\(error)")
    default: self.init(RECURRENT_ERROR_UNSUITABLE, "\(error)")
    }
  }

  static func argument(_ text: String) -> Failure { Failure(RECURRENT_ERROR_ARGUMENT, text) }

  /// Writes the sentence, cut where a character ends if it is too long.
  func write(to error: UnsafeMutablePointer<recurrent_error>?) {
    guard let error else { return }
    let room = MemoryLayout<recurrent_error>.size - 1
    var bytes = Array(text.utf8.prefix(room))
    if bytes.count == room {
      // A character that was cut is left out whole: its first byte does not begin with the bits 10.
      while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
      if let last = bytes.last, last & 0x80 != 0 { bytes.removeLast() }
    }
    UnsafeMutableRawPointer(error).copyMemory(from: bytes + [0], byteCount: bytes.count + 1)
  }
}

extension RecurrentError.Kind {
  fileprivate var status: recurrent_status {
    switch self {
    case .file: RECURRENT_ERROR_FILE
    case .cell: RECURRENT_ERROR_CELL
    case .shape: RECURRENT_ERROR_SHAPE
    case .machine: RECURRENT_ERROR_MACHINE
    case .setting, .usage: RECURRENT_ERROR_ARGUMENT
    case .data, .divergence, .interchange, .network, .unsuitable: RECURRENT_ERROR_UNSUITABLE
    }
  }
}

/// Runs what may fail for a call from C.
func attempt(_ error: UnsafeMutablePointer<recurrent_error>?, _ body: () throws -> Void) -> recurrent_status {
  do {
    try body()
    return RECURRENT_OK
  } catch let thrown {
    let failure = Failure(thrown)
    failure.write(to: error)
    return failure.status
  }
}

/// What a pointer of the caller's leads to.
///
/// - Parameter name: what the header calls the argument.
func required<Pointer>(_ pointer: Pointer?, _ name: @autoclosure () -> String) throws(Failure) -> Pointer {
  guard let pointer else { throw .argument("\(name()) is NULL: give a pointer") }
  return pointer
}

extension Array {
  /// The element of a caller's number.
  ///
  /// - Parameters:
  ///   - what: one element, such as `state`.
  ///   - owner: what has the elements, such as `the cell`.
  func element(_ index: Int64, _ what: String, of owner: String) throws(Failure) -> Element {
    guard let place = Int(exactly: index), indices.contains(place) else {
      throw .argument("\(owner) has no \(what) \(index); it has \(count), counted from 0")
    }
    return self[place]
  }
}

/// The threads that a caller asks for, 0 for one a processor.
func threadCount(_ threads: Int64) throws(Failure) -> Int? {
  guard let count = Int(exactly: threads), count >= 0 else {
    throw .argument("\(threads) threads: give their number, or 0 for one a processor")
  }
  return count == 0 ? nil : count
}
