import CommandLine
import Foundation
import Testing

struct ClassifyTests {
  /// Words that end alike have the same label.
  private static let words =
    ["kala", "mira", "tosa", "vena", "runo", "belo", "karo", "timo", "peli", "suri", "vali", "noti"]
    .flatMap { word in ["", "ka", "lo", "mi", "ne", "ta"].map { "\($0)\(word)\tends in \(word.suffix(1))\n" } }.joined()

  /// Recordings that rise or fall.
  private static let long =
    "recording,x,y,motion\n"
    + (0..<40).map { recording in
      (0..<(recording % 4 + 3)).map { step in
        "\(recording),\(recording.isMultiple(of: 2) ? step : -step),\(recording % 3),\(recording.isMultiple(of: 2) ? "up" : "down")\n"
      }.joined()
    }.joined()

  private static let small = "--units 6 --threads 1 --seed 3"

  private func shop(_ text: String = words, _ name: String = "words.tsv") throws -> Workshop {
    let shop = try Workshop()
    try shop.write(text, name)
    return shop
  }

  @Test func textsAreDescribedTrainedEvaluatedAndLabelled() throws {
    let shop = try shop()
    let described = shop.run("describe $/words.tsv")
    #expect(described.lines.last == "to find labels: recurrent train classify $/words.tsv")
    let trained = shop.run("train classify $/words.tsv --output $/run --iterations 300 --learning-rate 0.02 \(Self.small)")
    #expect(trained.code == 0)
    #expect(trained.messages.contains("$/words.tsv: 72 sequences of "))
    #expect(trained.messages.contains(", 6 held out\n"))
    #expect(
      trained.messages.contains(
        "- only 66 sequences to train on; a network soon overfits them: some of what its states say is dropped "
          + "(--recurrent-dropout 0.2)\n"))
    #expect(trained.messages.contains("- 3 labels in column 2: ends in a (22), ends in i (22), ends in o (22)\n"))
    #expect(
      trained.lines.suffix(2) == [
        "model: $/run/model.safetensors", "right: 100.0 % of 6 sequences (95 % interval: 61.0 to 100.0 %); macro F1 1.000",
      ])

    let evaluated = shop.run("evaluate $/run $/words.tsv")
    #expect(evaluated.lines[0] == "right: 100.0 % of 72 sequences (95 % interval: 94.9 to 100.0 %); macro F1 1.000")
    #expect(evaluated.lines[1] == "always giving the most frequent label would be right for 33.3 %")
    #expect(evaluated.lines.contains("ends in a         24          ·          ·"))
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(shop.run("evaluate $/run $/words.tsv --json").output.utf8)) as? [String: Any])
    #expect(report["accuracy"] as? Double == 1 && report["macro_f1"] as? Double == 1)
    #expect((report["interval"] as? [Double])?.map { ($0 * 1000).rounded() } == [949, 1000])
    #expect(report["confusion"] as? [[Int]] == [[24, 0, 0], [0, 24, 0], [0, 0, 24]])

    // An empty line, which is answered as all others are, a character that is new, and nothing but such.
    try shop.write("sola\tignored\n\nžuto\nЖЖ\n\tx\n", "lines.txt")
    let predicted = shop.run("predict $/run $/lines.txt")
    let lines = predicted.lines
    #expect(lines.map { $0.split(separator: "\t").last } == ["sola", "-", "žuto", "ЖЖ", "-"])
    #expect(lines[0].hasPrefix("ends in a ") && lines[1] == "-\t" && lines[2].hasPrefix("ends in o "))
    #expect(predicted.code == 0 && predicted.messages == "2 lines, the first one line 2, have nothing to read, and no label\n")
    #expect(shop.run("predict $/run $/lines.txt --format csv").lines[2] == "2,,,,,,")
    #expect(
      shop.run("predict $/run $/lines.txt --format json").lines[1] == #"{"line":2,"probabilities":{},"sequence":""}"#)
    #expect(shop.run("inspect $/run $/lines.txt --sequence 2").code == 0)
    #expect(
      shop.run("inspect $/run $/words.tsv --sequence 2").messages.contains("the file gives the sequence in line 2 “ends in "))
    let csv = shop.run("predict $/run $/words.tsv --format csv").lines
    #expect(csv[0] == "line,sequence,label,probability,ends in a,ends in i,ends in o" && csv.count == 73)
    #expect(csv[1].hasPrefix("1,kala,ends in a,"))
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(shop.run("predict $/run $/lines.txt --format json").lines[0].utf8))
        as? [String: Any])
    #expect(object["label"] as? String == "ends in a" && object["line"] as? Int == 1)
    #expect((object["probabilities"] as? [String: Double])?.count == 3)
    #expect(
      shop.run("predict $/run $/lines.txt --top 3").lines[0].contains(
        /^ends in a \d\.\d{3}, ends in . \d\.\d{3}, ends in . \d\.\d{3}\tsola$/))
  }

  @Test(arguments: ["last", "mean", "max"])
  func sequencesOfNumbersAreReadInAnyForm(readout: String) throws {
    let shop = try shop(Self.long, "long.csv")
    let rows = (0..<40).map { row in
      (0..<6).map { step in step < row % 4 + 3 ? "\(row.isMultiple(of: 2) ? step : -step)" : "" }.joined(separator: ",")
        + ",\(row % 2)\n"
    }
    try shop.write(rows.joined(), "wide.csv")
    try shop.write(
      "@problemName t\n@classLabel true up down\n@data\n"
        + (0..<40).map { row in
          (0..<(row % 4 + 3)).map { "\(row.isMultiple(of: 2) ? $0 : -$0)" }.joined(separator: ",")
            + ":\(row.isMultiple(of: 2) ? "up" : "down")\n"
        }.joined(), "t.ts")
    for (name, direction) in [("long.csv", "--bidirectional"), ("wide.csv", ""), ("t.ts", "--class-weights balanced")] {
      #expect(shop.run("describe $/\(name)").lines.last == "to find labels: recurrent train classify $/\(name)")
      let trained = shop.run(
        "train classify $/\(name) --output $/\(name)-run --readout \(readout) --iterations 150 --learning-rate 0.02 \(direction) \(Self.small)"
      )
      #expect(trained.code == 0, "\(trained.messages)")
      #expect(
        shop.run("evaluate $/\(name)-run $/\(name)").lines[0]
          == "right: 100.0 % of 40 sequences (95 % interval: 91.2 to 100.0 %); macro F1 1.000")
      let predicted = shop.run("predict $/\(name)-run $/\(name)").lines
      #expect(
        predicted.count == 40 && predicted[1].hasSuffix(name == "long.csv" ? "\t1" : name == "wide.csv" ? "\tline 2" : "\tline 5")
      )
    }
  }

  /// Rows of recordings that take turns are no sequences of one step.
  @Test func recordingsWhoseRowsTakeTurnsAreRefused() throws {
    let rows = (0..<60).map { "\([7, 30, 15][$0 % 3]),\($0),\($0 % 3 == 0 ? "up" : "down")\n" }
    let shop = try shop("recording,value,label\n" + rows.joined(), "turns.csv")
    let refused = shop.run("train classify $/turns.csv \(Self.small)")
    #expect(
      refused.code == 1
        && refused.messages.contains(
          "$/turns.csv, line 5, column recording: “7” comes again after rows of another sequence; sort the rows by recording, or give "
            + "--group none if each row is a sequence"),
      "\(refused.messages)")
    #expect(shop.run("train classify $/turns.csv --group none --iterations 1 --output $/run \(Self.small)").code == 0)
    // Numbers that are all different name no sequences, in whatever order.
    try shop.write("id,value,label\n" + (0..<30).map { "\($0 * 7 % 30),\($0),\($0 % 2)\n" }.joined(), "rows.csv")
    #expect(
      shop.run("train classify $/rows.csv --iterations 1 --output $/other \(Self.small)").messages.contains(
        "30 sequences of 30 steps"))
    // An empty line of a table in which each row is a sequence is answered, too.
    try shop.write("id,value,label\n1,1,0\n\n2,2,1\n", "new.csv")
    #expect(shop.run("predict $/other $/new.csv").lines.map { $0.split(separator: "\t").last } == ["line 2", "line 3", "line 4"])
    #expect(shop.run("predict $/other $/new.csv").lines[1] == "-\tline 3")
    // A comment is not.
    try shop.write("id,value,label\n1,1,0\n# by hand\n\n# again\n2,2,1\n", "new.csv")
    #expect(
      shop.run("predict $/other $/new.csv --comments yes").lines.map { $0.split(separator: "\t").last }
        == ["line 2", "line 4", "line 6"])
  }

  @Test func aSequenceMayHaveSeveralLabels() throws {
    let rows = (0..<48).map { row in
      let (a, b) = (row % 2, row / 2 % 2)
      return ("\(a == 1 ? "sea" : "sky") \(b == 1 ? "gold" : "tin") \(row % 5)", a, b)
    }
    let shop = try shop("text,sea,trade\n" + rows.map { "\($0.0),\($0.1),\($0.2)\n" }.joined(), "columns.csv")
    try shop.write(
      "text,topics\n"
        + rows.map {
          "\($0.0),\([$0.1 == 1 ? "sea" : nil, $0.2 == 1 ? "trade" : nil].compactMap(\.self).joined(separator: ";"))\n"
        }
        .joined(), "separated.csv")
    for (name, target) in [("columns.csv", "sea,trade"), ("separated.csv", "topics")] {
      let trained = shop.run(
        "train classify $/\(name) --target \(target) --output $/\(name)-run --iterations 200 --learning-rate 0.02 \(Self.small)")
      #expect(trained.code == 0, "\(trained.messages)")
      let evaluated = shop.run("evaluate $/\(name)-run $/\(name)").lines
      #expect(evaluated[0] == "all labels right: 100.0 % of 48 sequences (95 % interval: 92.6 to 100.0 %); macro F1 1.000")
      #expect(evaluated[1] == "giving no label at all would be right for 25.0 %")
      let predicted = shop.run("predict $/\(name)-run $/\(name) --format csv").lines
      #expect(predicted[0] == "line,sequence,label,probability,sea,trade")
      #expect(
        predicted[1...4].map { $0.split(separator: ",", omittingEmptySubsequences: false)[2] } == [
          "", "sea", "trade", "sea;trade",
        ])
      let refused = shop.run("train classify $/\(name) --target \(target) --class-weights balanced")
      #expect(refused.code == 2 && refused.messages.contains("--class-weights balanced is for sequences with one label each"))
    }
  }

  @Test func aRunGoesOnAsIfItHadNeverStopped() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let shop = try Workshop()
      try shop.write(Self.words, "words.tsv")
      let words = "--units 4 --threads 1 --iterations 60 --validate-every 10 --dropout 0.2 --class-weights balanced"
      guard shop.run("train classify $/words.tsv --output $/whole \(words)").code == 0 else { exit(1) }
      let outcome = shop.run("train classify $/words.tsv --output $/run \(words)".split(separator: " ").map(String.init)) {
        $0.interrupting(after: "iteration 30,")
      }
      guard outcome.code == 130, outcome.messages.hasSuffix("  recurrent train classify --resume $/run\n") else { exit(2) }
      guard shop.run("train classify --resume $/run").code == 0 else { exit(3) }
      guard try shop.read("run/model.safetensors") == shop.read("whole/model.safetensors") else { exit(4) }
      try shop.write(Self.words.replacingOccurrences(of: "kakala", with: "kakula"), "words.tsv")
      let changed = shop.run("train classify --resume $/run")
      guard changed.code == 1, changed.messages.contains("$/words.tsv has changed since the run in $/run began") else { exit(5) }
      exit(7)
    }
  }

  private static let mistakes: [(String, String, Int32, String)] = [
    // An unseen label in validation, a word where a number stands, an empty sequence, and others.
    (
      "text,label\nab,x\nac,y\nba,x\nca,y\n", "--validation-file $/other.csv", 1,
      "other.csv, line 3, column label: “z” is not one of the labels that were trained on, which are x, y"
    ),
    (
      "a,b,label\n" + (0..<20).map { "\($0),\($0 == 11 ? "l1" : "1\($0)"),\($0 % 2)\n" }.joined(), "", 1,
      "t.csv, line 13, column b: “l1” stands where a number is expected; mend it, or leave the place empty"
    ),
    (
      "a,b,label\n1,2,x\n,,y\n3,4,y\n", "", 1, "t.csv, line 3: the row has no numbers; a sequence has at least one step"
    ),
    (
      "text,label\nab,x\nac,x\n", "", 1,
      "t.csv, column label: “x” is the label of all sequences, so there is nothing to tell apart"
    ),
    ("text,label\nab,x\nac,y\n", "--target topic", 1, "t.csv has no column “topic”; it has “text”, “label”"),
    ("text,label\nab,x\nac,y\n", "--group text --text text", 1, "t.csv, column text: it holds texts, which have no groups"),
    ("text,label\nab,x\nac,y\n", "--epochs 2 --iterations 3", 2, "give either --epochs or --iterations, not both"),
    ("text,label\nab,x\nac,y\n", "--readout first", 2, "--readout"),
    (
      "text,label\nab,x\nac,y\n", "--vocabulary 7", 2,
      "--vocabulary is for --tokens words, and texts are read as characters here: leave it out"
    ),
    (
      "a,b,label\n1,2,x\n2,3,y\n", "--tokens words", 2,
      "--tokens is for texts, and $/t.csv has sequences of numbers: leave it out"
    ),
    (
      "a,b,label\n1,2,x\n2,3,y\n", "--embedding 3", 2,
      "--embedding is for texts, and $/t.csv has sequences of numbers: leave it out"
    ),
  ]

  /// Each is mended by what its message says.
  @Test(arguments: mistakes)
  func whatIsWrongIsNamed(text: String, words: String, code: Int32, message: String) throws {
    let shop = try shop(text, "t.csv")
    try shop.write("text,label\nab,x\nac,z\n", "other.csv")
    let run = shop.run("train classify $/t.csv --output $/run \(words)")
    #expect(run.code == code)
    #expect(run.messages.contains(message), "\(run.messages)")
    #expect(!FileManager.default.fileExists(atPath: shop("run")))
  }

  @Test func modelsForSomethingElseAreRefused() throws {
    let shop = try shop()
    #expect(shop.train("--iterations 1", into: "text").code == 0)
    let predicted = shop.run("predict $/text $/words.tsv")
    #expect(predicted.code == 1)
    #expect(
      predicted.messages.contains("is a language model, which gives no labels: `recurrent generate` writes as it would go on"))
    #expect(shop.run("train classify $/words.tsv --output $/run --iterations 1 \(Self.small)").code == 0)
    for command in ["generate $/run", "forecast $/run $/words.tsv"] {
      #expect(shop.run(command).code == 1, "\(command)")
    }
    let evaluated = shop.run("evaluate $/run $/words.tsv --horizon 3")
    #expect(evaluated.code == 2)
    #expect(
      evaluated.messages.contains("--horizon is for a model that forecasts, and this is a model that finds labels: leave it out"))
  }
}
