import Storage
package import Support

/// Sound as samples: what a WAV file holds.
package struct WaveFile: Sendable, Hashable {
  /// How a sample is written.
  package enum Encoding: String, Sendable, Hashable, CaseIterable, Codable {
    case pcm16 = "16"
    case pcm24 = "24"
    case pcm32 = "32"
    case float32 = "float"

    /// The bytes of a sample.
    var width: Int {
      switch self {
      case .pcm16: 2
      case .pcm24: 3
      case .pcm32, .float32: 4
      }
    }
  }

  /// Samples of a channel a second.
  package let rate: Int
  package let channels: Int
  package let encoding: Encoding
  /// `[T, channels]`; whole numbers of a file are divided by the largest one, so that they lie between -1 and 1.
  package let samples: [Float]

  package init(rate: Int, channels: Int, encoding: Encoding, samples: [Float]) {
    self.rate = rate
    self.channels = channels
    self.encoding = encoding
    self.samples = samples
  }

  /// The number of samples of a channel.
  package var count: Int { samples.count / max(1, channels) }

  /// Whether a file is one by its name.
  package static func isNamed(_ path: String) -> Bool {
    [".wav", ".wave"].contains { path.lowercased().hasSuffix($0) }
  }

  /// Reads a WAV file: 16, 24 or 32 bits a sample, or 32-bit floats, of any rate and number of channels.
  ///
  /// Source: Microsoft, Multimedia Programming Interface and Data Specifications 1.0 (1991), and `WAVEFORMATEXTENSIBLE`.
  /// - Throws: ``RecurrentError`` if the file can't be read, is no WAV file, or holds samples in another form.
  package init(contentsOf path: String) throws(RecurrentError) {
    try self.init(FileSystem.bytes(of: path), path: path)
  }

  /// - Parameter path: of the file, for messages.
  package init(_ bytes: [UInt8], path: String) throws(RecurrentError) {
    func failure(_ why: String) -> RecurrentError { RecurrentError(cannotRead: path, why) }
    let reader = WaveBytes(bytes)
    guard reader.tag(at: 0) == "RIFF", reader.tag(at: 8) == "WAVE" else {
      throw failure("it is no WAV file, which begins with RIFF and WAVE")
    }
    var format: (code: Int, channels: Int, rate: Int, bits: Int)?
    var data: Range<Int>?
    var place = 12
    while data == nil, let tag = reader.tag(at: place), let size = reader.number(at: place + 4, bytes: 4) {
      let content = place + 8..<min(place + 8 + size, bytes.count)
      switch tag {
      case "fmt ":
        guard let code = reader.number(at: content.lowerBound, bytes: 2), content.count >= 16,
          let channels = reader.number(at: content.lowerBound + 2, bytes: 2),
          let rate = reader.number(at: content.lowerBound + 4, bytes: 4),
          let bits = reader.number(at: content.lowerBound + 14, bytes: 2)
        else { throw failure("the chunk that says how its samples are written is too short") }
        // The code of an extensible format stands in front of its identifier.
        let own = code == 0xFFFE ? reader.number(at: content.lowerBound + 24, bytes: 2) ?? code : code
        format = (own, channels, rate, bits)
      // A recorder that is stopped hard, or that writes to a pipe, leaves the size open: what is there is read.
      case "data": data = content
      default: break
      }
      place = content.lowerBound + size + size % 2
    }
    guard let format else { throw failure("nothing says how its samples are written") }
    guard let data else { throw failure("it has no samples") }
    guard (1...64).contains(format.channels), (1...10_000_000).contains(format.rate) else {
      throw failure("it claims \(format.channels) channels of \(format.rate) samples a second")
    }
    guard let encoding = Self.encoding(code: format.code, bits: format.bits) else {
      throw failure(
        "its samples have \(format.bits) bits in the form \(format.code); 16, 24 and 32 bits and 32-bit floats are read, uncompressed"
      )
    }
    let count = data.count / (encoding.width * format.channels)
    var samples: [Float] = []
    samples.reserveCapacity(count * format.channels)
    for number in 0..<count * format.channels {
      samples.append(reader.sample(at: data.lowerBound + number * encoding.width, encoding))
    }
    if let place = samples.firstIndex(where: { !$0.isFinite }) {
      throw failure("sample \(place / format.channels + 1) is not a finite number")
    }
    self.init(rate: format.rate, channels: format.channels, encoding: encoding, samples: samples)
  }

  private static func encoding(code: Int, bits: Int) -> Encoding? {
    switch (code, bits) {
    case (1, 16): .pcm16
    case (1, 24): .pcm24
    case (1, 32): .pcm32
    case (3, 32): .float32
    default: nil
    }
  }
}

/// The bytes of a file, whose numbers begin with the lowest byte.
private struct WaveBytes {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The four letters at a place; nil past the end.
  func tag(at place: Int) -> String? {
    place + 4 <= bytes.count ? String(decoding: bytes[place..<place + 4], as: UTF8.self) : nil
  }

  /// A number without a sign; nil past the end.
  func number(at place: Int, bytes count: Int) -> Int? {
    guard place + count <= bytes.count else { return nil }
    return (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }

  /// The sample at a place, which lies in the file.
  func sample(at place: Int, _ encoding: WaveFile.Encoding) -> Float {
    let pattern = UInt32(truncatingIfNeeded: number(at: place, bytes: encoding.width) ?? 0)
    switch encoding {
    case .float32: return Float(bitPattern: pattern)
    // The highest byte of a whole number has its sign.
    case .pcm16, .pcm24, .pcm32:
      return Float(Int32(bitPattern: pattern << (32 - 8 * UInt32(encoding.width)))) / 0x1p31
    }
  }
}
