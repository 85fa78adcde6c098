import CRecurrent
import Support

/// An object that C holds by a pointer, which keeps it alive until it is closed.
protocol Handle: AnyObject {}

extension Handle {
  /// The object of a pointer.
  ///
  /// - Parameter name: what the header calls the argument.
  static func at(_ pointer: OpaquePointer?, _ name: String) throws(Failure) -> Self {
    at(try required(pointer, name))
  }

  static func at(_ pointer: OpaquePointer) -> Self {
    Unmanaged<Self>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
  }

  /// Calls `body` with the object, which the caller keeps alive: nothing is counted.
  @inline(__always)
  static func with<Result>(_ pointer: OpaquePointer, _ body: (Self) -> Result) -> Result {
    Unmanaged<Self>.fromOpaque(UnsafeRawPointer(pointer))._withUnsafeGuaranteedRef(body)
  }

  /// Makes an object and gives its pointer to the caller, NULL if it can't be made.
  static func open(
    _ place: UnsafeMutablePointer<OpaquePointer?>?, _ name: String, _ error: UnsafeMutablePointer<recurrent_error>?,
    _ make: () throws -> Self
  ) -> recurrent_status {
    place?.pointee = nil
    return attempt(error) {
      let place = try required(place, name)
      place.pointee = OpaquePointer(Unmanaged.passRetained(try make()).toOpaque())
    }
  }

  static func close(_ pointer: OpaquePointer?) {
    if let pointer { Unmanaged<Self>.fromOpaque(UnsafeRawPointer(pointer)).release() }
  }
}

/// Text that C reads, at a place of its own.
final class CText: Sendable {
  // Nothing writes to it after it is made.
  nonisolated(unsafe) let pointer: UnsafePointer<CChar>

  init(_ text: String) {
    let bytes = text.utf8CString
    let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    for (place, byte) in bytes.enumerated() { memory[place] = byte }
    pointer = UnsafePointer(memory)
  }

  deinit { pointer.deallocate() }

  /// The text of a caller's.
  static func text(_ pointer: UnsafePointer<CChar>?, _ name: String) throws(Failure) -> String {
    let pointer = try required(pointer, name)
    guard let text = String(validatingCString: pointer) else { throw .argument("\(name) is not text in UTF-8") }
    return text
  }
}

/// A named array, as C reads it.
struct TensorText: Sendable {
  private let name: CText
  private let shape: [Int]
  private let isFixed: Bool

  init(_ name: String, shape: [Int], isFixed: Bool = false) {
    self.name = CText(name)
    self.shape = shape
    self.isFixed = isFixed
  }

  var info: recurrent_tensor_info {
    recurrent_tensor_info(
      name: name.pointer, rank: Int64(shape.count), shape: (Int64(shape[0]), shape.count > 1 ? Int64(shape[1]) : 1),
      count: Int64(shape.reduce(1, *)), fixed: isFixed ? 1 : 0)
  }
}

private let versionText = CText(Release.version)

@c @implementation
public func recurrent_version() -> UnsafePointer<CChar>? { versionText.pointer }
