import Storage

/// The cyclic redundancy check of zip archives: CRC-32 with the polynomial 0xEDB88320.
enum Checksum {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
  }

  static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
  }

  static func of(_ file: MappedFile, in range: Range<Int>) -> UInt32 { file.withBytes(in: range) { of($0) } }
}
