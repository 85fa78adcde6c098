import CInterface
import CRecurrent
import Networks
import Models

/// A handle that is closed when it is let go.
final class Opened {
  let pointer: OpaquePointer
  private let close: (OpaquePointer?) -> Void

  init(
    _ close: @escaping (OpaquePointer?) -> Void,
    _ open: (UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<recurrent_error>) -> recurrent_status
  ) throws {
    var pointer: OpaquePointer?
    try call { open(&pointer, $0) }
    guard let pointer else { throw Refused(status: RECURRENT_OK, message: "a call that succeeded gave no handle") }
    self.pointer = pointer
    self.close = close
  }

  deinit { close(pointer) }

  static func model(_ network: Network) throws -> Opened {
    let bytes = try network.bytes()
    return try Opened(recurrent_model_close) { recurrent_model_open_bytes(bytes, Int64(bytes.count), $0, $1) }
  }

  static func stream(_ model: Opened) throws -> Opened {
    try Opened(recurrent_stream_close) { recurrent_stream_open(model.pointer, $0, $1) }
  }

  static func cell(_ text: String) throws -> Opened {
    try Opened(recurrent_cell_close) { recurrent_cell_open(text, nil, $0, $1) }
  }

  static func cell(named name: String) throws -> Opened {
    try Opened(recurrent_cell_close) { recurrent_cell_open_named(name, $0, $1) }
  }

  static func layer(_ cell: Opened, inputs: Int64, units: Int64, threads: Int64 = 1) throws -> Opened {
    try Opened(recurrent_layer_close) {
      recurrent_layer_open(cell.pointer, inputs, units, nil, nil, 0, threads, $0, $1)
    }
  }
}

/// What a call said that failed.
struct Refused: Error {
  let status: recurrent_status
  let message: String
}

/// Makes a call, and throws what it says if it fails.
func call(_ body: (UnsafeMutablePointer<recurrent_error>) -> recurrent_status) throws {
  var error = recurrent_error()
  let status = body(&error)
  if status == RECURRENT_OK { return }
  let message = withUnsafeBytes(of: error) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  throw Refused(status: status, message: message)
}

/// What a call says that is to fail; nil if it doesn't.
func refusal(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch { return (error as? Refused)?.message ?? "\(error)" }
}

/// Numbers between -1 and 1 that follow no pattern that matters.
func numbers(_ count: Int, from start: Int = 0) -> [Float] {
  (start..<start + count).map { Float(($0 * 7919 + 13) % 211) / 105 - 1 }
}
