import CommandKit
import CommandLine
import Console
import Foundation
import Models
import Storage
import Testing

struct ResumedRunTests {
  /// Ctrl-C after the second validation, then again after the run has been taken up; in a process of its own, since
  /// signals belong to the process.
  @Test func anInterruptedRunGoesOnAsIfItHadNeverStopped() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let shop = try Workshop()
      let options = "--iterations 400 --validate-every 20 --layers 2 --dropout 0.2 --schedule plateau"
      guard shop.train(options, into: "whole").code == 0 else { exit(1) }

      let words =
        ["train", "text", "$/text.txt", "--output", "$/run"] + Workshop.small + options.split(separator: " ").map(String.init)
      var outcome = shop.run(words) { $0.interrupting(after: "iteration 40,") }
      guard outcome.code == 130, outcome.output == "" else { exit(2) }
      let lines = outcome.messages.split(separator: "\n").suffix(2)
      guard lines.first?.wholeMatch(of: /stopped after iteration \d+, saved; to go on:/) != nil else { exit(3) }
      guard lines.last == "  recurrent train text --resume $/run" else { exit(4) }

      outcome = shop.run(["train", "text", "--resume", "$/run", "--json"]) { $0.interrupting(after: "iteration 120,") }
      guard outcome.code == 130, outcome.messages.contains("going on with $/run after iteration ") else { exit(5) }
      outcome = shop.run(["train", "text", "--resume", "$/run"])
      guard outcome.code == 0, outcome.lines.last == "model: $/run/model.safetensors" else { exit(6) }
      guard try shop.read("run/model.safetensors") == shop.read("whole/model.safetensors") else { exit(8) }
      guard try shop.log("run") == shop.log("whole") else { exit(9) }
      // It has gone to its end, and says so again.
      guard shop.run(["train", "text", "--resume", "$/run"]).output == outcome.output else { exit(10) }
      exit(7)
    }
  }

  @Test func aFinishedRunGoesOnForMoreIterations() throws {
    let shop = try Workshop()
    #expect(shop.train("--iterations 4", into: "run").code == 0)
    let more = shop.run("train text --resume $/run --iterations 6")
    #expect(more.code == 0)
    #expect(more.messages.contains("going on with $/run after iteration 4\n"))
    #expect(try shop.log("run").map { $0["iteration"] }.last == 6)
  }

  /// Words that stand in the held-out part only are unknown. A run that began when they were not, whose vocabulary is that of the whole text, goes on
  /// with the vocabulary that it has.
  @Test func aRunOfWordsKeepsItsVocabulary() throws {
    let shop = try Workshop()
    try shop.write(String(repeating: "the cat sat on the mat ", count: 30) + "a dog ran to the log too", "words.txt")
    let words = "train text $/words.txt --tokens words --units 4 --batch 4 --iterations 4 --validate-every 2"
    let cut = shop.run("\(words) --validation 0.1 --output $/cut")
    #expect(cut.messages.contains("$/words.txt: 187 words, 6 different ones\n"))
    #expect(shop.run("train text --resume $/cut --iterations 6").code == 0)

    let whole = shop.run("\(words) --vocabulary 20 --validation 0 --output $/whole")
    #expect(whole.messages.contains("187 words, 12 different ones\n"))
    let configuration = try String(decoding: shop.read("whole/configuration.json"), as: UTF8.self)
    let older = configuration.replacing(/"validation" ?: ?0\b/, with: "\"validation\":0.1")
    #expect(older != configuration)
    try shop.write(older, "whole/configuration.json")
    #expect(shop.run("train text --resume $/whole --iterations 6").code == 0)
    try shop.write(String(repeating: "the cat sat on the mat ", count: 30) + "a dog ran to the cat too", "words.txt")
    let changed = shop.run("train text --resume $/whole --iterations 8")
    #expect(changed.code == 1 && changed.messages.contains("$/words.txt has changed since the run in $/whole began"))
  }

  /// Rows enough for two segments. It may be asked for late: it does not change the weights.
  @Test func recomputingGivesTheSameWeights() throws {
    let shop = try Workshop()
    try shop.write(String(repeating: Workshop.text, count: 3), "long.txt")
    func train(_ options: String) { #expect(shop.run("train text " + options).code == 0) }
    let network = " --units 6 --layers 2 --dropout 0.2 --batch 32 --sequence 120 --iterations "
    train("$/long.txt --output $/whole" + network + "4")
    train("$/long.txt --output $/all --checkpoint-gradients" + network + "4")
    train("$/long.txt --output $/late" + network + "2")
    train("--resume $/late --iterations 4 --checkpoint-gradients")
    let expected = try Safetensors(contentsOf: shop("whole/checkpoint.safetensors"))
    for run in ["all", "late"] {
      let checkpoint = try Safetensors(contentsOf: shop("\(run)/checkpoint.safetensors"))
      for name in ["embedding.weight", "layers.0.W_f", "layers.1.b_o", "output.weight"] {
        #expect(try checkpoint.values(name, as: Float.self) == expected.values(name, as: Float.self), "\(run), \(name)")
      }
    }
  }

  @Test func aProblemGoesOnToo() throws {
    let shop = try Workshop()
    let words = "--units 4 --batch 3 --threads 1 --validate-every 2 --length 12"
    let first = shop.run("train problem adding --output $/run --iterations 4 " + words)
    #expect(first.code == 0)
    #expect(first.lines.last?.hasPrefix("right: ") == true)
    #expect(shop.run("train problem --resume $/run --iterations 6").code == 0)
    #expect(shop.run("train problem adding --output $/whole --iterations 6 " + words).code == 0)
    #expect(try shop.log("run") == shop.log("whole"))
    #expect(
      shop.run("generate $/run").messages == "error: $/run is no language model: it does not give the symbols that it reads\n")
  }

  @Test func aTextThatHasChangedIsRefused() throws {
    let shop = try Workshop()
    #expect(shop.train("--iterations 2", into: "run").code == 0)
    // As long as before, of the same characters.
    try shop.write(Workshop.text.replacingOccurrences(of: "no. 3", with: "no. 4"), "text.txt")
    let outcome = shop.run("train text --resume $/run")
    #expect(outcome.code == 1)
    #expect(
      outcome.messages.hasSuffix(
        "error: $/text.txt has changed since the run in $/run began: put the old text back, or begin anew\n"))
  }

  @Test func aCheckpointOfAnotherRunIsRefused() throws {
    let shop = try Workshop()
    #expect(shop.train("--iterations 2", into: "run").code == 0)
    let words = ["train", "text", "$/text.txt", "--output", "$/other", "--iterations", "2", "--batch", "5", "--units", "6"]
    #expect(shop.run(words).code == 0)
    try shop.read("other/checkpoint.safetensors").write(to: URL(filePath: shop("run/checkpoint.safetensors")))
    let outcome = shop.run("train text --resume $/run")
    #expect(outcome.code == 1)
    #expect(
      outcome.messages.hasSuffix(
        "error: $/run/configuration.json and $/run/checkpoint.safetensors are not of the same run: one of them has been replaced\n"
      ))
  }

  @Test(
    arguments: [
      ("nowhere", "can't read $/nowhere/configuration.json: $/nowhere is not the folder of a run"),
      ("new", "the run in $/new ended before it saved anything to go on from: begin it anew"),
      ("damaged", "can't read $/damaged/configuration.json: it is damaged: `kind` is missing"),
      (
        "model",
        "can't read $/model/checkpoint.safetensors: it is a model, but not a checkpoint: training can't go on from it"
      ),
    ])
  func aFolderThatIsNoRunIsRefused(name: String, sentence: String) throws {
    let shop = try Workshop()
    #expect(shop.train("--iterations 2", into: "model").code == 0)
    for folder in ["new", "damaged"] {
      try FileManager.default.createDirectory(atPath: shop(folder), withIntermediateDirectories: false)
    }
    try shop.read("model/configuration.json").write(to: URL(filePath: shop("new/configuration.json")))
    try shop.write("{\"threads\":1,\"version\":\"0.1.0\"}", "damaged/configuration.json")
    try shop.read("model/model.safetensors").write(to: URL(filePath: shop("model/checkpoint.safetensors")))
    let outcome = shop.run("train text --resume $/" + name)
    #expect(outcome.code == 1)
    #expect(outcome.messages == "error: \(sentence)\n")
  }

  /// Stopped before its first validation, a run has no model yet: its checkpoint stands in.
  @Test func aRunWithoutAModelIsReadAllTheSame() throws {
    let shop = try Workshop()
    #expect(shop.train("--iterations 2", into: "run").code == 0)
    try FileManager.default.removeItem(atPath: shop("run/model.safetensors"))
    #expect(shop.run("generate $/run --length 5").code == 0)
    try FileManager.default.removeItem(atPath: shop("run/checkpoint.safetensors"))
    #expect(
      shop.run("generate $/run --length 5").messages == "error: can't read $/run/model.safetensors: there is no such file\n")
  }
}

extension CapturedTerminal {
  /// A terminal at which somebody types Ctrl-C when `words` come up, and waits until that has arrived.
  func interrupting(after words: String) -> Terminal {
    let plain = terminal()
    return Terminal(
      output: plain.output,
      messages: Channel(abilities: plain.messages.abilities, columns: { 80 }) { text throws(OutputError) in
        try plain.messages.send(text)
        guard text.hasPrefix(words) else { return }
        kill(getpid(), SIGINT)
        for _ in 0..<1000 where Interrupt.request == nil { usleep(1000) }
      })
  }
}
