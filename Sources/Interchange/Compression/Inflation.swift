import CZlib
package import Storage

/// What stands round deflated bytes.
enum DeflateForm: Int32 {
  case bare = 0
  /// zlib's header and checksum.
  case zlib = 1
  /// gzip's header, checksum and length.
  case gzip = 2
}

/// The bytes that a deflated member of an archive or a deflated chunk of an array unfolds to.
///
/// Memory grows with what really comes out, and stops at the size that was declared.
///
/// - Parameter isWrapped: whether zlib's header and checksum stand round the bytes.
package func inflated(
  _ packed: UnsafeRawBufferPointer, to size: Int, isWrapped: Bool = false
) throws(StrictJSON.Problem) -> [UInt8] {
  var bytes: [UInt8] = []
  _ = try inflate(packed, into: &bytes, as: isWrapped ? .zlib : .bare) { made throws(StrictJSON.Problem) in
    guard made <= size else { throw StrictJSON.Problem("it unfolds to more than the \(size) bytes that it declares") }
  }
  guard bytes.count == size else {
    throw StrictJSON.Problem("it unfolds to \(bytes.count) bytes, but declares \(size)")
  }
  return bytes
}

/// Unfolds a deflated stream.
///
/// - Parameter check: told how many bytes there would be, before they are kept.
/// - Returns: how many of the packed bytes belong to the stream.
func inflate(
  _ packed: UnsafeRawBufferPointer, into bytes: inout [UInt8], as form: DeflateForm,
  check: (Int) throws(StrictJSON.Problem) -> Void
) throws(StrictJSON.Problem) -> Int {
  var stream = z_stream()
  guard zlib_begin_inflating(&stream, form.rawValue) == Z_OK else {
    throw StrictJSON.Problem("there is no memory to unfold it")
  }
  defer { inflateEnd(&stream) }
  var block = [UInt8](repeating: 0, count: 1 << 16)
  var rest = packed
  while true {
    let offered = min(rest.count, 1 << 30)
    stream.next_in = UnsafeMutablePointer(mutating: rest.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.avail_in = UInt32(offered)
    let status = block.withUnsafeMutableBufferPointer { block in
      stream.next_out = block.baseAddress
      stream.avail_out = UInt32(block.count)
      return inflate(&stream, Z_NO_FLUSH)
    }
    rest = UnsafeRawBufferPointer(rebasing: rest[(offered - Int(stream.avail_in))...])
    let made = block.count - Int(stream.avail_out)
    try check(bytes.count + made)
    bytes += block[..<made]
    if status == Z_STREAM_END { return packed.count - rest.count }
    guard status == Z_OK, made > 0 || !rest.isEmpty else { throw StrictJSON.Problem("its packed bytes are damaged or cut short") }
  }
}
