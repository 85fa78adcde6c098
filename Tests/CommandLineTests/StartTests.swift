import Foundation
import Testing

/// `--from` and `--freeze` at the command line: what is said, and what is refused.
struct StartTests {
  /// A workshop with a small language model in `old`.
  private func shop() throws -> Workshop {
    let shop = try Workshop()
    let outcome = shop.train("--iterations 4", into: "old")
    #expect(outcome.code == 0, "\(outcome.messages)")
    return shop
  }

  private static let further = "--batch 4 --sequence 10 --threads 1 --iterations 4"

  @Test func aRunSaysWhatItStartedFrom() throws {
    let shop = try shop()
    let outcome = shop.run("train text $/text.txt --from $/old --freeze embedding,layer1 \(Self.further) --output $/new")
    #expect(outcome.code == 0, "\(outcome.messages)")
    for line in [
      "the weights to start from: $/old (digest ",
      "- from the model: --tokens characters, --embedding 6, --cell lstm, --layers 1, --units 6\n",
      "- the model knows all ", "1 layer of 6 lstm units",
    ] { #expect(outcome.messages.contains(line), "\(outcome.messages)") }
    let described = shop.run("describe $/new")
    #expect(described.code == 0, "\(described.messages)")
    #expect(described.output.contains("its training started from $/old (digest "))
    #expect(described.output.contains("left as it was there: embedding, layer1\n"))
    #expect(described.output.contains("recurrent train text FILE --from $/new"), "\(described.output)")
    for part in ["embedding", "layer1", "head"] { #expect(described.lines.contains { $0.hasPrefix(part + " ") }, "\(part)") }
    #expect(shop.run("describe $/old").output.contains("started from") == false)
    let configuration = try String(decoding: shop.read("new/configuration.json"), as: UTF8.self)
    #expect(configuration.contains("from the model: tokens characters"))
    let json = shop.run("describe $/new/model.safetensors --json")
    #expect(json.output.contains("\"frozen\":[\"embedding\",\"layer1\"]") && json.output.contains("\"task\":\"text\""))
  }

  /// The run goes on without the model that it started from, to the same bits.
  @Test func aResumedRunNeedsNoModel() throws {
    let shop = try shop()
    let words = "--from $/old --freeze layer1 \(Self.further)"
    let long = words.replacingOccurrences(of: "--iterations 4", with: "--iterations 12")
    #expect(shop.run("train text $/text.txt \(long) --validate-every 2 --output $/whole").code == 0)
    #expect(shop.run("train text $/text.txt \(words) --validate-every 2 --output $/part").code == 0)
    try FileManager.default.removeItem(atPath: shop("old"))
    let resumed = shop.run("train text --resume $/part --iterations 12")
    #expect(resumed.code == 0, "\(resumed.messages)")
    #expect(try shop.read("part/model.safetensors") == shop.read("whole/model.safetensors"))
  }

  @Test(arguments: [
    ("--units 7", "--units is 7, and that of $/old is 6: leave it out"),
    ("--cell gru", "--cell is gru, and that of $/old is lstm: leave it out"),
    ("--layers 2", "--layers is 2, and that of $/old is 1: leave it out"),
    ("--embedding 3", "--embedding is 3, and that of $/old is 6: leave it out"),
    ("--tokens words", "--tokens is words, and that of $/old is characters: leave it out"),
    ("--tie-embedding", "--tie-embedding is given, and $/old was trained without it: leave it out"),
    ("--learn-states", "--learn-states is given, and $/old was trained without it: leave it out"),
    (
      "--freeze layer2",
      "--freeze names \"layer2\", which is no part of the network: its parts are embedding, layer1, head"
    ),
    (
      "--freeze head,embedding,layer1", "--freeze names all parts of the network, so that nothing is left to train: leave one out"
    ),
  ])
  func whatContradictsTheModelIsRefused(words: String, sentence: String) throws {
    let shop = try shop()
    let outcome = shop.run("train text $/text.txt --from $/old \(Self.further) \(words) --output $/new")
    #expect(outcome.code == 2 && outcome.messages.contains(sentence + "\n"), "\(outcome.messages)")
    #expect(!FileManager.default.fileExists(atPath: shop("new")))
  }

  /// What is asked for as the model has it is no contradiction.
  @Test func whatAgreesWithTheModelIsTaken() throws {
    let shop = try shop()
    let outcome = shop.run(
      "train text $/text.txt --from $/old --units 6 --cell lstm[b_f=0] --layers 1 \(Self.further) --output $/new")
    #expect(outcome.code == 0, "\(outcome.messages)")
  }

  /// A part with things that the model does not know would keep what was drawn for them.
  @Test func aPartWithFreshWeightsCanNotBeFrozen() throws {
    let shop = try shop()
    try shop.write(Workshop.text + "zyx\n", "new.txt")
    let outcome = shop.run("train text $/new.txt --from $/old --freeze embedding \(Self.further) --output $/new")
    #expect(outcome.code == 2)
    #expect(
      outcome.messages.contains(
        "--freeze names embedding, some of whose weights $/old does not have: they are fresh, and would stay as they were drawn; leave it out\n"
      ), "\(outcome.messages)")
  }

  /// Models of other tasks, and what is no model.
  @Test func otherModelsAreRefused() throws {
    let shop = try shop()
    try shop.write("text,label\n" + (0..<40).map { "word\($0),\($0 % 2 == 0 ? "a" : "b")\n" }.joined(), "labels.csv")
    try shop.write((0..<40).map { "the\tDET\nowl\($0 % 6)\tNOUN\n" }.joined(separator: "\n"), "tags.tsv")
    try shop.write("step,sales\n" + (0..<60).map { "\($0),\(20 + $0 % 4)\n" }.joined(), "sales.csv")
    let classified = shop.run("train classify $/labels.csv --units 4 --iterations 2 --threads 1 --output $/labels")
    #expect(classified.code == 0, "\(classified.messages)")
    for (line, sentence) in [
      ("text $/text.txt --from $/labels", "$/labels is a model for “labels”, which can't be the start of a language model"),
      ("tag $/tags.tsv --from $/labels", "$/labels is a model for “labels”, which can't be the start of a model that tags words"),
      (
        "forecast $/sales.csv --from $/labels",
        "$/labels is a model for “labels”, which can't be the start of a model that forecasts"
      ),
      ("problem adding --from $/labels", "$/labels is a model for “labels”, which can't be the start of a model of a problem"),
      (
        "classify $/labels.csv --from $/old",
        "$/old gives something at each step of a sequence, and a classifier once for all of it: it can't be the start"
      ),
      ("tag $/tags.tsv --from $/old", "$/old reads symbols of a vocabulary, and a tagger words: it can't be the start"),
      (
        "forecast $/sales.csv --from $/old",
        "$/old reads symbols of a vocabulary, and a forecaster numbers: it can't be the start"
      ),
      (
        "problem adding --from $/old", "$/old can't be the start of a training on adding: it reads or gives something else"
      ),
      ("text $/text.txt --from $/none", "can't read $/none: there is no such file"),
      (
        "text $/text.txt --from $/text.txt",
        "can't read $/text.txt: it is neither an ONNX model nor a file of tensors that can be read here"
      ),
      ("text --resume $/old --from $/old", "--from can't be given with --resume: a resumed run keeps what it began with"),
    ] {
      let outcome = shop.run("train \(line) --threads 1" + (line.contains("--resume") ? "" : " --output $/new"))
      #expect(outcome.code != 0 && outcome.messages.contains(sentence), "\(line): \(outcome.messages)")
      #expect(!FileManager.default.fileExists(atPath: shop("new")))
    }
  }

  @Test func aProblemGoesOnWithAnotherLength() throws {
    let shop = try Workshop()
    let small = "--batch 4 --threads 1 --iterations 3"
    #expect(shop.run("train problem adding --length 10 --units 4 \(small) --output $/short").code == 0)
    let outcome = shop.run("train problem adding --length 20 --from $/short --freeze head \(small) --output $/long")
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.messages.contains("- from the model: --cell lstm, --layers 1, --units 4\n"), "\(outcome.messages)")
    let other = shop.run("train problem copy --from $/short \(small) --output $/copy")
    #expect(other.code == 1 && other.messages.contains("$/short can't be the start of a training on copy"), "\(other.messages)")
  }

  /// Comparisons and searches take them like any other setting.
  @Test func itIsComparedAndTuned() throws {
    let shop = try shop()
    let words = "--from $/old --freeze embedding --batch 4 --sequence 10 --iterations 4"
    let compared = shop.run("compare text $/text.txt --cells lstm --seeds 2 \(words) --output $/compared")
    #expect(compared.code == 0, "\(compared.messages)")
    let again = shop.run("compare text $/text.txt --cells lstm --seeds 2 \(words) --output $/compared")
    #expect(again.code == 0 && again.messages.contains("2 of 2 runs are there already"), "\(again.messages)")
    let gru = shop.run("compare text $/text.txt --cells gru --seeds 1 \(words) --output $/other")
    #expect(gru.code == 2 && gru.messages.contains("--cell is gru, and that of $/old is lstm: leave it out"), "\(gru.messages)")
    let sized = shop.run("compare text $/text.txt --cells lstm --parameters 500 \(words) --output $/other")
    #expect(
      sized.code == 2
        && sized.messages.contains("give either --from or --parameters: a model that is there has as many weights as it has"))
    let tuned = shop.run("tune text $/text.txt --minutes 0.02 --trials 2 \(words) --output $/tuned")
    #expect(tuned.code == 0 && tuned.output.contains("recurrent train text"), "\(tuned.messages)")
    let units = shop.run("tune text $/text.txt --minutes 0.02 --trials 2 --units 8..16 \(words) --output $/units")
    #expect(units.code == 2 && units.messages.contains("and that of $/old is 6: leave it out"), "\(units.messages)")

    #expect(shop.train("--iterations 5", into: "newer").code == 0)
    try FileManager.default.removeItem(atPath: shop("old"))
    try FileManager.default.moveItem(atPath: shop("newer"), toPath: shop("old"))
    let changed = shop.run("compare text $/text.txt --cells lstm --seeds 2 \(words) --output $/compared")
    #expect(
      changed.code == 1
        && changed.messages.contains(
          "the model that the comparison in $/compared starts from has changed since: put the old one back"),
      "\(changed.messages)")
  }
}
