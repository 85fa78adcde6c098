import CommandLine
import Foundation
import Models
import Storage
import Testing

struct CompareTests {
  private static let small = ["--batch", "4", "--sequence", "10", "--iterations", "12", "--validate-every", "5"]

  private func compare(_ shop: Workshop, _ line: String, into folder: String = "all") -> Workshop.Outcome {
    shop.run(
      ["compare"] + line.split(separator: " ").map(String.init) + ["text", "$/text.txt", "--output", "$/" + folder] + Self.small)
  }

  @Test func cellsStandSideBySide() throws {
    let shop = try Workshop()
    let outcome = compare(shop, "--cells lstm,gru --seeds 2 --parameters 900")
    #expect(outcome.code == 0)
    #expect(
      outcome.lines[0].wholeMatch(of: /cell  units  weights  held out, nats per character  best iteration  s an epoch  runs/)
        != nil)
    #expect(outcome.lines.count == 3)
    for line in outcome.lines.dropFirst() {
      let row = try #require(line.wholeMatch(of: /(lstm|gru) +\d+ +(\d+) +\d\.\d{3} ± \d\.\d{3} +\d+ +\d+\.\d\d +2/))
      // One unit more or less of an LSTM of 9 units with vectors as long is 4 · 9 · 4 + 25 weights.
      #expect(abs((Int(row.2) ?? 0) - 900) <= 85)
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: shop("all")).sorted()
        == ["chart.svg", "comparison.json", "gru-0", "gru-1", "lstm-0", "lstm-1", "report.html"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: shop("all/gru-1")).sorted()
        == ["checkpoint.safetensors", "configuration.json", "log.jsonl", "model.safetensors", "report.html", "result.json"])
    #expect(outcome.messages.contains("4 runs of at most 12 iterations, "))
    #expect(outcome.messages.contains("4 of 4 runs were at their best at the end: with more --iterations they may get better\n"))
  }

  /// A run is the same as a training by itself, to the last bit, and a folder that other commands take.
  @Test func aRunIsATraining() throws {
    let shop = try Workshop()
    #expect(compare(shop, "--cells gru,rnn --seeds 2 --units 5,7").code == 0)
    let words = [
      "train", "text", "$/text.txt", "--output", "$/alone", "--threads", "1", "--cell", "rnn", "--units", "7", "--seed", "1",
    ]
    #expect(shop.run(words + Self.small).code == 0)
    #expect(try shop.read("alone/model.safetensors") == shop.read("all/rnn-1/model.safetensors"))
    #expect(try shop.log("alone") == shop.log("all/rnn-1"))
    #expect(shop.run("train text --resume $/all/rnn-1 --iterations 14").code == 0)
    #expect(shop.run("generate $/all/gru-0 --length 5").code == 0)
  }

  @Test func theSameCommandGoesOnAndTakesMoreCellsAndSeeds() throws {
    let shop = try Workshop()
    let first = compare(shop, "--cells gru --seeds 1 --units 5 --json")
    #expect(first.code == 0)
    let log = try shop.read("all/gru-0/log.jsonl")
    let again = compare(shop, "--cells gru --seeds 1 --units 5 --json")
    #expect(again.output == first.output)
    #expect(again.messages.contains("1 of 1 runs are there already\n"))

    let more = compare(shop, "--seeds 2 --cells gru,rnn,lstm[b_f=0] --units 5 --json")
    #expect(more.messages.contains("1 of 6 runs are there already\n"))
    #expect(try shop.read("all/gru-0/log.jsonl") == log)
    let report = try #require(JSONSerialization.jsonObject(with: Data(more.output.utf8)) as? [String: Any])
    let cells = try #require(report["cells"] as? [[String: Any]])
    #expect(Set(cells.compactMap { $0["cell"] as? String }) == ["gru", "rnn", "lstm[b_f=0]"])
    #expect(cells.allSatisfy { ($0["runs"] as? [Any])?.count == 2 })
    #expect(FileManager.default.fileExists(atPath: shop("all/lstm-b_f-0--1/model.safetensors")))
  }

  /// More iterations go on with the runs that there are, to the same bits as if they had been asked for at once.
  @Test func aComparisonTakesMoreIterations() throws {
    let shop = try Workshop()
    func compare(_ iterations: Int, _ folder: String) -> Workshop.Outcome {
      shop.run(
        "compare text $/text.txt --cells gru,rnn --seeds 1 --units 5 --batch 4 --sequence 10 --validate-every 5 --iterations \(iterations) "
          + "--output $/\(folder)")
    }
    #expect(compare(10, "all").code == 0)
    let longer = compare(20, "all")
    #expect(longer.code == 0, "\(longer.messages)")
    #expect(!longer.messages.contains("are there already"))
    #expect(compare(20, "whole").code == 0)
    for run in ["gru-0", "rnn-0"] {
      #expect(try shop.read("all/\(run)/model.safetensors") == shop.read("whole/\(run)/model.safetensors"))
      #expect(try shop.log("all/\(run)") == shop.log("whole/\(run)"))
    }
    #expect(compare(20, "all").messages.contains("2 of 2 runs are there already\n"))
    let fewer = compare(10, "all")
    #expect(fewer.code == 1)
    #expect(
      fewer.messages.hasSuffix(
        "error: the runs of the comparison in $/all have up to 20 iterations: --iterations can be more, but not fewer; or name another folder "
          + "as --output\n"))
  }

  @Test func aRunThatStoppedEarlyStaysSo() throws {
    let shop = try Workshop()
    func compare(_ iterations: Int) -> Workshop.Outcome {
      shop.run(
        "compare text $/text.txt --cells gru --seeds 2 --units 5 --batch 4 --sequence 10 --validate-every 1 --patience 2 --learning-rate 1e-30 "
          + "--iterations \(iterations) --output $/all")
    }
    let first = compare(9)
    #expect(first.code == 0)
    let longer = compare(12)
    #expect(longer.output == first.output)
    #expect(
      longer.messages.contains(
        "2 of them stopped early, since validations brought nothing better, and stay as they are, whatever --iterations is\n"))
  }

  /// Ctrl-C when the first run has ended, in a process of its own, since signals belong to the process.
  @Test func anInterruptedComparisonGoesOnAsIfItHadNeverStopped() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let shop = try Workshop()
      let words =
        "compare --cells gru,rnn,lstm text $/text.txt --seeds 2 --units 6 --iterations 300 --validate-every 20 --batch 4 --sequence 10"
        .split(separator: " ").map(String.init)
      let whole = shop.run(words + ["--output", "$/whole"])
      guard whole.code == 0 else { exit(1) }
      let stopped = shop.run(words + ["--output", "$/all"]) { $0.interrupting(after: "gru, seed") }
      guard stopped.code == 130, stopped.output == "" else { exit(2) }
      guard stopped.messages.hasSuffix("stopped, and saved; the same command goes on\n") else { exit(3) }
      guard !FileManager.default.fileExists(atPath: shop("all/lstm-1/result.json")) else { exit(4) }
      let finished = shop.run(words + ["--output", "$/all"])
      guard finished.code == 0, finished.messages.contains(" runs are there already\n") else { exit(5) }
      for run in ["gru-0", "gru-1", "rnn-0", "rnn-1", "lstm-0", "lstm-1"] {
        guard try shop.read("all/\(run)/model.safetensors") == shop.read("whole/\(run)/model.safetensors") else { exit(6) }
        guard try shop.log("all/\(run)") == shop.log("whole/\(run)") else { exit(8) }
      }
      exit(7)
    }
  }

  @Test func whatIsRightIsCountedWhereTheTaskCountsIt() throws {
    let shop = try Workshop()
    let outcome = shop.run(
      "compare problem adding --length 8 --cells rnn,gru --seeds 1 --units 4 --iterations 6 --validate-every 3 --output $/all")
    #expect(outcome.code == 0)
    #expect(outcome.lines[0].hasPrefix("cell  units  weights  % right  held out, squared error  best iteration  s for 1,000"))
    #expect(try String(decoding: shop.read("all/chart.svg"), as: UTF8.self).contains("What was right, by cell"))
  }

  @Test func aFileThatNothingIsChosenByIsMeasured() throws {
    let shop = try Workshop()
    let outcome = compare(shop, "--cells gru --seeds 1 --units 5 --test-file $/text.txt --json")
    #expect(outcome.code == 0)
    let report = try JSONValue(parsing: outcome.output.utf8, in: "it", "this")
    let test = try #require(report["cells"]?[0]?["test"]?["mean"]?.double)
    let evaluated = try JSONValue(parsing: shop.run("evaluate $/all/gru-0 $/text.txt --json").output.utf8, in: "it", "this")
    // One thread here and as many as there are processors there; the sums are in single precision.
    #expect(abs(test - (evaluated["nats"]?.double ?? 0)) < 1e-5)
    let bits = try #require(report["cells"]?[0]?["test_figures"]?["bits"]?["mean"]?.double)
    // A quotient of the same number.
    #expect(abs(bits - test / log(2)) < 1e-12)
  }

  /// They are what `evaluate` says of the same model and file.
  @Test func whatTheTaskCountsIsMeasuredThereToo() throws {
    let shop = try Workshop()
    try shop.write((0..<40).map { "\(["ka", "mi", "to", "ru"][$0 % 4])\(["a", "o"][$0 % 2])\t\($0 % 2)\n" }.joined(), "names.tsv")
    try shop.write((0..<40).map { "d\($0 % 3)\t\($0 % 3 == 0 ? "X" : "Y")\n\($0 % 2 == 1 ? "\n" : "")" }.joined(), "words.tsv")
    try shop.write("day,a\n" + (0..<60).map { "\($0),\(20 + $0 % 4 + $0 % 7)\n" }.joined(), "sales.csv")
    let cases: [(task: String, file: String, words: String, figure: String, evaluated: (JSONValue) -> Double?)] = [
      ("classify", "names.tsv", "", "accuracy", { $0["accuracy"]?.double }),
      ("tag", "words.tsv", "--embedding 4 --character-units 4", "accuracy", { $0["accuracy"]?.double }),
      ("forecast", "sales.csv", "--season 4", "mase", { $0["model"]?["mase"]?.double }),
    ]
    for (task, file, words, figure, evaluated) in cases {
      let outcome = shop.run(
        "compare \(task) $/\(file) --cells gru --seeds 1 --units 4 --iterations 6 --validate-every 3 \(words) --test-file $/\(file) --output "
          + "$/\(task) --json")
      #expect(outcome.code == 0, "\(outcome.messages)")
      let report = try JSONValue(parsing: outcome.output.utf8, in: "it", "this")
      let found = try #require(report["cells"]?[0]?["test_figures"]?[figure]?["mean"]?.double)
      let said = try JSONValue(parsing: shop.run("evaluate $/\(task)/gru-0 $/\(file) --json").output.utf8, in: "it", "this")
      // Other threads sum in another order, in single precision; labels that are right are counted.
      #expect(abs(found - (try #require(evaluated(said)))) < 1e-4, "\(task)")
    }
  }

  @Test func tablesAreTestedToo() throws {
    let shop = try Workshop()
    let rows = "day,a\n" + (0..<60).map { "\($0),\($0 % 2)\n" }.joined()
    try shop.write(rows, "a.csv")
    let outcome = shop.run(
      "compare forecast $/a.csv --target a --season 0 --cells gru --seeds 1 --units 4 --iterations 4 --validate-every 2 --test-file $/a.csv "
        + "--output $/all")
    #expect(outcome.code == 0)
    #expect(outcome.lines[0].contains("held out, nats per step   test  test, MASE  best"))
    #expect(outcome.messages.contains("bernoulli (--likelihood)"))
  }

  @Test func aRunThatDivergesIsSaidAndTheOthersGoOn() throws {
    let shop = try Workshop()
    let outcome = compare(shop, "--cells irnn,gru --seeds 1 --units 5 --optimizer sgd --learning-rate 1000 --clip 0")
    #expect(outcome.code == 0)
    // What rectifies grows without bound; what is squashed need not.
    #expect(outcome.lines.count == 3 && outcome.lines.contains { $0.hasPrefix("irnn ") && $0.hasSuffix("1, 1 failed") })
    #expect(outcome.messages.contains(/irnn, seed 0: .*at iteration \d/))
    // It is not tried again.
    #expect(
      compare(shop, "--cells irnn,gru --seeds 1 --units 5 --optimizer sgd --learning-rate 1000 --clip 0").output == outcome.output
    )
  }

  /// Nothing is left to compare, which is no success.
  @Test(arguments: ["", "--json"])
  func runsThatAllDivergeAreAFailure(json: String) throws {
    let shop = try Workshop()
    let outcome = compare(shop, "--cells irnn --seeds 2 --units 5 --optimizer sgd --learning-rate 1e30 --clip 0 \(json)")
    #expect(outcome.code == 1 && !outcome.output.isEmpty)
    #expect(outcome.messages.contains(/error: no run came to its end, which leaves nothing to compare: .* at iteration \d/))
  }

  /// What a training adds to its model at its end is there, and the same.
  @Test func aComparedModelKnowsWhatIsUnusual() throws {
    let shop = try Workshop()
    try shop.write("a\n" + (0..<60).map { "\($0 * $0 % 11)\n" }.joined(), "a.csv")
    let words = "forecast $/a.csv --season 0 --units 4 --iterations 4 --validate-every 2 --threads 1"
    #expect(shop.run("compare \(words) --cells gru --seeds 1 --output $/all").code == 0)
    #expect(shop.run("train \(words) --cell gru --output $/alone").code == 0)
    #expect(try shop.read("all/gru-0/model.safetensors") == shop.read("alone/model.safetensors"))
    #expect(shop.run("evaluate $/all/gru-0 $/a.csv --surprise").lines.first == "step,surprise,unusual")
  }

  @Test(arguments: [
    RefusalTests.Refusal(
      "compare text $/text.txt --cells lstm,lsmt", "no cell of the library is called `lsmt`; did you mean `lstm`?"),
    .init("compare text $/text.txt --cells lstm,gru,lstm", code: 2, "--cells names lstm twice"),
    .init(
      "compare text $/text.txt --cells lstm,", code: 2, "--cells has nothing between two commas, or at an end: \"lstm,\""),
    .init(
      "compare text $/text.txt --cells lstm,gru --units 3,4,5", code: 2,
      "--units gives 3 numbers for 2 cells: give one number, or one for each cell"),
    .init(
      "compare text $/text.txt --units 3,x", code: 2,
      "--units is \"3,x\"; expected a whole number from 1 to 65536, or several with commas between them"),
    .init(
      "compare text $/text.txt --units 3 --parameters 900", code: 2,
      "give either --units or --parameters, which chooses the units, not both"),
    .init(
      "compare text $/text.txt --cells lstm --resume $/run", code: 2,
      "there is no option --resume here: the same command goes on where it was stopped"),
    .init(
      "compare text $/text.txt --cell lstm", code: 2, "there is no option --cell here: --cells names all that are to be compared"),
    .init(
      "compare problem adding --cells rnn --seeds 2 --seed 9223372036854775807", code: 2,
      "--seed 9223372036854775807 leaves no room for 2 runs: give a smaller one"),
    .init("compare text", code: 2, "FILE is missing: the text, in UTF-8; gzip may have packed it"),
    .init(
      "compare --cells lstm,gru", code: 2,
      "the command is missing: text, forecast, classify, label, map, tag, transcribe, translate or problem"),
    .init("compare --cells lstm,gru txt $/text.txt", code: 2, "there is no command txt; did you mean text?"),
    .init("compare --cell lstm text $/text.txt", code: 2, "there is no option --cell; did you mean --cells?"),
    .init(
      "compare problem adding --test-file $/text.txt", code: 2,
      "there is no --test-file of a problem, which makes fresh sequences to validate on: leave it out"),
    .init(
      "compare text $/text.txt --validation 0 --batch 4",
      "nothing is held out to compare cells by: leave --validation out, or give it more"),
    .init(
      "compare text $/text.txt --batch 4 --output $/run",
      "$/run is there already and holds no comparison: name another folder as --output"),
  ])
  func misuseIsExplained(_ each: RefusalTests.Refusal) throws {
    let shop = try Workshop()
    #expect(shop.train("--iterations 1", into: "run").code == 0)
    let outcome = shop.run(each.line)
    #expect(outcome.code == each.code)
    #expect(outcome.output == "")
    let said = outcome.messages.split(separator: "\n").first { $0.hasPrefix("error: ") }
    #expect(said.map(String.init) == "error: \(each.sentence)")
  }

  @Test func tooFewWeightsAreTooFew() throws {
    let shop = try Workshop()
    let outcome = compare(shop, "--cells lstm --parameters 20")
    #expect(outcome.code == 1)
    #expect(
      outcome.messages.contains(
        /error: with lstm even a network of one unit has \d+ weights, more than --parameters 20: give more\n/))
    #expect(!FileManager.default.fileExists(atPath: shop("all")))
  }

  @Test func aFolderOfAnotherComparisonIsRefused() throws {
    let shop = try Workshop()
    try shop.write("cell mine\ninput x\nstate h\nh' = tanh(W x + U h)\n", "mine.cell")
    #expect(compare(shop, "--cells gru,$/mine.cell --seeds 1 --units 5").code == 0)
    let other = compare(shop, "--cells gru --seeds 1 --units 5 --dropout 0.1")
    #expect(other.code == 1)
    #expect(
      other.messages.hasSuffix(
        "error: $/all holds another comparison, of `recurrent compare text $/text.txt --batch 4 --sequence 10 "
          + "--validate-every 5`: name another folder as --output, or take up that one\n"))
    let units = compare(shop, "--cells gru --seeds 1 --units 6")
    #expect(
      units.messages.hasSuffix("error: gru has 5 units in the comparison in $/all, not 6: name another folder as --output\n"))

    try shop.write("cell mine\ninput x\nstate h\nh' = tanh(W x + U h + b)\n", "mine.cell")
    #expect(
      compare(shop, "--cells $/mine.cell --seeds 1 --units 5").messages.hasSuffix(
        "error: the equations of $/mine.cell have changed since the comparison in $/all began: give the new ones another name, or name "
          + "another folder as --output\n"))

    try shop.write(Workshop.text.replacingOccurrences(of: "no. 3", with: "no. 4"), "text.txt")
    #expect(
      compare(shop, "--cells gru --seeds 1 --units 5").messages.hasSuffix(
        "error: the data have changed since the comparison in $/all began: put the old ones back, or name another folder as --output\n"
      ))
  }
}
