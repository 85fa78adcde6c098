import CommandLine
import Foundation
import Support
import Testing

struct ForecastTests {
  /// Ten years of months with a season and a trend, and a little noise that is no chance.
  private static let sales =
    "month,units\n"
    + (0..<120).map { step in
      let value = 100 + Double(step) + 20 * sin(Double(step) * .pi / 6) + Double(step * step % 7)
      return "\(2000 + step / 12)-\(step % 12 < 9 ? "0" : "")\(step % 12 + 1),\(value.fixed(2))\n"
    }.joined()

  private static let small = "--units 6 --threads 1 --seed 3 --iterations 60 --validate-every 10"

  private func shop(_ text: String = sales, _ name: String = "sales.csv") throws -> Workshop {
    let shop = try Workshop()
    try shop.write(text, name)
    return shop
  }

  @Test func aTableIsDescribedTrainedForecastAndEvaluated() throws {
    let shop = try shop()
    let described = shop.run("describe $/sales.csv")
    #expect(described.code == 0)
    #expect(described.lines.first == "$/sales.csv: 120 rows, 2 columns separated by commas")
    #expect(described.lines.last == "to forecast: recurrent train forecast $/sales.csv")

    let trained = shop.run("train forecast $/sales.csv --test 24 --output $/run \(Self.small)")
    #expect(trained.code == 0)
    #expect(trained.messages.contains("- each value is learned as a change from what a linear autoregression expects, of the "))
    #expect(trained.lines.contains("model: $/run/model.safetensors"))
    // What an analyst asks is answered by the held-out part.
    for name in ["model", "naive", "seasonal naive", "linear"] {
      #expect(trained.lines.contains { $0.hasPrefix(name + " ") }, "\(name)")
    }

    #expect(
      trained.messages.contains(
        "- only 84 steps to train on; a network soon overfits them: some dropout (--dropout 0.2, "
          + "--input-dropout 0.1, --recurrent-dropout 0.1)\n"))
    #expect(trained.messages.contains("stops before that after 15 validations without a better one (--patience)\n"))
    let page = try String(decoding: shop.read("run/report.html"), as: UTF8.self)
    #expect(page.contains("<h2>Beside what was held out</h2>") && page.contains("<figcaption>units</figcaption>"))
    #expect(page.contains("what came"))

    let forecast = shop.run("forecast $/run $/sales.csv --horizon 3 --samples 50 --quantiles 0.1,0.9 --svg $/sales.svg")
    #expect(forecast.code == 0)
    #expect(forecast.lines.count == 4 && forecast.lines[0] == "month,target,mean,q0.1,q0.9")
    #expect(forecast.lines[1...].map { $0.prefix(14) } == ["2010-01,units,", "2010-02,units,", "2010-03,units,"])
    for line in forecast.lines[1...] {
      let numbers = try line.split(separator: ",").dropFirst(2).map { try #require(Double($0)) }
      #expect(numbers[1] < numbers[0] && numbers[0] < numbers[2])
    }
    #expect(try String(decoding: shop.read("sales.svg"), as: UTF8.self).contains("class=\"band\""))

    // From a row within the file: its values from there on are not read.
    let earlier = shop.run("forecast $/run $/sales.csv --horizon 3 --samples 50 --from 100")
    #expect(
      earlier.code == 0 && earlier.lines[1...].map { $0.prefix(8) } == ["2008-04,", "2008-05,", "2008-06,"], "\(earlier.lines)")
    try shop.write(Self.sales.split(separator: "\n").prefix(100).joined(separator: "\n") + "\n", "cut.csv")
    #expect(shop.run("forecast $/run $/cut.csv --horizon 3 --samples 50").output == earlier.output)
    #expect(
      shop.run("forecast $/run $/sales.csv --from 121").messages.contains(
        "has no row 121 with rows before it: give one from 2 to 120"))

    let evaluated = shop.run("evaluate $/run $/sales.csv --samples 40 --json")
    let report = try #require(JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any])
    let scores = try ["model", "naive", "seasonal_naive"].map { try #require((report[$0] as? [String: Any])?["mae"] as? Double) }
    #expect(report["origins"] as? Int == 24 && report["stride"] as? Int == 1 && report["point"] as? String == "median")
    let sampled = shop.run("evaluate $/run $/sales.csv --samples 40 --stride 10")
    #expect(sampled.lines[0] == "3 origins, one step in 10, up to 12 steps ahead, 28 values forecast", "\(sampled.lines)")
    for (name, hasBands) in [("model", true), ("naive", false), ("seasonal_naive", false)] {
      #expect(((report[name] as? [String: Any])?["coverage80"] is Double) == hasBands)
    }
    #expect(scores[0] < scores[1] && scores[0] < scores[2])
    #expect((report["verdict"] as? String)?.hasPrefix("The model") == true)

    let surprisal = shop.run("evaluate $/run $/sales.csv --surprise")
    #expect(surprisal.lines.first == "month,surprise,unusual" && surprisal.lines.count == 25)
    #expect(surprisal.messages.contains(/\d+ of 24 steps surprise more than -?\d+\.\d{3},/))
  }

  /// However large the values are beside what they differ by.
  @Test func forecastsHaveTheDigitsOfTheirSeries() throws {
    let shop = try shop("t,y\n" + (0..<60).map { "\($0),\(1_000_000_000.5 + Double($0 * 3 % 7))\n" }.joined(), "large.csv")
    #expect(shop.run("train forecast $/large.csv --output $/run --horizon 2 \(Self.small)").code == 0)
    let forecast = shop.run("forecast $/run $/large.csv --samples 50 --quantiles 0.1,0.5,0.9")
    #expect(forecast.code == 0 && forecast.lines.count == 3)
    for line in forecast.lines.dropFirst() {
      let texts = line.split(separator: ",").dropFirst(2)
      let numbers = try texts.map { try #require(Double($0)) }
      #expect(numbers[1] < numbers[2] && numbers[2] < numbers[3] && abs(numbers[2] - 1_000_000_003.5) < 20)
      // A deviation of 2, to a millionth.
      #expect(texts.allSatisfy { !$0.contains("e") && ($0.split(separator: ".").last?.count ?? 0) <= 6 })
    }
  }

  /// Where ones are rare the median is 0, and so is that of the naive forecast; probabilities are what the model has to say.
  @Test func probabilitiesAreNotJudgedByTheirMedian() throws {
    let shop = try shop("t,y\n" + (0..<200).map { "\($0),\($0 * $0 % 37 == 1 ? 1 : 0)\n" }.joined(), "rare.csv")
    #expect(shop.run("train forecast $/rare.csv --output $/run --test 20 --season 0 \(Self.small)").code == 0)
    // Two ones in the last 20 steps, and none in the last 10.
    let evaluated = shop.run("evaluate $/run $/rare.csv --samples 40")
    #expect(
      try #require(evaluated.lines.last).contains(
        /^The model is \d+\.\d % nearer than the (seasonal )?naive forecast, by the CRPS\.$/))
    let zeros = shop.run("evaluate $/run $/rare.csv --last 10 --samples 40")
    #expect(
      try #require(zeros.lines.last).hasPrefix("The model is no better than the naive forecast, whose error is 100.0 % smaller: ")
    )
  }

  @Test func severalSeriesLearnTogetherInLongAndInWideForm() throws {
    let rows = (0..<40).map { step in (step, 10 + step % 4, 200 + 5 * (step % 4)) }
    let long = "day,store,units\n" + rows.map { "\($0.0),a,\($0.1)\n\($0.0),\"b, too\",\($0.2)\n" }.joined()
    let wide = "day,a,b\n" + rows.map { "\($0.0),\($0.1),\($0.2)\n" }.joined()
    let shop = try shop(long, "long.csv")
    try shop.write(wide, "wide.csv")
    let small = "--units 4 --threads 1 --iterations 4 --horizon 2 --season 4"
    for (name, words, header) in [("long", "", "store,day"), ("wide", "--wide", "series,day")] {
      let trained = shop.run("train forecast $/\(name).csv --output $/\(name) \(words) \(small)")
      #expect(trained.code == 0, "\(trained.messages)")
      let forecast = shop.run("forecast $/\(name) $/\(name).csv --samples 5")
      #expect(forecast.lines[0].hasPrefix(header + ",target,mean,"))
      #expect(forecast.lines.count == 5)
      #expect(forecast.lines[3].hasPrefix(name == "long" ? "\"b, too\",40," : "b,40,"))
    }
  }

  @Test func aRunGoesOnAsIfItHadNeverStopped() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let shop = try Workshop()
      try shop.write(Self.sales, "sales.csv")
      let words = "--units 4 --threads 1 --iterations 300 --validate-every 10 --dropout 0.2 --patience 30"
      guard shop.run("train forecast $/sales.csv --output $/whole \(words)").code == 0 else { exit(1) }
      let outcome = shop.run("train forecast $/sales.csv --output $/run \(words)".split(separator: " ").map(String.init)) {
        $0.interrupting(after: "iteration 40,")
      }
      guard outcome.code == 130, outcome.messages.hasSuffix("  recurrent train forecast --resume $/run\n") else { exit(2) }
      guard shop.run("train forecast --resume $/run").code == 0 else { exit(3) }
      guard try shop.read("run/model.safetensors") == shop.read("whole/model.safetensors") else { exit(4) }
      try shop.write(Self.sales.replacingOccurrences(of: ",126", with: ",127"), "sales.csv")
      let changed = shop.run("train forecast --resume $/run")
      guard changed.code == 1, changed.messages.contains("$/sales.csv has changed since the run in $/run began") else { exit(5) }
      exit(7)
    }
  }

  private static func days(_ value: (Int) -> String?) -> String {
    var text = "day,a\n"
    for day in 10..<30 { if let value = value(day) { text += "2024-01-\(day),\(value)\n" } }
    return text
  }

  private static let mistakes: [(String, String, Int32, String)] = [
    (
      "day,a\n2024-01-01,1\n2024-01-02,x\n2024-01-03,3\n", "", 1,
      "t.csv, line 3, column a: “x” stands where a number is expected; mend it, or leave the place empty"
    ),
    (
      "day,a\n2024-01-01,1\n2024-01-02,x\n2024-01-03,3\n", " --target a", 1,
      "t.csv, line 3, column a: “x” stands where a number is expected; mend it, or leave the place empty"
    ),
    ("day,a\n2024-01-01,one\n2024-01-02,two\n2024-01-03,two\n", "", 1, "t.csv has no column of numbers to forecast"),
    (
      days { $0 == 15 ? "1.5.1" : "\($0)" }, "", 1,
      "t.csv, line 7, column a: “1.5.1” stands where a number is expected; mend it, or leave the place empty"
    ),
    (
      days { $0 == 20 ? nil : "\($0 % 3)" }, "", 1,
      "t.csv, line 12: 2024-01-21 comes after 2024-01-19: 1 row is missing, a day each; put them in, or give --missing interpolate"
    ),
    ("day,a\n2024-01-02,1\n2024-01-01,2\n", "", 1, "t.csv, line 3: 2024-01-01 comes after 2024-01-02, which goes back in time; "),
    (
      "day,a,b\n2024-01-01,1,2\n2024-01-02,2,1\n", "", 1,
      "t.csv has 2 columns that could be forecast, such as “a” and “b”: say which with --target NAME"
    ),
    ("day,a\n2024-01-01,1\n2024-01-02,2\n", "--target c", 1, "t.csv has no column “c”; it has “day”, “a”"),
    ("day,a\n2024-01-01,1\n2024-01-02,2\n", "--bidirectional", 2, "--bidirectional"),
  ]

  /// Each is mended by what its message says.
  @Test(arguments: mistakes)
  func whatIsWrongIsNamed(text: String, words: String, code: Int32, message: String) throws {
    let shop = try shop(text, "t.csv")
    let run = shop.run("train forecast $/t.csv --output $/run " + words)
    #expect(run.code == code)
    #expect(run.messages.contains(message), "\(run.messages)")
    #expect(!FileManager.default.fileExists(atPath: shop("run")))
  }

  @Test func whatAModelHasNoUseForIsRefused() throws {
    let shop = try shop()
    #expect(shop.train("--iterations 2", into: "text").code == 0)
    #expect(shop.run("forecast $/text $/sales.csv").messages.contains("it is a model, but it does not forecast"))
    #expect(shop.run("evaluate $/text $/text.txt --last 3").messages.contains("--last is for a model that forecasts"))
    #expect(shop.run("train forecast $/sales.csv --output $/run \(Self.small)").code == 0)
    #expect(shop.run("generate $/run").messages.contains("is no language model"))
    try shop.write("month,units\n2000-01,5\n2000-02,6\n", "short.csv")
    #expect(
      shop.run("forecast $/run $/short.csv").messages.contains("has 2 steps, and the model needs at least 12 to go on from"))
    try shop.write("day,units\n2000-01,5\n", "other.csv")
    #expect(shop.run("forecast $/run $/other.csv").messages.contains("has no column “month”, which is needed"))
  }

  /// What was asked for in training holds for the model, and it is told of gaps only if it has learned what they are.
  @Test func missingValuesAreTreatedAsInTraining() throws {
    let shop = try shop()
    try shop.write(Self.sales.replacingOccurrences(of: "2003-05,", with: "2003-05,\n#").replacing(/\n#.*/, with: ""), "hole.csv")
    #expect(
      shop.run("train forecast $/sales.csv --output $/filled --missing interpolate \(Self.small)").code == 0
        && shop.run("train forecast $/sales.csv --output $/told --missing mask \(Self.small)").code == 0
        && shop.run("train forecast $/sales.csv --output $/plain \(Self.small)").code == 0)
    for (model, message) in [
      ("filled", "- 1 missing value was interpolated\n"),
      ("told", "- 1 missing value is masked: the network reads that, and learns nothing from it\n"),
    ] {
      let forecast = shop.run("forecast $/\(model) $/hole.csv --samples 5")
      #expect(forecast.code == 0 && forecast.messages.contains(message), "\(forecast.messages)")
    }
    #expect(shop.run("forecast $/plain $/hole.csv").messages.contains("column units: the value is missing; put it in, or give"))
    let refused = "the model was trained without --missing mask, so that it reads no mask of what is missing: "
    for words in ["forecast $/plain $/hole.csv", "evaluate $/plain $/hole.csv", "forecast $/plain"] {
      let run = shop.run(words + " --missing mask")
      #expect(run.code == 1 && run.messages.contains(refused), "\(run.messages)")
    }
    let stream = shop.run("forecast $/filled --missing interpolate")
    #expect(stream.code == 2 && stream.messages.contains("which a stream does not have yet: give a FILE"))
  }

  @Test func aSeriesThatIsTooShortIsLeftOut() throws {
    let rows = ["a", "b"].map { name in (0..<40).map { "\($0),\(name),\(10 + $0 % 7)\n" }.joined() }
    let shop = try shop("day,store,units\n" + rows.joined(), "stores.csv")
    let words = "--season 7 --difference none --likelihood normal --horizon 2 \(Self.small)"
    #expect(shop.run("train forecast $/stores.csv --output $/run \(words)").code == 0)
    // In the middle, so that half of an output would show.
    try shop.write("day,store,units\n\(rows[0])0,new,5\n1,new,6\n0,newer,5\n\(rows[1])", "more.csv")
    let forecast = shop.run("forecast $/run $/more.csv --samples 5")
    #expect(forecast.code == 0 && forecast.lines.dropFirst().map { $0.prefix(4) } == ["a,40", "a,41", "b,40", "b,41"])
    #expect(
      forecast.messages.contains(
        "- the series new of $/more.csv has 2 steps, and the model needs at least 10 to go on from; so it is with 1 more: they are left out\n"
      ),
      "\(forecast.messages)")
    try shop.write("day,store,units\n0,new,5\n", "new.csv")
    let refused = shop.run("forecast $/run $/new.csv")
    #expect(refused.code == 1 && refused.output.isEmpty)
    #expect(refused.messages.contains("the series new of $/new.csv has 1 step, and the model needs at least 10 to go on from"))
  }

  @Test func whatIsKnownAheadMustBeThere() throws {
    let text =
      "month,units,price\n" + Self.sales.split(separator: "\n").dropFirst().enumerated().map { "\($1),\($0 % 3)\n" }.joined()
    let shop = try shop(text)
    let trained = shop.run("train forecast $/sales.csv --target units --known price --output $/run --horizon 2 \(Self.small)")
    #expect(trained.code == 0)
    #expect(
      trained.messages.hasSuffix(
        "to see what comes: recurrent forecast $/run FILE, with a row more for each step to come that leaves units empty and has price\n"
      ),
      "\(trained.messages)")
    #expect(
      shop.run("forecast $/run $/sales.csv").messages.contains(
        "$/sales.csv has no row after its last value, and a forecast of 2 steps reads what is known ahead of each (price): "
          + "add 2 rows that leave units empty\n"))
    try shop.write(text + "2010-01,,1\n2010-02,,2\n", "more.csv")
    let short = shop.run("forecast $/run $/more.csv --horizon 3")
    #expect(
      short.messages
        == "- 2 rows at the end have no value yet: what is known ahead is read of them\nerror: $/more.csv has 2 rows after its last "
        + "value, and a forecast of 3 steps reads what is known ahead of each (price): add 1 row that leaves units empty, or give "
        + "--horizon 2\n")
    let forecast = shop.run("forecast $/run $/more.csv --samples 5")
    #expect(forecast.code == 0 && forecast.lines.map { $0.prefix(7) } == ["month,t", "2010-01", "2010-02"])
    #expect(shop.run("forecast $/run").messages.contains("which a stream of the past does not have: give a FILE"))
  }
}

struct DescribeTests {
  @Test func whatIsWrongWithATableIsListed() throws {
    let shop = try Workshop()
    try shop.write(
      "day,store,units,same\n2024-01-01,a,1,5\n2024-01-02,a,,5\n2024-01-04,a,3,5\n2024-01-01,b,4,5\n2024-01-02,b,5,5\n2024-01-03,b,6,5\n"
        + (4..<20).map { "2024-01-\($0 < 10 ? "0" : "")\($0),b,\($0 == 9 ? "nine" : "\($0)"),5\n" }.joined(), "t.csv")
    let run = shop.run("describe $/t.csv")
    #expect(run.code == 0)
    #expect(
      run.lines.filter { $0.hasPrefix("! ") } == [
        "! line 13, column units: “nine” stands where a number is expected",
        "! column units: 1 value is missing, the first in line 3", "! column same: it is the same in every row",
        "! 1 row is missing between others; the first before line 4: 2024-01-04 comes after 2024-01-02 in the series a",
      ])
    #expect(run.lines.contains("series: 2 by store, of 3 to 19 rows"))
    #expect(!run.output.contains("to forecast"))
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(shop.run("describe $/t.csv --json").output.utf8)) as? [String: Any])
    #expect(report["series"] as? Int == 2 && report["step"] as? String == "a day" && report["group"] as? String == "store")
  }

  /// The command that is shown does what it says.
  @Test(arguments: [("years", ""), ("uneven", " --time none --target spots")])
  func timesWithDecimalsAreDescribed(name: String, words: String) throws {
    let shop = try Workshop()
    let times = (0..<60).map { name == "years" ? (1749 + Double($0) / 12).fixed(3) : "\($0 * $0 % 7 + 10 * $0)" }
    try shop.write("year,spots\n" + times.enumerated().map { "\($1),\($0 * 5 % 11).5\n" }.joined(), "\(name).csv")
    let described = shop.run("describe $/\(name).csv")
    #expect(described.output.contains("\n! ") == (name == "uneven"), "\(described.output)")
    #expect(described.lines.last == "to forecast: recurrent train forecast $/\(name).csv\(words)")
    let trained = shop.run("train forecast $/\(name).csv\(words) --units 4 --threads 1 --iterations 4 --output $/run")
    #expect(trained.code == 0, "\(trained.messages)")
  }

  @Test func otherDataIsDescribedToo() throws {
    let shop = try Workshop()
    try shop.write("the\tDET\ncat\tNOUN\n\nruns\tVERB\n", "w.tsv")
    try shop.write("@classLabel true low high\n@data\n1,2,3:4,5,6:low\n7,?:8,9:high\n", "v.ts")
    #expect(shop.run("describe $/w.tsv").lines[0] == "$/w.tsv: 2 sentences of up to 2 words, 3 words, 3 different ones")
    #expect(
      shop.run("describe $/v.ts").output
        == "$/v.ts: 2 sequences of 2 to 3 steps, 2 numbers a step\n1 numbers are missing\n2 labels: low (1), high (1)\n\n"
        + "to find labels: recurrent train classify $/v.ts\n")
  }
}
