import Support
import Testing

struct Base64Tests {
  /// The examples of RFC 4648, section 10, and what differs from the alphabet for addresses.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ("~~?", "fn4/"), ("~>>", "fj4+"),
  ])
  func threeBytesAreFourCharacters(bytes: String, text: String) { #expect(base64(Array(bytes.utf8)) == text) }
}
