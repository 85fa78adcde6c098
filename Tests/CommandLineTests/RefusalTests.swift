import CommandLine
import Foundation
import Testing

/// Command lines and texts that can't be done anything with, the sentence that says why, and the exit code.
struct RefusalTests {
  struct Refusal: Sendable, CustomTestStringConvertible {
    let line: String
    let code: Int32
    let sentence: String

    init(_ line: String, code: Int32 = 1, _ sentence: String) {
      self.line = line
      self.code = code
      self.sentence = sentence
    }

    var testDescription: String { line }
  }

  static let texts: [Refusal] = [
    .init("train text $/none.txt", "$/none.txt can't be opened: No such file or directory"),
    .init("train text $", "$ is a folder; name a file in it"),
    .init("train text $/empty.txt", "$/empty.txt is empty; a text has at least one token"),
    .init(
      "train text $/latin.txt",
      "$/latin.txt is not UTF-8: no character begins with byte 0xE9 at offset 6, line 2; convert the text to UTF-8, or read it as bytes"
    ),
    .init(
      "train text $/latin.txt --tokens words",
      "$/latin.txt is not UTF-8: no character begins with byte 0xE9 at offset 6, line 2; convert the text to UTF-8, or read it as bytes"
    ),
    .init(
      "train text $/short.txt",
      "a text of 6 tokens is too short for 50 streams, which need at least 51 tokens; at most 5 streams fit"),
    .init(
      "train text $/short.txt --batch 2 --validation 0.2",
      "the part of the text held out for validation has a single token, which leaves nothing to predict; hold out more, or nothing"
    ),
    .init("evaluate $/run $/none.txt", "$/none.txt can't be opened: No such file or directory"),
    .init("evaluate $/run $/empty.txt", "$/empty.txt is empty; a text has at least one token"),
  ]

  static let networks: [Refusal] = [
    .init("train text $/text.txt --cell lsmt", "no cell of the library is called `lsmt`; did you mean `lstm`?"),
    .init("train text $/text.txt --cell $/none.cell", "can't read $/none.cell: there is no such file"),
    .init("train text $/text.txt --size P=3", "cell lstm has no size P"),
    .init("train text $/text.txt --cell lstm-projected --size Q=3", "cell lstm-projected has no size Q; it has P"),
    .init("train text $/text.txt --size P", code: 2, "--size is \"P\"; expected sizes such as P=64 or P=64,Q=32"),
    .init("train text $/text.txt --units 0", code: 2, "--units is \"0\"; expected a whole number from 1 to 65536"),
    .init("train text $/text.txt --dropout 1", code: 2, "--dropout is \"1\"; expected a number of at least 0 and below 1"),
    .init(
      "train text $/text.txt --optimizer adm", code: 2,
      "--optimizer is \"adm\"; expected adam, adamw, rmsprop or sgd; did you mean adam?"),
    .init("train text $/text.txt --epochs 3 --iterations 4", code: 2, "give either --epochs or --iterations, not both"),
    .init("train text $/text.txt --epochs 1e300 --batch 2", code: 2, "--epochs 1e+300 is more than 1000000000 iterations"),
    .init(
      "train text $/text.txt --bidirectional", code: 2,
      "there is no option --bidirectional here: a language model predicts the next token, which a layer that reads from the end has "
        + "already seen"),
    .init(
      "train problem embedded-reber --bidirectional", code: 2,
      "--bidirectional makes no sense for embedded-reber: it asks for what the next step reads, which a layer that reads from the end "
        + "has already seen"),
    .init(
      "train problem adding --bidirectional --checkpoint-gradients", code: 2,
      "--checkpoint-gradients can't be used with --bidirectional, whose layers need all steps at once: leave one out"),
    .init(
      "train problem adding --merge sum", code: 2, "--merge needs --bidirectional: one direction has nothing to merge"),
    .init(
      "train problem adding --bidirectional --merge add", code: 2,
      "--merge is \"add\"; expected concatenate, sum, multiply or average"),
    .init(
      "train text $/text.txt --zoneout c=0.5,k=0.1", code: 2,
      "--zoneout names k, which is no state of lstm: its states are h, c"),
    .init(
      "train text $/text.txt --zoneout h=1", code: 2,
      "--zoneout is \"h=1\"; expected a number of at least 0 and below 1, or such numbers by state, as in c=0.5,h=0.05"),
    .init(
      "train text $/text.txt --tie-embedding --embedding 0 --batch 2",
      "a network without an embedding has none to tie to its output: give it one, or don't tie"),
    .init(
      "train text $/text.txt --embedding-dropout 0.1 --embedding 0 --batch 2",
      "the network has no learned vectors of symbols that embedding dropout (--embedding-dropout) could drop: leave it out, or use "
        + "input dropout (--input-dropout)"),
    .init(
      "train problem adding --label-smoothing 0.1",
      "the network gives no classes, which label smoothing (--label-smoothing) is for: leave it out"),
    .init(
      "train text $/text.txt --vocabulary 9", code: 2,
      "--vocabulary is for --tokens words, and this text is read as characters: leave it out"),
    .init(
      "train problem adding --momentum 0.5", code: 2,
      "--momentum is for --optimizer sgd, and this is adam: leave one out"),
    .init("train text", code: 2, "give the FILE to train on, or --resume FOLDER to go on with a run"),
    .init("train problem", code: 2, "give the NAME to train on, or --resume FOLDER to go on with a run"),
    .init(
      "train text $/text.txt --resume $/run", code: 2, "FILE can't be given with --resume: a resumed run keeps what it began with"
    ),
    .init(
      "train text --resume $/run --units 3", code: 2,
      "--units can't be given with --resume: a resumed run keeps what it began with"),
    .init(
      "train problem addin", code: 2,
      "NAME is \"addin\"; expected adding, copy, temporal-order, embedded-reber, agreement, associative-recall, parity or modular-sum; did you mean adding?"
    ),
    .init(
      "train problem embedded-reber --length 5",
      "the strings of embedded-reber are as long as the grammar makes them; leave the length out"),
    .init(
      "train text $/text.txt --learning-rate 1e39 --iterations 2 --output $/diverged",
      "the update of iteration 1 went wrong: embedding.weight holds inf. Lower the learning rate or clip the gradient harder."),
  ]

  static let files: [Refusal] = [
    .init(
      "train text $/text.txt --output $/run",
      "can't write $/run: there is something of that name already; choose another folder, or resume the run in it"),
    .init(
      "train problem adding --output $/run",
      "can't write $/run: there is something of that name already; choose another folder, or resume the run in it"),
    .init(
      "train text $/text.txt --output $/short.txt/run",
      "can't write $/short.txt/run: the folder $/short.txt/run can't be made: a part of its path is a file, not a folder"),
    .init("generate $/none", "can't read $/none: there is no such file"),
    .init(
      "generate $/short.txt",
      "can't read $/short.txt: its length is 6, but a safetensors file begins with 8 bytes that hold its header's length"),
    .init("evaluate $/none $/text.txt", "can't read $/none: there is no such file"),
    .init("generate $/run --top-p 1.5", code: 2, "--top-p is \"1.5\"; expected a number above 0 and at most 1"),
    .init("generate $/run --temperature nan", code: 2, "--temperature is \"nan\"; expected a number of at least 0"),
  ]

  private func check(_ each: Refusal) throws {
    let shop = try Workshop()
    #expect(shop.train("--iterations 1", into: "run").code == 0)
    try shop.write("", "empty.txt")
    try shop.write("ab cde", "short.txt")
    try Data([0x61, 0x62, 0x0A, 0xC3, 0xA9, 0x63, 0xE9, 0x20]).write(to: URL(filePath: shop("latin.txt")))
    let outcome = shop.run(each.line)
    #expect(outcome.code == each.code)
    #expect(outcome.output == "")
    let said = outcome.messages.split(separator: "\n").first { $0.hasPrefix("error: ") }
    #expect(said.map(String.init) == "error: \(each.sentence)")
  }

  @Test(arguments: texts) func ofTexts(_ each: Refusal) throws { try check(each) }
  @Test(arguments: networks) func ofNetworks(_ each: Refusal) throws { try check(each) }
  @Test(arguments: files) func ofFiles(_ each: Refusal) throws { try check(each) }

  /// Before anything is made, and so at once.
  @Test func aNetworkThatTheMachineHasNoRoomForIsRefused() throws {
    let shop = try Workshop()
    let outcome = shop.run("train text $/text.txt --units 65536 --layers 16 --batch 2 --output $/large")
    #expect(outcome.code == 1)
    let said = try #require(outcome.messages.split(separator: "\n").last)
    #expect(said.hasPrefix("error: the network has 549,"))
    #expect(said.contains(" weights, whose training takes at least ") && said.hasSuffix(": give it fewer --units or --layers"))
    #expect(!FileManager.default.fileExists(atPath: shop("large")))
  }

  @Test func aCompressedTextThatIsCutShortIsRefused() throws {
    let shop = try Workshop()
    try Data([0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 0x03]).write(to: URL(filePath: shop("text.txt.gz")))
    #expect(
      shop.run("train text $/text.txt.gz").messages
        == "error: can't read $/text.txt.gz: it is packed by gzip, and its packed bytes are damaged or cut short\n")
  }

  /// What a cell's text allows but probably does not mean is said before its training.
  @Test func aCellsDoubtsAreSaid() throws {
    let shop = try Workshop()
    try shop.write("cell mine\ninput x\nstate h\nh' = tanh(W x + U * h)\n", "mine.cell")
    let outcome = shop.train("--cell $/mine.cell --iterations 1", into: "mine")
    #expect(outcome.code == 0)
    #expect(
      outcome.messages.contains(
        "warning: cell mine: `U` is a vector, since `U * h` multiplies number by number; a matrix times `h` is written `U h`\n"))
    #expect(!shop.train("--iterations 1", into: "plain").messages.contains("warning:"))
  }

  @Test func aModelIsNoText() throws {
    let shop = try Workshop()
    #expect(shop.train("--iterations 1", into: "run").code == 0)
    let outcome = shop.run("train text $/run/model.safetensors --output $/other")
    #expect(outcome.code == 1)
    #expect(outcome.messages.hasPrefix("error: $/run/model.safetensors is not UTF-8: no character begins with byte 0x"))
    #expect(!FileManager.default.fileExists(atPath: shop("other")))
  }

  @Test func aSlipInACellIsShownWhereItIs() throws {
    let shop = try Workshop()
    try shop.write("cell mine\ninput x\nstate h\nh' = tahn(W x + U h)\n", "slip.cell")
    let outcome = shop.run("train text $/text.txt --cell $/slip.cell")
    #expect(outcome.code == 1)
    #expect(
      outcome.messages.hasPrefix(
        "error: $/slip.cell:4:6: unknown function `tahn`\n    h' = tahn(W x + U h)\n         ^^^^\ndid you mean `tanh`?"))
  }

  @Test func anUnknownCharacterOfThePromptIsNamed() throws {
    let shop = try Workshop()
    #expect(shop.train("--iterations 1", into: "run").code == 0)
    let outcome = shop.run("generate $/run --prompt Ωein")
    #expect(outcome.code == 1)
    #expect(outcome.messages.hasPrefix("error: the prompt has the character “Ω” (U+03A9) in line 1, which is not among the "))
  }
}
