import Support
import Testing

struct UTF8FormTests {
  /// Held to the standard library, for each pair of first bytes with the bytes that may follow them.
  @Test func theFirstTwoBytesTellWhatIsACharacter() {
    for first in UInt8.min...UInt8.max {
      guard let form = UTF8Form(first: first) else {
        for length in 1...4 { #expect(!isCharacter([first] + [UInt8](repeating: 0x80, count: length - 1)), "\(first)") }
        continue
      }
      if form.following == 0 {
        #expect(isCharacter([first]))
        continue
      }
      for second in UInt8.min...UInt8.max {
        for later: UInt8 in [0x80, 0xBF] {
          let bytes = [first, second] + [UInt8](repeating: later, count: form.following - 1)
          #expect(isCharacter(bytes) == form.second.contains(second), "\(bytes)")
        }
      }
      #expect(!isCharacter([first] + [UInt8](repeating: 0x90, count: form.following - 1)), "one byte is lacking")
    }
  }

  private func isCharacter(_ bytes: [UInt8]) -> Bool {
    String(validating: bytes, as: UTF8.self)?.unicodeScalars.count == 1
  }

  @Test func bytesAreTwoDigits() {
    #expect(([0, 10, 255] as [UInt8]).map(\.hexadecimal) == ["00", "0A", "FF"])
  }
}
