import CommandLine
import Foundation
import Testing

/// Texts with characters that a model does not know, and texts that gzip has packed.
struct UnknownCharacterTests {
  private func shop() throws -> Workshop {
    let shop = try Workshop()
    #expect(shop.train("--iterations 3", into: "run").code == 0)
    try shop.write("ein Mädchen ging Ω no. 3, Ω und ж\n", "other.txt")
    return shop
  }

  @Test func evaluationsGoOn() throws {
    let shop = try shop()
    let refused = shop.run("evaluate $/run $/other.txt")
    #expect(
      refused.code == 1
        && refused.messages.contains("leave such characters out with --unknown skip, or name one that is read in their place"),
      "\(refused.messages)")
    let skipped = shop.run("evaluate $/run $/other.txt --unknown skip")
    #expect(skipped.code == 0, "\(skipped.messages)")
    #expect(
      skipped.messages.contains(
        "4 characters are not in the model's vocabulary, “Ω” (U+03A9) 2 times, “,” (U+002C), “ж” (U+0436): they are left out"),
      "\(skipped.messages)")
    let read = shop.run(["evaluate", "$/run", "$/other.txt", "--unknown", "e"])
    #expect(read.code == 0 && read.messages.contains("“e” (U+0065) is read in their place"), "\(read.messages)")
    let other = shop.run("evaluate $/run $/other.txt --unknown Ω")
    #expect(other.code == 1 && other.messages.contains("--unknown is “Ω” (U+03A9), which is not among the"), "\(other.messages)")
    let long = shop.run("evaluate $/run $/other.txt --unknown ab")
    #expect(long.code == 2 && long.messages.contains("a single character, or skip"), "\(long.messages)")
  }

  @Test func textsAreWrittenAndInspected() throws {
    let shop = try shop()
    let written = shop.run(["generate", "$/run", "--prompt", "Ωein", "--length", "5", "--unknown", "skip"])
    #expect(written.code == 0 && written.output.hasPrefix("ein"), "\(written.messages)")
    #expect(written.messages.contains("1 character is not in the model's vocabulary, “Ω” (U+03A9): it is left out"))
    let inspected = shop.run(["inspect", "$/run", "--text", "Ωein", "--unknown", "e"])
    #expect(inspected.code == 0 && inspected.messages.contains("is read in its place"), "\(inspected.messages)")
    let words = shop.train("--tokens words --iterations 2", into: "words")
    #expect(words.code == 0, "\(words.messages)")
    let refused = shop.run("evaluate $/words $/other.txt --unknown skip")
    #expect(refused.code == 2 && refused.messages.contains("is for models that read characters"), "\(refused.messages)")
  }

  /// `printf 'ein Mädchen ging no. 1 — und ça va\n' | gzip -n`; several times one after the other it is a file of several parts.
  private static let packed =
    "H4sIAAAAAAAC/0vNzFPwPbwkJTkjNU8hPTMvXSEvX0/BUOFRwxSF0rwUhcPLExXKErkAA2JE9CcAAAA="

  @Test func packedTextsAndTablesAreRead() throws {
    let shop = try Workshop()
    let part = try #require(Data(base64Encoded: Self.packed))
    let whole = (0..<60).reduce(into: Data()) { data, _ in data += part }
    try whole.write(to: URL(filePath: shop("text.txt.gz")))
    let plain = (0..<60).map { _ in "ein Mädchen ging no. 1 — und ça va\n" }.joined()
    try shop.write(plain, "plain.txt")
    #expect(shop.train("--iterations 3", text: "text.txt.gz", into: "packed").code == 0)
    #expect(shop.train("--iterations 3", text: "plain.txt", into: "plain").code == 0)
    #expect(try shop.read("packed/model.safetensors") == shop.read("plain/model.safetensors"))
    let measured = shop.run("evaluate $/packed $/text.txt.gz")
    #expect(measured.code == 0 && measured.output == shop.run("evaluate $/packed $/plain.txt").output)
    try whole.dropLast(9).write(to: URL(filePath: shop("cut.txt.gz")))
    let cut = shop.train("--iterations 3", text: "cut.txt.gz", into: "cut")
    #expect(
      cut.code == 1 && cut.messages.contains("it is packed by gzip, and its packed bytes are damaged or cut short"),
      "\(cut.messages)")
  }
}
