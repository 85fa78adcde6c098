/// Writes a message in the wire format of protocol buffers, field by field.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ number: Int, integer value: Int) {
    appendKey(number, kind: 0)
    appendNumber(UInt64(bitPattern: Int64(value)))
  }

  mutating func append(_ number: Int, float value: Float) {
    appendKey(number, kind: 5)
    bytes.append(contentsOf: withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) })
  }

  mutating func append(_ number: Int, bytes value: some Collection<UInt8>) {
    appendKey(number, kind: 2)
    appendNumber(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// Leaves out what is empty, as the format does.
  mutating func append(_ number: Int, text: String) {
    if !text.isEmpty { append(number, bytes: text.utf8) }
  }

  /// A message within this one.
  mutating func append(_ number: Int, _ body: (inout ProtobufWriter) -> Void) {
    var writer = ProtobufWriter()
    body(&writer)
    append(number, bytes: writer.bytes)
  }

  /// A repeated field of whole numbers, packed.
  mutating func append(_ number: Int, integers: [Int]) {
    var writer = ProtobufWriter()
    for value in integers { writer.appendNumber(UInt64(bitPattern: Int64(value))) }
    if !integers.isEmpty { append(number, bytes: writer.bytes) }
  }

  private mutating func appendKey(_ number: Int, kind: Int) { appendNumber(UInt64(number << 3 | kind)) }

  private mutating func appendNumber(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
