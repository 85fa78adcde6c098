import CommandLine
import Foundation
import Testing

/// `recurrent inspect` and what it says to people.
struct InspectTests {
  private let workshop: Workshop

  init() throws {
    workshop = try Workshop()
    #expect(workshop.train("--iterations 3", into: "run").code == 0)
  }

  @Test func theInputStandsAboveTheUnits() throws {
    let outcome = workshop.run(["inspect", "$/run", "--text", "ein ging"])
    #expect(outcome.code == 0)
    let lines = outcome.lines
    #expect(lines[0] == "$/run, layer 1, lstm: c' (long-term memory (cell state)), the units that vary most")
    #expect(lines[1] == "0       ein ging")
    #expect(lines[2...7].allSatisfy { $0.hasPrefix("unit ") && $0.count == 16 })
    #expect(lines[8] == "tanh c'  -1 ==--~~..++**## 1")
    #expect(outcome.output.contains("mean loss "))
  }

  @Test func aMatrixIsAHeatMapForEachOfSomeSteps() throws {
    #expect(workshop.train("--iterations 2 --cell delta-net", into: "matrix").code == 0)
    let outcome = workshop.run(["inspect", "$/matrix", "--text", "ein ging"])
    #expect(outcome.code == 0)
    let lines = outcome.lines
    #expect(lines[0].hasPrefix("$/matrix, layer 1, delta-net: S' (") && lines[0].hasSuffix("), 6 x 6 numbers"))
    // Maps of 12 characters and a space of two between them: five steps, the first and the last among them.
    #expect(
      lines[1] == ["0 e", "1 i", "3  ", "5 i", "7 g"].map { $0.padding(toLength: 14, withPad: " ", startingAt: 0) }.joined())
    #expect(lines[2...7].allSatisfy { $0.count == 70 && $0.allSatisfy { "=-~.+*# ".contains($0) } })
    #expect(lines[8] == "tanh S'  -1 ==--~~..++**## 1; --unit shows single numbers at all steps")
    let single = workshop.run(["inspect", "$/matrix", "--text", "ein ging", "--unit", "9"])
    #expect(single.lines[2].hasPrefix("unit 9"))
  }

  @Test func unitsQuantitiesAndLayersAreChosen() throws {
    let outcome = workshop.run([
      "inspect", "$/run", "--text", "ein", "--layer", "1", "--quantity", "f", "--unit", "3,0",
    ])
    #expect(outcome.lines[0] == "$/run, layer 1, lstm: f (forget gate: how much of the long-term memory stays)")
    #expect(outcome.lines[2].hasPrefix("unit 3") && outcome.lines[3].hasPrefix("unit 0"))
    #expect(outcome.lines[4] == "f  0 ..++**## 1")
  }

  @Test func coloursTakeThePlaceOfSigns() throws {
    let outcome = workshop.run(["inspect", "$/run", "--text", "ein"]) { $0.terminal(isTerminal: true, hasColours: true) }
    #expect(outcome.output.contains("\u{1B}[38;5;16;48;5;252m"))
    #expect(!outcome.output.contains("==--"))
  }

  @Test func longTextsGoOnBelow() throws {
    let text = String(repeating: "ein ", count: 40)
    let outcome = workshop.run(["inspect", "$/run", "--text", text])
    #expect(outcome.lines.filter { $0.hasPrefix("unit") }.count == 18)
    #expect(outcome.lines.filter { $0.hasPrefix("unit") }.allSatisfy { $0.count <= 80 })
    #expect(outcome.lines.contains { $0.hasPrefix("72      ein ein") })
  }

  @Test func theReportIsWritten() throws {
    let outcome = workshop.run(["inspect", "$/run", "--text", "ein", "--json", "$/report.json"])
    #expect(outcome.messages == "written: $/report.json\n")
    let report = try #require(JSONSerialization.jsonObject(with: workshop.read("report.json")) as? [String: Any])
    let models = try #require(report["models"] as? [[String: Any]])
    #expect(report["version"] as? Int == 1 && models.count == 1)
    #expect(models[0]["steps"] as? Int == 3)
    let layers = try #require(models[0]["layers"] as? [[String: Any]])
    #expect(layers[0]["memory_time"] != nil && (layers[0]["weights"] as? [Any])?.count == 12)
  }

  @Test func twoModelsStandBelowOneAnother() throws {
    #expect(workshop.train("--iterations 2 --cell gru", into: "other").code == 0)
    let outcome = workshop.run([
      "inspect", "$/run", "--against", "$/other", "--text", "ein", "--json", "$/both.json",
    ])
    #expect(outcome.lines.filter { $0.contains(", layer 1, ") }.count == 2)
    let report = try #require(JSONSerialization.jsonObject(with: workshop.read("both.json")) as? [String: Any])
    #expect((report["models"] as? [Any])?.count == 2)
  }

  @Test func aHeldGateIsShownAsHeld() throws {
    let outcome = workshop.run([
      "inspect", "$/run", "--text", "ein ging", "--quantity", "f", "--unit", "2", "--clamp", "f = 1, steps 2-4",
    ])
    #expect(outcome.code == 0)
    #expect(outcome.lines[2].dropFirst(8 + 2).prefix(3) == "###")
  }

  @Test func labelsFindTheirUnit() throws {
    try workshop.write("letter\n1\n0\n0\n\n1\n0\n", "labels.csv")
    let outcome = workshop.run(["inspect", "$/run", "--text", "ein ei", "--labels", "$/labels.csv"])
    #expect(outcome.lines[0].hasSuffix(", the units that go best with letter"))
    #expect(outcome.output.contains("goes best with letter, correlation "))
  }

  @Test func numbersAreInspectedToo() throws {
    #expect(workshop.run("train problem adding --units 4 --iterations 2 --threads 1 --output $/adding").code == 0)
    try workshop.write("value,marker\n0.5,0\n0.25,1\n-1,1\n", "steps.csv")
    let outcome = workshop.run("inspect $/adding $/steps.csv --json $/numbers.json")
    #expect(outcome.code == 0)
    #expect(outcome.lines.filter { $0.hasPrefix("unit ") }.count == 4)
    let report = try #require(JSONSerialization.jsonObject(with: workshop.read("numbers.json")) as? [String: Any])
    let model = try #require((report["models"] as? [[String: Any]])?.first)
    let columns = try #require((model["input"] as? [String: Any])?["columns"] as? [[String: Any]])
    #expect(columns.map { $0["name"] as? String } == ["value", "marker"])
    #expect((model["memory"] as? [Any])?.count == 3)
  }

  @Test(arguments: [
    ("inspect $/run", 2, "give either --text TEXT or a FILE: what $/run is to read"),
    ("inspect $/run $/text.txt --text ein", 2, "give either --text TEXT or a FILE: what $/run is to read"),
    ("inspect $/run --text Ω", 1, "the prompt has the character “Ω” (U+03A9)"),
    ("inspect $/run --text ein --layer 2", 1, "$/run has no layer 2; it has 1, counted from 1"),
    ("inspect $/run --text ein --unit 6", 1, "c' of layer 1 has the units 0 to 5, and no 6"),
    ("inspect $/run --text ein --unit one", 2, "--unit is \"one\"; expected units such as 3 or 3,17"),
    ("inspect $/run --text ein --quantity q", 1, "layer 1 has no quantity q"),
    ("inspect $/run --text ein --clamp f=1,step=9", 1, "layer 1, lstm, has no step to hold; it has f, i, g, c', o, h'"),
    (
      "inspect $/run --text ein --labels $/text.txt", 1,
      "$/text.txt, line 1, column text: “ein Mädchen ging no. 0 — und ça va” is"
    ),
    ("inspect $/nothing --text ein", 1, "can't read $/nothing: there is no such file"),
  ])
  func whatCannotBeDoneIsSaid(line: String, code: Int, message: String) {
    let outcome = workshop.run(line)
    #expect(outcome.code == code)
    #expect(outcome.messages.hasPrefix("error: " + message), "\(outcome.messages)")
    #expect(outcome.output == "")
  }

  @Test func stepsBeyondTheInputAreRefused() {
    let outcome = workshop.run(["inspect", "$/run", "--text", "ein", "--clamp", "f = 1, steps 3-4"])
    #expect(outcome.messages == "error: --clamp speaks of step 3, and there are 3 steps, counted from 0\n")
  }

  @Test func labelsOfAnotherLengthAreRefused() throws {
    try workshop.write("1\n2\n", "two.csv")
    let outcome = workshop.run(["inspect", "$/run", "--text", "ein", "--labels", "$/two.csv"])
    #expect(outcome.messages == "error: $/two.csv has 2 rows of labels, and the input 3 steps: give one a step\n")
  }
}

extension InspectTests {
  /// The demo names its unit from the genders of its own sentences; `inspect`, which knows none of that, finds the same one.
  @Test func theGenderUnitOfTheDemoIsFound() throws {
    let captured = CapturedTerminal()
    var study = AgreementStudy()
    study.iterations = 400
    study.distances = [8]
    try study.show(on: captured.terminal(), savingTo: workshop("demo"))
    let named = try #require(captured.output.firstMatch(of: /unit ([0-9]+) goes best with the gender/)).1
    #expect(captured.output.contains("recurrent inspect "))
    let outcome = workshop.run(
      "inspect $/demo/model.safetensors $/demo/sentences.txt --labels $/demo/gender.csv --quantity c")
    #expect(outcome.lines[2].hasPrefix("unit \(named) "), "\(outcome.lines[2]), not \(named)")
  }
}
