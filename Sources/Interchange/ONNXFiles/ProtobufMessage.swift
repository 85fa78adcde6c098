import Storage
import TensorFiles

/// A message in the wire format of protocol buffers: a range of a file's bytes, read field by field where it stands.
///
/// A field can't reach beyond its message, so that nothing read claims more than the file holds, and a message within a message
/// is read when it is asked for: how deep that goes is up to the caller.
struct ProtobufMessage: Sendable {
  typealias Problem = TensorFile.Problem

  let file: MappedFile
  let range: Range<Int>

  /// What a field holds, by the four ways in which the format writes values.
  enum Value: Sendable {
    case number(UInt64)
    case eightBytes(UInt64)
    case fourBytes(UInt32)
    case bytes(Range<Int>)
  }

  /// Calls `body` with each field in the order of the file.
  func forEachField(_ body: (ProtobufField) throws(Problem) -> Void) throws(Problem) {
    try file.withBytes(in: range) { bytes throws(Problem) in
      var cursor = ProtobufCursor(bytes: bytes, first: range.lowerBound)
      while !cursor.isAtEnd {
        let start = cursor.place
        let key = try cursor.number()
        guard let number = Int32(exactly: key >> 3), number > 0 else { throw cursor.problem("it has a field without a number") }
        let value: Value
        switch key & 7 {
        case 0: value = .number(try cursor.number())
        case 1: value = .eightBytes(try cursor.fixed(8))
        case 2: value = .bytes(try cursor.delimited())
        case 5: value = .fourBytes(UInt32(truncatingIfNeeded: try cursor.fixed(4)))
        default: throw cursor.problem("field \(number) is of a kind that there is not")
        }
        try body(ProtobufField(number: Int(number), value: value, file: file, place: start))
      }
    }
  }
}

/// One field of a message.
struct ProtobufField: Sendable {
  typealias Problem = TensorFile.Problem

  let number: Int
  let value: ProtobufMessage.Value
  let file: MappedFile
  /// Where it begins in the file.
  let place: Int

  /// A signed whole number; negative ones are written as 64 bits.
  func integer() throws(Problem) -> Int {
    guard case .number(let value) = value else { throw wrongKind("a whole number") }
    return Int(truncatingIfNeeded: value)
  }

  func float() throws(Problem) -> Float {
    guard case .fourBytes(let bits) = value else { throw wrongKind("a number of four bytes") }
    return Float(bitPattern: bits)
  }

  func bytes() throws(Problem) -> Range<Int> {
    guard case .bytes(let range) = value else { throw wrongKind("a range of bytes") }
    return range
  }

  func message() throws(Problem) -> ProtobufMessage { ProtobufMessage(file: file, range: try bytes()) }

  /// Text, nil if the bytes are not UTF-8.
  func textIfValid() throws(Problem) -> String? {
    file.withBytes(in: try bytes()) { String(validating: $0, as: UTF8.self) }
  }

  func text() throws(Problem) -> String {
    guard let text = try textIfValid() else { throw wrongKind("text in UTF-8") }
    return text
  }

  /// Appends the whole numbers of a repeated field, which may stand there one by one or packed.
  func appendIntegers(to values: inout [Int]) throws(Problem) {
    guard case .bytes(let range) = value else { return values.append(try integer()) }
    try file.withBytes(in: range) { bytes throws(Problem) in
      var cursor = ProtobufCursor(bytes: bytes, first: range.lowerBound)
      while !cursor.isAtEnd { values.append(Int(truncatingIfNeeded: try cursor.number())) }
    }
  }

  func appendFloats(to values: inout [Float]) throws(Problem) {
    guard case .bytes(let range) = value else { return values.append(try float()) }
    try file.withBytes(in: range) { bytes throws(Problem) in
      var cursor = ProtobufCursor(bytes: bytes, first: range.lowerBound)
      while !cursor.isAtEnd { values.append(Float(bitPattern: UInt32(truncatingIfNeeded: try cursor.fixed(4)))) }
    }
  }

  /// Numbers of double precision, rounded to single.
  func appendDoubles(to values: inout [Float]) throws(Problem) {
    if case .eightBytes(let bits) = value { return values.append(Float(Double(bitPattern: bits))) }
    let range = try bytes()
    try file.withBytes(in: range) { bytes throws(Problem) in
      var cursor = ProtobufCursor(bytes: bytes, first: range.lowerBound)
      while !cursor.isAtEnd { values.append(Float(Double(bitPattern: try cursor.fixed(8)))) }
    }
  }

  private func wrongKind(_ expected: String) -> Problem {
    Problem("the protocol buffer is damaged at byte \(place): field \(number) is not \(expected)")
  }
}

/// A place in the bytes of a message.
private struct ProtobufCursor {
  let bytes: UnsafeRawBufferPointer
  /// Where the bytes begin in the file, for messages.
  let first: Int
  private var position = 0

  init(bytes: UnsafeRawBufferPointer, first: Int) { (self.bytes, self.first) = (bytes, first) }

  var isAtEnd: Bool { position == bytes.count }
  var place: Int { first + position }

  func problem(_ text: String) -> TensorFile.Problem {
    TensorFile.Problem("the protocol buffer is damaged at byte \(place): \(text)")
  }

  /// A number of up to 64 bits, seven in a byte, the lowest ones first.
  mutating func number() throws(TensorFile.Problem) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard position < bytes.count else { throw problem("it is cut short") }
      let byte = UInt64(bytes[position])
      if shift == 63 && byte > 1 { break }
      position += 1
      value |= (byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw problem("a number has more than 64 bits")
  }

  /// A little-endian number of the given count of bytes.
  mutating func fixed(_ count: Int) throws(TensorFile.Problem) -> UInt64 {
    guard bytes.count - position >= count else { throw problem("it is cut short") }
    var value: UInt64 = 0
    for byte in 0..<count { value |= UInt64(bytes[position + byte]) << (8 * UInt64(byte)) }
    position += count
    return value
  }

  /// A range of bytes with its length before it, as a range of the file.
  mutating func delimited() throws(TensorFile.Problem) -> Range<Int> {
    let count = try number()
    guard let count = Int(exactly: count), count <= bytes.count - position else {
      throw problem("a field claims \(count) bytes, more than there are")
    }
    defer { position += count }
    return place..<place + count
  }
}
