import CommandKit
import CommandLine
import Foundation
import Models
import Storage
import Support
import Testing

struct TrainTextTests {
  @Test func aRunLeavesAllItsFiles() throws {
    let shop = try Workshop()
    let run = shop.train("--iterations 12 --validate-every 5", into: "a/run")
    #expect(run.code == 0)
    #expect(run.lines.count == 2)
    #expect(run.lines[0].wholeMatch(of: /best validation: \d\.\d{3} nats, \d\.\d{3} bits/) != nil)
    #expect(run.lines[1] == "model: $/a/run/model.safetensors")
    #expect(run.messages.hasPrefix("$/text.txt: \(Workshop.text.unicodeScalars.count.grouped) characters, "))
    #expect(run.messages.contains(/\n\d\.\d\d KiB kept for the backward run: 10 steps of 4 sequences\n/))
    #expect(run.messages.hasSuffix("to see what it writes: recurrent generate $/a/run\n"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: shop("a/run")).sorted()
        == ["checkpoint.safetensors", "configuration.json", "log.jsonl", "model.safetensors", "report.html"])
    #expect(try shop.log("a/run").map { $0["iteration"] } == [5, 10, 12])
  }

  @Test func jsonIsAllThatIsOnTheOutput() throws {
    let shop = try Workshop()
    let run = shop.train("--iterations 12 --validate-every 5 --json", into: "run")
    #expect(run.code == 0)
    let objects = try run.lines.map { try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
    #expect(objects.count == 4)
    #expect(try Data((run.lines.dropLast().joined(separator: "\n") + "\n").utf8) == shop.read("run/log.jsonl"))
    #expect(objects[3]["model"] as? String == "$/run/model.safetensors")
    #expect(objects[3]["validation"] as? Double == objects.dropLast().compactMap { $0["validation"] as? Double }.min())
  }

  /// With the progress line on the same terminal, each JSON line begins at the margin.
  @Test func jsonAndProgressShareATerminal() throws {
    let shop = try Workshop()
    let captured = CapturedTerminal()
    let words = ["train", "text", shop("text.txt"), "--output", shop("run"), "--iterations", "3", "--json"] + Workshop.small
    #expect(recurrent.run(words, on: captured.terminal(isTerminal: true)) == 0)
    #expect(captured.output.split(separator: "\n").allSatisfy { $0.first == "{" && $0.last == "}" })
  }

  @Test(arguments: [
    "--tokens words --vocabulary 20", "--tokens bytes", "--embedding 0 --validation 0", "--cell gru --layers 2 --dropout 0.3",
  ])
  func everyKindOfModelTrainsWritesAndIsEvaluated(options: String) throws {
    let shop = try Workshop()
    let run = shop.train("--iterations 6 " + options, into: "run")
    #expect(run.code == 0)
    let areWords = options.contains("words")
    #expect(run.output.contains("perplexity") == areWords)
    #expect(run.output.contains("best validation") == !options.contains("--validation 0"))
    let text = shop.run("generate $/run --prompt ein --length 30")
    #expect(text.code == 0 && text.messages == "")
    #expect(text.output.hasPrefix(areWords ? "<unk>" : "ein") || text.output.hasPrefix("ein"))
    let evaluated = shop.run("evaluate $/run $/text.txt")
    let pattern =
      areWords
      ? /\d\.\d{3} nats, \d\.\d{3} bits, perplexity \d+\.\d; mean over \d+ words\n/
      : /\d\.\d{3} nats, \d\.\d{3} bits; mean over \d,\d{3} (?:characters|bytes)\n/
    #expect(evaluated.output.wholeMatch(of: pattern) != nil)
  }

  @Test func wordsThatTheModelLacksAreSaid() throws {
    let shop = try Workshop()
    #expect(shop.train("--iterations 2 --tokens words", into: "run").code == 0)
    let text = shop.run(["generate", "$/run", "--length", "3", "--prompt", "ein Xylophon und noch eins"])
    #expect(text.code == 0)
    #expect(text.output.hasPrefix("ein <unk> und <unk> <unk>"))
    #expect(text.messages == "3 words of the prompt are not in the model's vocabulary; it reads <unk> instead\n")
  }

  @Test func theSeedDecides() throws {
    let shop = try Workshop()
    for name in ["one", "same"] { #expect(shop.train("--iterations 4", into: name).code == 0) }
    #expect(try shop.read("one/model.safetensors") == shop.read("same/model.safetensors"))
    let other = shop.run(
      ["train", "text", "$/text.txt", "--output", "$/other", "--iterations", "4", "--seed", "4"] + Workshop.small.dropLast(2))
    #expect(other.code == 0)
    #expect(try shop.read("one/model.safetensors") != shop.read("other/model.safetensors"))
  }

  @Test func whatIsWrittenDependsOnTheSeed() throws {
    let shop = try Workshop()
    #expect(shop.train("--iterations 20", into: "run").code == 0)
    let text = shop.run("generate $/run --prompt ça --length 70 --seed 5")
    #expect(text.code == 0)
    #expect(text.output.unicodeScalars.count == 2 + 70 + 1)
    #expect(shop.run("generate $/run/model.safetensors --prompt ça --length 70 --seed 5").output == text.output)
    #expect(shop.run("generate $/run --prompt ça --length 70 --seed 6").output != text.output)
    let coldest = shop.run("generate $/run --length 70 --temperature 0 --seed 1")
    #expect(coldest.output == shop.run("generate $/run --length 70 --temperature 0 --seed 2").output)
    #expect(coldest.output == shop.run("generate $/run --length 70 --top-k 1").output)
  }

  @Test func aCellOfOnesOwnTrains() throws {
    let shop = try Workshop()
    try shop.write(
      "cell leaky\ninput x\nsize L = 3\nstate h, m(L)\nm' = 0.9 * m + 0.1 * tanh(P x)\nh' = tanh(W [h, x] + V m')\n", "leaky.cell"
    )
    #expect(shop.train("--iterations 4 --cell $/leaky.cell --size L=2", into: "run").code == 0)
    // The model carries its equations.
    try FileManager.default.removeItem(atPath: shop("leaky.cell"))
    #expect(shop.run("generate $/run --length 5").code == 0)
    #expect(try Safetensors(contentsOf: shop("run/model.safetensors"))["layers.0.P"]?.shape == [2, 6])
  }

  @Test func namesWithBlanksAndSignsWork() throws {
    let shop = try Workshop()
    try shop.write(Workshop.text, "50% of é #1?.txt")
    let run = shop.train("--iterations 6", text: "50% of é #1?.txt", into: "my run's")
    #expect(run.code == 0)
    #expect(run.messages.hasSuffix("recurrent generate '$/my run'\\''s'\n"))
    #expect(shop.run(["train", "text", "--resume", "$/my run's", "--iterations", "8"]).code == 0)
  }
}
