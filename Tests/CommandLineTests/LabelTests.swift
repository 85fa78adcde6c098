import CommandLine
import Foundation
import Testing

struct LabelTests {
  /// Recordings of pulses, up and down, whose steps have as label the last pulse.
  private static func table(_ recordings: Range<Int>, hasGroup: Bool = true, hasLabels: Bool = true) -> String {
    var text = (hasGroup ? "recording," : "") + "time,pulse,noise" + (hasLabels ? ",state\n" : "\n")
    for recording in recordings {
      var state = "none"
      for step in 0..<50 {
        let draw = (step * step * 7 + step * (recording + 3) * 5 + recording) % 17
        if draw < 2 { state = draw == 0 ? "down" : "up" }
        text += (hasGroup ? "r\(recording)," : "") + "\(step),\(draw == 0 ? -1 : draw == 1 ? 1 : 0),\(draw)"
        text += hasLabels ? ",\(state)\n" : "\n"
      }
    }
    return text
  }

  private static let small = "--units 10 --batch 4 --window 10 --learning-rate 0.02 --threads 1 --seed 3"

  private func shop() throws -> Workshop {
    let shop = try Workshop()
    try shop.write(Self.table(0..<12), "t.csv")
    return shop
  }

  @Test func stepsAreDescribedTrainedEvaluatedPredictedAndInspected() throws {
    let shop = try shop()
    #expect(shop.run("describe $/t.csv").lines.last == "to label each step: recurrent train label $/t.csv")
    let trained = shop.run("train label $/t.csv --output $/run --iterations 200 \(Self.small)")
    #expect(trained.code == 0, "\(trained.messages)")
    #expect(trained.messages.contains("- 1 of 12 sequences is held out, drawn at random (--validation)"))
    #expect(trained.lines.contains { $0.hasPrefix("held out: right: ") }, "\(trained.output)")

    let evaluated = shop.run("evaluate $/run $/t.csv --json")
    let report = try #require(JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any])
    #expect(report["steps"] as? Int == 600 && report["sequences"] as? Int == 12)
    #expect((report["accuracy"] as? Double ?? 0) > 0.9, "\(evaluated.output)")
    #expect(report["names"] as? [String] == ["down", "none", "up"])
    let shown = shop.run("evaluate $/run $/t.csv").output
    #expect(shown.contains("segments: ") && shown.contains("precision") && shown.contains("given:"), "\(shown)")

    try shop.write(Self.table(20..<22, hasLabels: false), "new.csv")
    let text = shop.run("predict $/run $/new.csv")
    #expect(text.code == 0 && text.lines.count == 100, "\(text.messages)")
    #expect(text.lines[0].hasSuffix("\tr20, line 2") && text.lines[99].hasSuffix("\tr21, line 101"))
    let csv = shop.run("predict $/run $/new.csv --format csv").lines
    #expect(csv[0] == "line,sequence,label,probability,down,none,up" && csv.count == 101 && csv[1].hasPrefix("2,r20,"))
    let object = try JSONSerialization.jsonObject(
      with: Data(shop.run("predict $/run $/new.csv --format json").lines[3].utf8))
    #expect((object as? [String: Any])?["line"] as? Int == 5)
    let segments = shop.run("predict $/run $/new.csv --segments --format csv").lines.dropFirst()
    #expect(segments.compactMap { Int($0.split(separator: ",").last ?? "") }.reduce(0, +) == 100)

    let inspected = shop.run("inspect $/run $/t.csv --sequence r3 --json $/r3.json")
    #expect(inspected.code == 0, "\(inspected.messages)")
    #expect(shop.run("inspect $/run --text a").code == 2)
  }

  /// A run that is interrupted within the windows of a part goes on with the states that it had.
  @Test func aRunGoesOnAsIfItHadNeverStopped() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let shop = try Workshop()
      try shop.write(LabelTests.table(0..<12), "t.csv")
      let words = "--iterations 34 --validate-every 10 --dropout 0.2 \(LabelTests.small)"
      guard shop.run("train label $/t.csv --output $/whole \(words)").code == 0 else { exit(1) }
      let outcome = shop.run("train label $/t.csv --output $/run \(words)".split(separator: " ").map(String.init)) {
        $0.interrupting(after: "iteration 20,")
      }
      guard outcome.code == 130, outcome.messages.contains("recurrent train label --resume $/run") else { exit(2) }
      guard shop.run("train label --resume $/run").code == 0 else { exit(3) }
      guard try shop.read("run/model.safetensors") == shop.read("whole/model.safetensors") else { exit(4) }
      try shop.write(LabelTests.table(0..<13), "t.csv")
      guard shop.run("train label --resume $/run").messages.contains("t.csv has changed since the run in ") else { exit(5) }
      exit(7)
    }
  }

  @Test func itIsComparedAndTuned() throws {
    let shop = try shop()
    let compared = shop.run(
      "compare label $/t.csv --cells rnn,gru --seeds 1 --iterations 10 --output $/compared --units 4 --batch 4 --window 10")
    #expect(compared.code == 0 && compared.output.contains("% right"), "\(compared.messages)")
    let tuned = shop.run(
      "tune label $/t.csv --minutes 0.02 --trials 2 --iterations 10 --units 3 --layers 1 --output $/tuned")
    #expect(tuned.code == 0 && tuned.output.contains("recurrent train label"), "\(tuned.messages)")
  }

  /// A table with a label in each row is no table of sequences of one step.
  @Test func aTableOfStepsIsNotClassified() throws {
    let shop = try Workshop()
    try shop.write(Self.table(0..<1, hasGroup: false), "timed.csv")
    let timed = shop.run("train classify $/timed.csv --output $/run")
    #expect(
      timed.messages
        == "error: $/timed.csv: the rows seem to be steps, each with a label, since the column time says when each row is: "
        + "`recurrent train label` makes models that label steps; give --group none if each row is a sequence of its own, or name the "
        + "column that tells sequences apart with it\n")
    #expect(timed.code == 1)
    #expect(shop.run("describe $/timed.csv").output.hasSuffix("to label each step: recurrent train label $/timed.csv\n"))
    let rows = (0..<60).map { "\($0 * 7 % 5),\($0 * 3 % 7),\($0 / 12 % 2 == 0 ? "rest" : "walk")\n" }.joined()
    try shop.write("x,y,activity\n" + rows, "runs.csv")
    let runs = shop.run("train classify $/runs.csv --output $/run")
    #expect(
      runs.messages.contains("since the labels stay the same from row to row, in 5 runs of 60 rows: "), "\(runs.messages)")
    let words = "--units 3 --iterations 1 --threads 1"
    #expect(shop.run("train classify $/runs.csv --group none --output $/run \(words)").code == 0)
    #expect(shop.run("train label $/runs.csv --output $/steps \(words)").code == 0)
    // Rows that are sorted by their labels are sequences as before.
    let sorted = (0..<60).map { "\($0 * 7 % 5),\($0 * 3 % 7),\($0 < 30 ? "rest" : "walk")\n" }.joined()
    try shop.write("x,y,activity\n" + sorted, "sorted.csv")
    #expect(shop.run("train classify $/sorted.csv --output $/other \(words)").code == 0)
  }
}
