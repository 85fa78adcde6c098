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

    let inspected = shop.run("inspect $/run --text ab")
    #expect(inspected.code == 0, "\(inspected.messages)")
    #expect(inspected.messages.contains("reads “ab” and writes “BA”, which is shown"))
    #expect(shop.run("describe $/run").code == 0)
    let converted = shop.run("convert $/run $/words.onnx")
    #expect(
      converted.messages.contains(
        "wrote $/words.encoder.onnx, $/words.steps.onnx, $/words.py, ONNX models of opset 17 (LSTM, LSTM)"),
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
