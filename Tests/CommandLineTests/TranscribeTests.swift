import CommandLine
import Foundation
import Testing

struct TranscribeTests {
  /// Sequences of two numbers a step in which `hi` is a 1 in the first one, and `lo` in the second, between pauses.
  private static let beeps = (0..<60).map { number in
    let names = (0...number % 3).map { ($0 + number) % 2 == 0 ? "hi" : "lo" }
    let steps = names.flatMap {
      ["[0, 0]"] + Array(repeating: $0 == "hi" ? "[1, 0]" : "[0, 1]", count: 1 + number % 2) + ["[0, 0]"]
    }
    return
      "{\"steps\": [\(steps.joined(separator: ", "))], \"symbols\": [\(names.map { "\"\($0)\"" }.joined(separator: ", "))]}\n"
  }.joined()

  private static let small = "--units 12 --iterations 150 --learning-rate 0.03 --batch 8 --threads 1 --seed 3"

  @Test func sequencesAreDescribedTrainedEvaluatedAndTranscribed() throws {
    let shop = try Workshop()
    try shop.write(Self.beeps, "beeps.jsonl")
    let described = shop.run("describe $/beeps.jsonl")
    #expect(described.lines[0] == "$/beeps.jsonl: 60 sequences of 3 to 12 steps, 2 numbers a step in “steps”")
    #expect(described.lines[1] == "120 symbols in “symbols”, 1 to 3 a sequence, 2 different ones: hi (60), lo (60)")
    #expect(described.lines.last == "to transcribe: recurrent train transcribe $/beeps.jsonl")

    let trained = shop.run("train transcribe $/beeps.jsonl --forward --output $/run \(Self.small)")
    #expect(trained.code == 0, "\(trained.messages)")
    #expect(trained.messages.contains("$/beeps.jsonl: 60 sequences of 420 steps and 120 symbols together, 6 held out"))
    #expect(trained.messages.contains(" nats a symbol") || trained.messages.contains(" nats per symbol"))
    #expect(trained.lines.last?.hasPrefix("held out: 0.00 % symbol errors (0 of ") == true, "\(trained.output)")

    let evaluated = shop.run("evaluate $/run $/beeps.jsonl --json --beam 3")
    let report = try #require(JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any])
    #expect(report["sequences"] as? Int == 60 && report["symbols"] as? Int == 120)
    #expect(report["symbol_error_rate"] as? Double ?? 1 < 0.02)
    #expect(shop.run("evaluate $/run $/beeps.jsonl").lines.first?.contains(" % symbol errors (") == true)

    #expect(shop.run("predict $/run $/beeps.jsonl").lines.prefix(3) == ["hi", "lo hi", "hi lo hi"])
    let line = try #require(shop.run("predict $/run $/beeps.jsonl --format json").lines.first)
    let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(object["symbols"] as? [String] == ["hi"] && (object["steps"] as? [[Int]])?.count == 1)
    let parts = shop.run("predict $/run $/beeps.jsonl --partial").lines.filter { $0.hasPrefix("3\t") }
    #expect(parts.map { $0.split(separator: "\t").last } == ["hi", "hi lo", "hi lo hi"])

    let inspected = shop.run("inspect $/run $/beeps.jsonl --sequence 3")
    #expect(inspected.code == 0, "\(inspected.messages)")
    #expect(inspected.messages.contains("the file gives: hi lo hi, "))
    #expect(inspected.messages.contains("alignment, steps counted from 0: hi at step"))
    #expect(shop.run("describe $/run").code == 0)
    #expect(shop.run("convert $/run $/m.onnx").code == 0)
  }

  @Test func whatIsWrongIsNamedAndCounted() throws {
    let shop = try Workshop()
    let wrong = "{\"steps\": [[0, 0]], \"symbols\": [\"hi\", \"hi\"]}\n"
    try shop.write(Self.beeps + wrong + wrong, "beeps.jsonl")
    let trained = shop.run("train transcribe $/beeps.jsonl --output $/run")
    #expect(trained.code == 1)
    #expect(
      trained.messages.contains(
        "$/beeps.jsonl, line 61: its 2 symbols take at least 3 steps, one each and one between equal ones, and there is 1; give it "
          + "more steps, or leave it out"))
    let described = shop.run("describe $/beeps.jsonl")
    #expect(
      described.lines[2].hasPrefix(
        "2 sequences are wrong (more symbols than fit), the first one $/beeps.jsonl, line 61: its 2 symbols"))
    let json = shop.run("describe $/beeps.jsonl --json")
    #expect(json.output.contains("\"too_long\":2") || json.output.contains("\"too_long\": 2"))
    try shop.write(Self.beeps, "good.jsonl")
    #expect(shop.run("train transcribe $/good.jsonl --output $/two --units 4 --iterations 1 --threads 1").code == 0)
    let partial = shop.run("predict $/two $/good.jsonl --partial")
    #expect(partial.code == 1 && partial.messages.contains("reads each sequence from its last step"))
    try shop.write("{\"steps\": [[0]]}\n", "narrow.jsonl")
    #expect(
      shop.run("predict $/two $/narrow.jsonl").messages.contains(
        "$/narrow.jsonl has 1 number a step, and the model reads 2"))
  }

  /// Comparisons and searches know the task by its fields and figures alone.
  @Test func cellsAreComparedOnIt() throws {
    let shop = try Workshop()
    try shop.write(Self.beeps, "beeps.jsonl")
    let compared = shop.run(
      "compare transcribe $/beeps.jsonl --cells gru,rnn --seeds 1 --test-file $/beeps.jsonl --units 6 --iterations 4 --threads 1 --output $/compared"
    )
    #expect(compared.code == 0, "\(compared.messages)")
    #expect(compared.output.contains("% symbol errors"))
  }
}
