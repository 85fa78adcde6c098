import Mapping
import Support
import Testing

struct WaveFileTests {
  @Test(arguments: WaveFile.Encoding.allCases, [1, 2, 3])
  func whatIsWrittenIsReadAgain(encoding: WaveFile.Encoding, channels: Int) throws {
    let samples: [Float] = [0, 0.5, -0.5, 0.25, -1, 0.999]
    let file = WaveFile(rate: 48_000, channels: channels, encoding: encoding, samples: samples)
    let read = try WaveFile(file.bytes, path: "a.wav")
    #expect(read.rate == 48_000 && read.channels == channels && read.encoding == encoding && read.count == 6 / channels)
    // A step of 16 bits is 2⁻¹⁵.
    #expect(zip(read.samples, samples).allSatisfy { abs($0 - $1) <= (encoding == .pcm16 ? 0x1p-16 : 0x1p-23) })
    #expect(try WaveFile(read.bytes, path: "a.wav") == read)
  }

  @Test func loudSamplesAreClippedInWholeNumbers() throws {
    let file = wave([1.5, -3, 1, 0.1], .pcm16)
    #expect(file.clipped == 2 && wave([1.5]).clipped == 0)
    let read = try WaveFile(file.bytes, path: "a.wav").samples
    #expect(read[0] == 1 - 0x1p-15 && read[1] == -1 && read[2] == 1 - 0x1p-15)
  }

  /// What recorders write beside samples is passed over, and an extensible format says what it is further on.
  @Test func otherChunksAndExtensibleFormatsAreRead() throws {
    func number(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    let format =
      number(0xFFFE, 2) + number(2, 2) + number(44_100, 4) + number(44_100 * 6, 4) + number(6, 2) + number(24, 2) + number(22, 2)
      + number(24, 2) + number(3, 4) + number(1, 2) + [UInt8](repeating: 0, count: 14)
    let bytes =
      Array("RIFF".utf8) + number(0, 4) + Array("WAVE".utf8) + Array("LIST".utf8) + number(3, 4) + [1, 2, 3, 0]
      + Array("fmt ".utf8)
      + number(format.count, 4) + format + Array("data".utf8) + number(6, 4) + [0, 0, 0x40, 0, 0, 0xC0]
    let read = try WaveFile(bytes, path: "a.wav")
    #expect(read.encoding == .pcm24 && read.channels == 2 && read.rate == 44_100 && read.samples == [0.5, -0.5])
    // A file that was cut off, or whose size was never written, has the samples that are there.
    #expect(try WaveFile(Array(bytes.dropLast(3)), path: "a.wav").samples.isEmpty)
  }

  @Test func otherFilesAreRefused() {
    let good = wave([0.5, 0.25], .pcm16).bytes
    func message(_ bytes: [UInt8]) -> String? {
      let error = #expect(throws: RecurrentError.self) { try WaveFile(bytes, path: "a.wav") }
      return error?.description
    }
    #expect(message([]) == "can't read a.wav: it is no WAV file, which begins with RIFF and WAVE")
    #expect(message(Array(good.prefix(36))) == "can't read a.wav: it has no samples")
    #expect(message(Array(good.prefix(12))) == "can't read a.wav: nothing says how its samples are written")
    var odd = good
    odd[34] = 12
    #expect(
      message(odd)
        == "can't read a.wav: its samples have 12 bits in the form 1; 16, 24 and 32 bits and 32-bit floats are read, uncompressed"
    )
    odd = good
    (odd[22], odd[23]) = (0, 0)
    #expect(message(odd) == "can't read a.wav: it claims 0 channels of 8000 samples a second")
    #expect(message(wave([.nan]).bytes) == "can't read a.wav: sample 1 is not a finite number")
  }

  /// Damaged files are read or refused.
  @Test func damagedFilesDoNotTrap() {
    let good = wave([0.5, 0.25, -0.5], .pcm24).bytes
    var random = Random(.benchmark, seed: 1)
    for _ in 0..<2000 {
      var bytes = good
      for _ in 0..<random.integer(in: 1..<5) {
        bytes[random.integer(in: 0..<bytes.count)] = UInt8(truncatingIfNeeded: random.integer(in: 0..<256))
      }
      _ = try? WaveFile(Array(bytes.prefix(random.integer(in: 0..<bytes.count + 1))), path: "a.wav")
    }
  }
}
