import Support
import Testing

/// All values by the formulas that folders of the first generation were written with, evaluated in another language.
struct DigestTests {
  @Test(arguments: [
    ("", "0000000000000000"), ("a", "54cda58fef23226f"), ("grün, blau und rot", "ff36718c96c9de8a"),
  ])
  func theDigestOfATextNeverChanges(text: String, digits: String) {
    #expect(Digest(of: text).digits == digits)
    #expect(Digest(of: Array(text.utf8)[...]) == Digest(of: text))
  }

  @Test func theDigestOfNumbersNeverChanges() {
    #expect(Digest(of: [0.5, -1, 3] as [Double]).digits == "02276aa3b8895ff1")
    #expect(Digest(of: [0, 1, 2, 3, 4, 500, 6].dropFirst().dropLast().map { UInt16($0) }).digits == "781ee316eaebfd08")
    #expect(Digest(of: ([0, 1, 2, 3, 4, 500, 6] as [UInt16])[1..<6]).digits == "781ee316eaebfd08")
    #expect(Digest(of: (1...5).lazy.map { $0 < 5 ? UInt16($0) : 500 }).digits == "781ee316eaebfd08", "not contiguous")
  }

  @Test func theDigestOfPartsNeverChanges() {
    var digest = Digest(ofParts: 2)
    digest.combine(Digest(of: "one"))
    digest.combine(Digest(of: "two"))
    #expect(digest.digits == "b552dc55ec74a4e7")
    var other = Digest(ofParts: 2)
    other.combine(Digest(of: "two"))
    other.combine(Digest(of: "one"))
    #expect(other != digest)
  }

  /// The authors' own examples.
  @Test(arguments: [("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8")])
  func theDigestOfAStreamIsFowlerNollAndVos(text: String, digits: String) {
    var stream = Digest.Stream()
    stream.add(text.utf8)
    #expect(stream.digest.digits == digits)
  }

  @Test func shortDigitsHaveNoZerosInFront() {
    #expect(Digest(of: "27").digits == "073c784a3c109d4a")
    #expect(Digest(of: "27").shortDigits == "73c784a3c109d4a")
  }
}
