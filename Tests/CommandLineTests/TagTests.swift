import CommandLine
import Foundation
import Testing

struct TagTests {
  /// Sentences whose words show what they are by their endings: o for nouns, i for verbs.
  private static let sentences = (0..<60).map { number in
    let (first, second) = (["dog", "cat", "cow", "owl", "fox"][number % 5], ["see", "hear", "find"][number % 3])
    let end = number % 2 == 0 ? "" : "a\tDET\n\(first)so\tNOUN\n"
    return "the\tDET\n\(first)o\tNOUN\n\(second)i\tVERB\n" + end
  }.joined(separator: "\n")

  private static let small =
    "--units 12 --embedding 8 --character-units 8 --character-embedding 6 --threads 1 --seed 3 --batch 5"

  private func shop() throws -> Workshop {
    let shop = try Workshop()
    try shop.write(Self.sentences, "words.tsv")
    return shop
  }

  @Test func sentencesAreDescribedTrainedEvaluatedAndTagged() throws {
    let shop = try shop()
    let described = shop.run("describe $/words.tsv")
    #expect(described.code == 0)
    #expect(described.lines.last == "to tag: recurrent train tag $/words.tsv")

    let trained = shop.run(
      "train tag $/words.tsv --output $/run --epochs 8 --shape --dropout 0.1 --learning-rate 0.01 \(Self.small)")
    #expect(trained.code == 0, "\(trained.messages)")
    #expect(trained.messages.contains("$/words.tsv: 54 sentences to train on, "))
    #expect(trained.messages.contains("1 bidirectional layer of 12 lstm units, "))
    #expect(trained.lines.contains("model: $/run/model.safetensors"))
    #expect(trained.lines.last?.hasPrefix("held out: 100.00 % of ") == true)

    let evaluated = shop.run("evaluate $/run $/words.tsv --json")
    let report = try #require(JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any])
    #expect(report["words"] as? Int == 240)
    #expect(report["accuracy"] as? Double == 1 && report["macro_f1"] as? Double == 1)
    let tags = try #require(report["tags"] as? [[String: Any]])
    #expect(tags.map { $0["tag"] as? String } == ["DET", "NOUN", "VERB"])
    #expect(tags.map { $0["words"] as? Int } == [90, 90, 60])
    let shown = shop.run("evaluate $/run $/words.tsv")
    #expect(shown.lines.first == "tag   words  precision  recall     F1")
    #expect(shown.lines.last?.hasPrefix("100.00 % of 240 words are right") == true)

    // New words, which show what they are by their endings, and a line without words.
    try shop.write("the birdo sayi\n\n a\twolfo \n", "lines.txt")
    #expect(shop.run("predict $/run $/lines.txt").output == "the\tDET\nbirdo\tNOUN\nsayi\tVERB\n\n\na\tDET\nwolfo\tNOUN\n")
    let csv = shop.run("predict $/run $/words.tsv --format csv")
    #expect(csv.lines.count == 241 && csv.lines[0] == "sentence,word,tag,probability")
    #expect(csv.lines[1].hasPrefix("1,the,DET,0.") || csv.lines[1] == "1,the,DET,1.0000")
    #expect(csv.lines[4].hasPrefix("2,the,DET,"))
    #expect(shop.run("predict $/run $/lines.txt --format csv").lines.last?.hasPrefix("3,wolfo,NOUN,") == true)
    let objects = shop.run("predict $/run $/lines.txt --format json")
    #expect(objects.lines.count == 3 && objects.lines[1] == #"{"probabilities":[],"tags":[],"words":[]}"#)
    let first = try #require(JSONSerialization.jsonObject(with: Data(objects.lines[0].utf8)) as? [String: Any])
    #expect(first["words"] as? [String] == ["the", "birdo", "sayi"])
    #expect(first["tags"] as? [String] == ["DET", "NOUN", "VERB"])
    #expect((first["probabilities"] as? [Double])?.allSatisfy { $0 > 1 / 3 && $0 <= 1 } == true)
  }

  /// Names of one to three words, trained with a CRF: the order of tags is recognised, entities are counted, and what can't hold the model
  /// refuses it by its name.
  @Test func tagsThatBelongTogetherAreScoredTogether() throws {
    let shop = try Workshop()
    let names = (0..<60).map { number in
      let name = (0...number % 3).map { "n\((number + $0) % 4)\t\($0 == 0 ? "B" : "I")-name\n" }.joined()
      return "we\tO\nsaw\tO\n\(name)" + (number.isMultiple(of: 2) ? "there\tO\n" : "")
    }
    try shop.write(names.joined(separator: "\n"), "names.tsv")
    let words = "--units 8 --embedding 6 --no-characters --threads 1 --seed 3 --batch 5 --learning-rate 0.02"
    let trained = shop.run("train tag $/names.tsv --crf --output $/run --epochs 10 \(words)")
    #expect(trained.code == 0, "\(trained.messages)")
    #expect(trained.messages.contains("the tags are BIO: of 9 pairs of neighbours 1 can't be"))
    #expect(trained.lines.last?.contains("; F1 of ") == true)
    let evaluated = shop.run("evaluate $/run $/names.tsv --json")
    let report = try #require(JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any])
    let entities = try #require(report["entities"] as? [String: Any])
    #expect(entities["count"] as? Int == 60 && entities["f1"] as? Double ?? 0 > 0.9)
    #expect(shop.run("evaluate $/run $/names.tsv").output.contains("name "))
    #expect(shop.run(["inspect", "$/run", "--text", "we saw n1 n2"]).code == 0)
    let exported = shop.run("convert $/run $/m.onnx")
    #expect(exported.code == 1)
    let started = shop.run("train tag $/names.tsv --from $/run --output $/next --epochs 1 --threads 1")
    #expect(started.messages.contains("crf"), "\(started.messages)")
    let compared = shop.run(
      "compare tag $/names.tsv --crf --cells gru,rnn --seeds 1 --test-file $/names.tsv --epochs 1 --units 4 --no-characters --threads 1 --output $/c"
    )
    #expect(compared.code == 0 && compared.output.contains("entity F1"), "\(compared.messages)")
    let odd = shop.run("train tag $/names.tsv --crf --label-smoothing 0.1 --output $/no --epochs 1 \(words)")
    #expect(odd.messages.contains("the network scores whole sequences, and label smoothing (--label-smoothing) is for classes"))
    let few = shop.run("train tag $/names.tsv --crf --forward --checkpoint-gradients --output $/no --epochs 1 \(words)")
    #expect(few.messages.contains("a network that scores whole sequences needs all steps at once"), "\(few.messages)")
  }

  @Test func aRunGoesOnAsIfItHadNeverStopped() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let shop = try Workshop()
      try shop.write(Self.sentences, "words.tsv")
      let words = "--iterations 40 --validate-every 10 --dropout 0.2 --lower-case \(Self.small)"
      guard shop.run("train tag $/words.tsv --output $/whole \(words)").code == 0 else { exit(1) }
      let outcome = shop.run("train tag $/words.tsv --output $/run \(words)".split(separator: " ").map(String.init)) {
        $0.interrupting(after: "iteration 20,")
      }
      guard outcome.code == 130, outcome.messages.contains("recurrent train tag --resume $/run") else { exit(2) }
      guard shop.run("train tag --resume $/run").code == 0 else { exit(3) }
      guard try shop.read("run/model.safetensors") == shop.read("whole/model.safetensors") else { exit(4) }
      try shop.write(Self.sentences + "\na\tDET\n", "words.tsv")
      guard shop.run("train tag --resume $/run").messages.contains("words.tsv has changed since the run in ") else { exit(5) }
      exit(7)
    }
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var text = "the\tDET\ndogo\tNOUN\n"
    var others: String?
    var options = ""
    let message: String
  }

  static let mistakes: [Mistake] = [
    Mistake(
      testDescription: "no tab", text: "the\tDET\ndogo NOUN\n",
      message:
        "$/bad.tsv, line 2: “dogo NOUN” has no tab; write a word, a tab and its tag a line, with an empty line between sentences"),
    Mistake(
      testDescription: "no tag", text: "the\tDET\n\ndogo\t\n",
      message:
        "$/bad.tsv, line 3: “dogo\\t” has no tag after the tab; write a word, a tab and its tag a line, with an empty line between sentences"
    ),
    Mistake(
      testDescription: "three columns", text: "the\tthe\tDET\n",
      message:
        "$/bad.tsv, line 1: “the\\tthe\\tDET” has 2 tabs; write a word, a tab and its tag a line, with an empty line between sentences, "
        + "as `cut -f1,2` does with the first two columns"),
    Mistake(
      testDescription: "nothing", text: "\n\n",
      message: "$/bad.tsv is empty; it has a word, a tab and its tag a line, and an empty line between sentences"),
    Mistake(
      testDescription: "one tag", text: "the\tDET\na\tDET\n", options: "--validation 0",
      message: "$/bad.tsv has a single tag, “DET”, which leaves nothing to learn"),
    Mistake(
      testDescription: "one sentence",
      message:
        "$/bad.tsv has a single sentence, of which none is left to train on: give more, or hold out nothing with --validation 0"),
    Mistake(
      testDescription: "a tag that training does not know", others: "a\tDET\n\nthe\tDET\ndogs\tNUON\n",
      message:
        "$/others.tsv, line 4: the tag “NUON” of “dogs” is not one of those that are trained on: DET, NOUN; correct it, or add sentences "
        + "with it to $/bad.tsv"),
  ]

  @Test(arguments: mistakes)
  func mistakesAreNamedByFileLineAndValue(_ mistake: Mistake) throws {
    let shop = try Workshop()
    try shop.write(mistake.text, "bad.tsv")
    if let others = mistake.others { try shop.write(others, "others.tsv") }
    let options = mistake.options + (mistake.others == nil ? "" : " --validation-file $/others.tsv")
    let outcome = shop.run("train tag $/bad.tsv --output $/run --iterations 1 \(options) \(Self.small)")
    #expect(outcome.code == 1)
    #expect(outcome.messages == "error: \(mistake.message)\n")
  }

  @Test(arguments: [
    (
      "--no-characters --character-units 4",
      "--character-units can't be given with --no-characters, which leaves nothing of that size: leave one out"
    ),
    ("--epochs 2 --iterations 5", "give either --epochs or --iterations, not both"),
    ("--validation 0.2 --validation-file $/words.tsv", "give either --validation or --validation-file, not both"),
    ("--forward --merge sum", "--merge can't be given with --forward: one direction has nothing to merge"),
  ])
  func optionsThatContradictEachOtherAreRefused(options: String, message: String) throws {
    let outcome = try shop().run("train tag $/words.tsv --output $/run \(options)")
    #expect(outcome.code == 2)
    #expect(outcome.messages.contains(message))
  }

  /// What has no use for words says so.
  @Test func whatCanNotServeWordsRefusesByName() throws {
    let shop = try shop()
    let trained = shop.run("train tag $/words.tsv --output $/run --iterations 2 --no-characters --forward --units 12 --batch 5")
    #expect(trained.code == 0, "\(trained.messages)")
    for format in ["net.onnx", "net.weights.h5"] {
      let converted = shop.run("convert $/run/model.safetensors $/\(format)")
      #expect(converted.code == 1)
      #expect(converted.messages.contains("the network reads words with their spelling, which "), "\(converted.messages)")
    }
    #expect(shop.run("generate $/run").messages.contains("is no language model"))
    #expect(shop.run("gradients --model $/run --length 5").code == 0)
    let unknown = "the\tDET\ndogo\tNUON\n"
    try shop.write(unknown, "bad.tsv")
    #expect(
      shop.run("evaluate $/run $/bad.tsv").messages
        == "error: $/bad.tsv, line 2: the tag “NUON” of “dogo” is not one of the model's: DET, NOUN, VERB; correct it, or train on sentences with it\n"
    )
    #expect(shop.run("evaluate $/run $/words.tsv --horizon 3").code == 2)
  }
}
