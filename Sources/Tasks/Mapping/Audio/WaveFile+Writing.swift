import Storage
package import Support

extension WaveFile {
  /// The bytes of the file. Whole numbers end at the largest ones that there are: what is louder is clipped.
  package var bytes: [UInt8] {
    let size = samples.count * encoding.width
    var bytes: [UInt8] = []
    bytes.reserveCapacity(44 + size)
    func put(_ number: Int, _ count: Int) {
      for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
    }
    bytes += Array("RIFF".utf8)
    put(min(36 + size + size % 2, Int(UInt32.max)), 4)
    bytes += Array("WAVEfmt ".utf8)
    put(16, 4)
    put(encoding == .float32 ? 3 : 1, 2)
    put(channels, 2)
    put(rate, 4)
    put(rate * channels * encoding.width, 4)
    put(channels * encoding.width, 2)
    put(8 * encoding.width, 2)
    bytes += Array("data".utf8)
    put(min(size, Int(UInt32.max)), 4)
    for sample in samples { put(Self.number(sample, encoding), encoding.width) }
    if size % 2 == 1 { bytes.append(0) }
    return bytes
  }

  /// How many samples are louder than whole numbers can say.
  package var clipped: Int { encoding == .float32 ? 0 : samples.count { abs($0) > 1 } }

  /// Writes the file, whole or not at all.
  package func write(to path: String) throws(RecurrentError) { try AtomicFile.write(bytes, to: path) }

  private static func number(_ sample: Float, _ encoding: Encoding) -> Int {
    if encoding == .float32 { return Int(sample.bitPattern) }
    let most = 1 << (8 * encoding.width - 1)
    let scaled = (Double(sample) * Double(most)).rounded()
    return scaled.isNaN ? 0 : Int(max(-Double(most), min(Double(most - 1), scaled)))
  }
}
