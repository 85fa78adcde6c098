import CommandLine
import Foundation
import Testing

/// `recurrent inspect` of models that classify, tag and forecast: it reads what the commands that use them read.
struct InspectedModelsTests {
  private let shop: Workshop

  init() throws { shop = try Workshop() }

  private func report(_ name: String = "report.json") throws -> Model {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try #require(try decoder.decode(Report.self, from: shop.read(name)).models.first)
  }

  private struct Report: Decodable {
    let models: [Model]
  }

  private struct Model: Decodable {
    struct Input: Decodable {
      let tokens: [String]?
      let columns: [Column]?
      let names: [String]?
    }

    struct Column: Decodable {
      let name: String
      let values: [Double?]
    }

    struct Outputs: Decodable {
      let kind: String
      let loss: [Double?]
      let top: [[Guess]]?
      let columns: [Column]?
    }

    struct Guess: Decodable {
      let text: String
      let probability: Double

      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        (text, probability) = (try container.decode(String.self), try container.decode(Double.self))
      }
    }

    struct Reach: Decodable {
      let step: Int
      let norms: [Double]
    }

    let steps: Int
    let input: Input
    let labels: [Column]
    let outputs: Outputs
    let memory: [Reach]
  }

  // MARK: Labels

  private func trainNames(_ words: String = "") throws {
    let names = ["kala", "mira", "tosa", "vena", "runo", "belo", "karo", "timo", "peli", "suri", "vali", "noti"]
    try shop.write(names.map { "\($0)\tends in \($0.suffix(1))\n" }.joined(), "names.tsv")
    let trained = shop.run(
      "train classify $/names.tsv --output $/run --iterations 60 --units 6 --learning-rate 0.02 --threads 1 --seed 3 \(words)")
    #expect(trained.code == 0, "\(trained.messages)")
  }

  @Test func aTextIsShownWithItsLabelAndWhatMovedIt() throws {
    try trainNames()
    let outcome = shop.run("inspect $/run --text solo --json $/report.json --html $/page.html --svg $/pictures")
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.lines[1] == "0       solo")
    let moved = try #require(outcome.lines.first { $0.hasPrefix("output  ") })
    #expect(moved.count == 12 && moved.contains("#"), "the step that moves it most is the darkest: \(moved)")
    #expect(outcome.lines.contains { $0.hasPrefix("  for the whole sequence: ends in ") })
    #expect(outcome.output.contains("what moves the output most is "))
    #expect(FileManager.default.fileExists(atPath: shop("pictures/memory.svg")))

    let model = try report()
    #expect(model.steps == 4 && model.input.tokens == ["s", "o", "l", "o"])
    #expect(model.outputs.kind == "sequence" && model.outputs.loss == [nil])
    #expect(model.memory.map(\.step) == [3] && model.memory.map(\.norms.count) == [4])

    // The same probabilities as `predict` gives.
    try shop.write("solo\n", "lines.txt")
    let predicted = shop.run("predict $/run $/lines.txt --format json").output
    let object = try #require(JSONSerialization.jsonObject(with: Data(predicted.utf8)) as? [String: Any])
    let expected = try #require(object["probabilities"] as? [String: Double])
    let found = try #require(model.outputs.top?.first)
    #expect(found.count == 3)
    // Single precision, on another schedule of the same sums.
    #expect(found.allSatisfy { abs($0.probability - (expected[$0.text] ?? 2)) < 1e-5 })
    #expect(found.first?.text == object["label"] as? String)
  }

  @Test(arguments: ["--readout mean --bidirectional", "--readout max --cell gru"])
  func whateverIsReadOutIsInspected(words: String) throws {
    try trainNames(words)
    let outcome = shop.run("inspect $/run $/names.tsv --sequence 5 --json $/report.json")
    #expect(outcome.code == 0, "\(outcome.messages)")
    let model = try report()
    #expect(model.input.tokens == ["r", "u", "n", "o"])
    #expect(model.memory[0].norms.count == 4 && model.memory[0].norms.contains { $0 > 0 })
  }

  @Test func sequencesOfNumbersAreShownAsTheFileHasThem() throws {
    let rows = (0..<24).map { recording in
      (0..<(recording % 4 + 3)).map { "r\(recording),\(recording % 2 == 0 ? $0 : -$0),\(100 + recording),\(recording % 2)\n" }
        .joined()
    }
    try shop.write("recording,x,y,up\n" + rows.joined(), "long.csv")
    let trained = shop.run("train classify $/long.csv --target up --output $/run --iterations 20 --units 4 --threads 1")
    #expect(trained.code == 0, "\(trained.messages)")
    // By its name, or by its number.
    for which in ["r5", "6"] {
      let outcome = shop.run("inspect $/run $/long.csv --sequence \(which) --json $/report.json")
      #expect(outcome.lines[2].hasPrefix("x       #"), "from 0, the largest, down: \(outcome.lines[2])")
      let model = try report()
      #expect(model.input.columns?.map(\.name) == ["x", "y"])
      #expect(model.input.columns?.map(\.values) == [[0, -1, -2, -3], [105, 105, 105, 105]])
    }
    #expect(
      shop.run("inspect $/run $/long.csv --sequence 25").messages
        == "error: $/long.csv has no sequence \"25\": --sequence takes a number from 1 to 24, or a name where there are names\n")
  }

  // MARK: Tags

  @Test func wordsAreShownWithTheirTags() throws {
    let sentences = (0..<40).map { number in
      let noun = ["dog", "cat", "cow", "owl", "fox"][number % 5]
      return "the\tDET\n\(noun)o\tNOUN\n\(["see", "hear", "find"][number % 3])i\tVERB\n"
    }.joined(separator: "\n")
    try shop.write(sentences, "words.tsv")
    let trained = shop.run(
      "train tag $/words.tsv --output $/run --epochs 8 --units 12 --embedding 8 --character-units 8 --character-embedding 6 --threads 1 "
        + "--seed 3 --batch 5 --learning-rate 0.01")
    #expect(trained.code == 0, "\(trained.messages)")
    let outcome = shop.run(["inspect", "$/run", "--text", "the wolfo sayi", "--json", "$/report.json"])
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.lines[1].hasPrefix("0  ") && outcome.lines[1].hasSuffix("  the wolfo sayi "))
    #expect(outcome.lines.contains { $0.hasPrefix("given  ") && $0.hasSuffix("  DET NOUN  VERB ") })
    let model = try report()
    #expect(model.input.tokens == ["the", "wolfo", "sayi"])
    #expect(model.outputs.kind == "step" && model.outputs.top?.compactMap(\.first?.text) == ["DET", "NOUN", "VERB"])
    // A layer of both directions: each output may hear every word.
    #expect(model.memory.map(\.step) == [0, 1, 2])

    let second = shop.run("inspect $/run $/words.tsv --sequence 2 --json $/report.json")
    #expect(second.code == 0)
    #expect(try report().input.tokens == ["the", "cato", "heari"])
  }

  // MARK: Labels of steps

  /// A label that is longer than its step is written once for all steps that follow each other with it, behind a bar.
  @Test func labelsOfStepsAreWrittenInRuns() throws {
    let rows = (0..<120).map { "\($0 / 15 % 2 * 2 - 1).0,\(["walking", "resting"][$0 / 15 % 2])\n" }
    try shop.write("x,activity\n" + rows.joined(), "steps.csv")
    let trained = shop.run(
      "train label $/steps.csv --target activity --units 8 --epochs 60 --learning-rate 0.02 --threads 1 --output $/run")
    #expect(trained.code == 0, "\(trained.messages)")
    let outcome = shop.run("inspect $/run $/steps.csv")
    let given = outcome.lines.filter { $0.hasPrefix("given ") }.map { $0.dropFirst("given ".count).drop { $0 == " " } }
    let steps = outcome.lines.filter { $0.hasPrefix("unit ") }
    #expect(given.first?.hasPrefix("|walking       |resting       |walking  ") == true, "\(given)")
    #expect(outcome.lines.first { $0.hasPrefix("given ") }?.count == steps.first?.count)
  }

  // MARK: Forecasts

  @Test func seriesAreShownWithTheirTimesAndWhatWasForecast() throws {
    let rows = (0..<48).map { step in
      "\(2000 + step / 12)-\(step % 12 < 9 ? "0" : "")\(step % 12 + 1),\(10 + step % 12 + step * step % 5)\n"
    }
    try shop.write("month,units\n" + rows.joined(), "sales.csv")
    let trained = shop.run("train forecast $/sales.csv --output $/run --iterations 20 --threads 1 --difference none")
    #expect(trained.code == 0, "\(trained.messages)")
    let outcome = shop.run("inspect $/run $/sales.csv --json $/report.json --html $/page.html")
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.lines[1].hasPrefix("2000-02  "))
    let model = try report()
    #expect(model.steps == 47)
    #expect(model.input.names?.first == "2000-02" && model.input.names?.last == "2003-12")
    let before = try #require(model.input.columns?.first { $0.name == "units before" })
    let came = try #require(model.labels.first { $0.name == "units" })
    #expect(before.values.dropFirst() == came.values.dropLast() && before.values[0] == 10)
    #expect(model.outputs.columns?.map(\.name) == ["units forecast"])

    // The loss is what `evaluate --surprise` writes, with four digits, step by step and so on another schedule of the same sums.
    let written = shop.run("evaluate $/run $/sales.csv --surprise --last 47").lines.dropFirst().map {
      $0.split(separator: ",")[1]
    }
    #expect(written.count == 47)
    for (loss, text) in zip(model.outputs.loss, written) {
      #expect(abs(try #require(loss) - (try #require(Double(text)))) < 0.001)
    }
  }

  // MARK: Refusals

  @Test(arguments: [
    (
      "inspect $/run --text solo --sequence 2", 2, "--sequence says which sequence of a FILE is read, and --text is one by itself"
    ),
    ("inspect $/run $/names.tsv --text solo", 2, "give either --text TEXT or a FILE: what $/run is to read"),
    ("inspect $/run $/names.tsv --sequence 13", 1, "$/names.tsv has no sequence \"13\": --sequence takes a number from 1 to 12"),
    (
      "inspect $/run $/names.tsv --sequence none", 1,
      "$/names.tsv has no sequence \"none\": --sequence takes a number from 1 to 12"
    ),
    ("inspect $/run --against $/run", 2, "two models can't both read standard input: give --text TEXT or a FILE"),
    ("inspect $/run --text solo --clamp f=1,steps=9", 1, "layer 1, lstm, has no steps to hold"),
    (
      "inspect $/language $/text.txt --sequence 2", 2,
      "--sequence is for files of several sequences, and $/language reads a file as one"
    ),
  ])
  func whatCannotBeReadIsSaid(line: String, code: Int, message: String) throws {
    try trainNames()
    #expect(shop.train("--iterations 1", into: "language").code == 0)
    let outcome = shop.run(line)
    #expect(outcome.code == code)
    #expect(outcome.messages.contains("error: " + message), "\(outcome.messages)")
  }
}
