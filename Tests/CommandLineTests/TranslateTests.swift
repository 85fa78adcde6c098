import CommandLine
import Foundation
import Testing

struct TranslateTests {
  /// Words of one to three letters, all there are of four, and the same words from their end with capital letters.
  private static let pairs: String = {
    let letters = ["a", "b", "c", "d"]
    let two = letters.flatMap { first in letters.map { first + $0 } }
    let words = letters + two + two.flatMap { first in letters.map { first + $0 } }
    return words.map { "\($0)\t\(String($0.reversed()).uppercased())\n" }.joined()
  }()

  private static let small =
    "--units 32 --iterations 1000 --learning-rate 0.01 --batch 16 --dropout 0 --patience 0 --threads 1 --seed 3"

  @Test func pairsAreDescribedTrainedEvaluatedAndTranslated() throws {
    let shop = try Workshop()
    try shop.write(Self.pairs, "pairs.tsv")
    let described = shop.run("describe $/pairs.tsv")
    #expect(described.lines[0] == "$/pairs.tsv: 84 pairs of texts")
    #expect(
      described.lines[1].hasPrefix("sources: 1 to 3 characters, 2.7 on average; 84 different ones, such as “a”"),
      "\(described.output)")
    #expect(described.lines.last == "to translate: recurrent train translate $/pairs.tsv")

    let trained = shop.run("train translate $/pairs.tsv --validation-file $/pairs.tsv --output $/run \(Self.small)")
    #expect(trained.code == 0, "\(trained.messages)")
    #expect(trained.messages.contains("- the source is cut into characters, with "), "\(trained.messages)")
    #expect(trained.messages.contains("- against overfitting: --label-smoothing 0.1"), "\(trained.messages)")
    #expect(trained.output.contains("held out: BLEU "), "\(trained.output)")
    // What says which weights are kept is told with each validation, and at the end.
    #expect(trained.messages.contains(", chrF "), "\(trained.messages)")
    #expect(trained.lines[0].hasPrefix("best validation: ") && trained.lines[0].contains(", chrF "), "\(trained.output)")
    #expect(try String(decoding: shop.read("run/report.html"), as: UTF8.self).contains("held-out pairs: chrF "))

    let evaluated = shop.run("evaluate $/run $/pairs.tsv --json --beam 3")
    let report = try #require(JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any])
    #expect(report["pairs"] as? Int == 84)
    #expect(report["exact"] as? Double ?? 0 > 0.9)
    #expect(report["chrf"] as? Double ?? 0 > 90)
    // One word a text: there are no runs of two words.
    #expect(report["bleu"] as? Double == 0)
    let lines = shop.run("evaluate $/run $/pairs.tsv").lines
    #expect(
      lines.count == 3 && lines[0].contains("% exact, over 84 pairs") && lines[2].contains(" nats a symbol, perplexity 1."))

    try shop.write("ab\ncda\tleft out\n", "new.txt")
    #expect(shop.run("translate $/run $/new.txt").lines == ["BA", "ADC"])
    #expect(shop.run("predict $/run $/new.txt --beam 4").lines == ["BA", "ADC"])
    #expect(shop.run("translate $/run $/new.txt --beam 4 --length-penalty 0").lines == ["BA", "ADC"])
    #expect(shop.run("evaluate $/run $/pairs.tsv --length-penalty -1").code == 2)
    let best = shop.run("translate $/run $/new.txt --best 2").lines
    #expect(best.count == 4 && best[0].hasPrefix("1\t-0.") && best[0].hasSuffix("\tBA") && best[2].hasPrefix("2\t"))
    #expect(shop.run("translate $/run $/new.txt --format csv").lines[0] == "line,rank,score,translation")
    let line = try #require(shop.run("translate $/run $/new.txt --format json").lines.first)
    let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let found = try #require((object["translations"] as? [[String: Any]])?.first)
    #expect(object["source"] as? String == "ab" && found["text"] as? String == "BA" && found["finished"] as? Bool == true)

    // What it finds is what it finds most probable.
    try shop.write("ab\tBA\nab\tAB\n", "given.tsv")
    let scored = shop.run("translate $/run $/given.tsv --score").lines.map { $0.split(separator: "\t") }
    #expect(scored.map { $0.last } == ["BA", "AB"] && scored[0][0] == "1" && scored[1][0] == "2")
    let logarithms = try scored.map { try #require(Double($0[1])) }
    #expect(logarithms[0] > logarithms[1] + 1 && abs(logarithms[0] - (found["logarithm"] as? Double ?? 0)) < 0.001)
    #expect(shop.run("translate $/run $/given.tsv --score --format csv").lines[1].hasPrefix("1,4,-0."))
    #expect(
      shop.run("translate $/run $/given.tsv --score --beam 2").messages.contains(
        "--score is for translations that are given, and --beam for those that are looked for: leave one out"))
    #expect(shop.run("translate $/run $/new.txt --score").messages.contains("$/new.txt, line 1: there is no tab"))

    let looked = try #require(shop.run("translate $/run $/new.txt --attention").lines.first)
    let first = try #require(JSONSerialization.jsonObject(with: Data(looked.utf8)) as? [String: Any])
    let attention = try #require((first["translations"] as? [[String: Any]])?.first?["attention"] as? [String: Any])
    #expect(attention["source"] as? [String] == ["\u{2581}", "a", "b", "</s>"])
    #expect(attention["symbols"] as? [String] == ["\u{2581}", "B", "A", "</s>"])
    let weights = try #require((attention["layers"] as? [[String: Any]])?.first?["weights"] as? [[Double]])
    #expect(weights.count == 4 && weights.allSatisfy { $0.count == 4 && abs($0.reduce(0, +) - 1) < 1e-4 })
    #expect(shop.run("translate $/run $/new.txt --attention --format text").messages.contains("is written as json"))

    let inspected = shop.run("inspect $/run --text ab")
    #expect(inspected.code == 0, "\(inspected.messages)")
    #expect(inspected.messages.contains("reads “ab” and writes “BA”, which is shown"))
    // What is written depends most on the letter that it is made of: a row for each symbol read, a column for each one written.
    let title = try #require(
      inspected.lines.firstIndex { $0.hasSuffix("what of the text each symbol that is written depends on") })
    #expect(inspected.lines[title + 1] == "0     \u{2581}BA</s>", "\(inspected.output)")
    let rows = inspected.lines[(title + 2)...(title + 5)].map { $0.split(separator: " ").map(String.init) }
    #expect(rows.map(\.first) == ["\u{2581}", "a", "b", "</s>"])
    #expect(rows.allSatisfy { $0.last?.count == 7 })
    #expect(shop.run("inspect $/run --text ab --json $/inspected.json").code == 0)
    let inspection = try #require(JSONSerialization.jsonObject(with: Data(shop.read("inspected.json"))) as? [String: Any])
    let model = try #require((inspection["models"] as? [[String: Any]])?.first)
    let memory = try #require(model["memory"] as? [[String: Any]])
    #expect(model["source"] as? [String] == ["\u{2581}", "a", "b", "</s>"] && memory.count == 4)
    let norms = try #require(memory[1]["source"] as? [Double])
    #expect(norms.count == 4 && norms.allSatisfy { $0 >= 0 } && norms.contains { $0 > 0 })
    // A line that says what is to become of its text is shown with that.
    let given = shop.run("inspect $/run $/given.tsv --sequence 2")
    #expect(given.messages.contains("reads “ab” and is given “AB”, which is shown"), "\(given.messages)")
    #expect(given.output.contains("0     \u{2581}AB</s>"), "\(given.output)")
    #expect(shop.run("describe $/run").code == 0)
    let converted = shop.run("convert $/run $/words.onnx")
    #expect(
      converted.messages.contains(
        "wrote $/words.encoder.onnx, $/words.steps.onnx, $/words.py, ONNX models of opset 17 (GRU, Scan)"),
      "\(converted.messages)")
    #expect(try String(decoding: shop.read("words.py"), as: UTF8.self).contains("load(\"words.encoder.onnx\")"))
    #expect(shop.run("convert $/run $/words.onnx --lengths").messages.contains("which is read by itself: leave it out"))
  }

  @Test func whatIsWrongIsNamedAndCounted() throws {
    let shop = try Workshop()
    try shop.write(Self.pairs + "one\n\tempty\nboth \t \n", "pairs.tsv")
    let trained = shop.run("train translate $/pairs.tsv --output $/run")
    #expect(trained.code == 1)
    #expect(
      trained.messages.contains("$/pairs.tsv, line 85: there is no tab; write a text, a tab and what it is to become"),
      "\(trained.messages)")
    let described = shop.run("describe $/pairs.tsv").lines
    try #require(described.count > 5, "\(described)")
    #expect(
      described[3]
        == "1 line is wrong (no tab), the first one $/pairs.tsv, line 85: there is no tab; write a text, a tab and what it is to become"
    )
    #expect(described[4].hasPrefix("1 line is wrong (no source), the first one $/pairs.tsv, line 86: "))
    #expect(described[5].hasPrefix("1 line is wrong (no target), the first one $/pairs.tsv, line 87: "))
    let json = shop.run("describe $/pairs.tsv --json").output
    #expect(json.contains("\"no_tab\":1") || json.contains("\"no_tab\": 1") || json.contains("\"noTab\":1"), "\(json)")
    #expect(shop.run("train translate $/pairs.tsv --bidirectional").messages.contains("its encoder reads both ways as it is"))
  }

  @Test func whatIsNoPairIsATable() throws {
    let shop = try Workshop()
    try shop.write((0..<40).map { "name\($0)\t\(["Czech", "Irish"][$0 % 2])\n" }.joined(), "names.tsv")
    #expect(shop.run("describe $/names.tsv").output.contains("recurrent train classify"))
    try shop.write((0..<40).map { "2024-01-\($0 % 28 + 1)\t\($0).5\n" }.joined(), "numbers.tsv")
    #expect(!shop.run("describe $/numbers.tsv").output.contains("pairs of texts"))
  }

  /// Comparisons and searches know the task by its fields and figures alone.
  @Test func cellsAreComparedOnIt() throws {
    let shop = try Workshop()
    try shop.write(Self.pairs, "pairs.tsv")
    let compared = shop.run(
      "compare translate $/pairs.tsv --cells gru,rnn --seeds 1 --test-file $/pairs.tsv --units 6 --iterations 4 --threads 1 --output $/compared"
    )
    #expect(compared.code == 0, "\(compared.messages)")
    #expect(compared.output.contains("chrF"))
    let tuned = shop.run(
      "tune translate $/pairs.tsv --units 4..8 --trials 2 --iterations 4 --validate-every 2 --minutes 0.02 --threads 1 --output $/tuned"
    )
    #expect(tuned.code == 0, "\(tuned.messages)")
  }
}
