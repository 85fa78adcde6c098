import CommandLine
import Foundation
import Models
import Storage
import Testing

struct TuneTests {
  private static let small =
    "--batch 4 --sequence 10 --iterations 8 --validate-every 1 --trials 4 --units 3..6 --cell gru --seed 2"

  private func tune(_ shop: Workshop, _ line: String, into folder: String = "search") -> Workshop.Outcome {
    shop.run("tune text $/text.txt --output $/\(folder) \(Self.small) \(line)")
  }

  private func trials(_ shop: Workshop, _ folder: String = "search") throws -> [JSONValue] {
    let record = try JSONValue(parsing: shop.read(folder + "/search.json"), in: folder, "its record")
    return try #require(record["halving"]?["trials"]?.array)
  }

  @Test func theBestSettingsAreACommandLineThatTrains() throws {
    let shop = try Workshop()
    let outcome = tune(shop, "--minutes 0.03")
    #expect(outcome.code == 0)
    #expect(
      outcome.lines[0].wholeMatch(of: /trial +rate  units  layers  dropout  iterations  held out, nats per character/) != nil)
    #expect(outcome.messages.contains("bracket 1, round 1: 4 trials to iteration 2\n"))
    #expect(outcome.messages.contains("bracket 1, round 3: 1 trial to iteration 8\n"))
    let line = try #require(outcome.lines.last).split(separator: " ").map(String.init)
    #expect(
      line.prefix(4) == ["recurrent", "train", "text", "$/text.txt"] && line.contains("--cell") && !line.contains("--trials")
        && !line.contains("--minutes") && !line.contains("--output"))
    let trained = shop.run(Array(line.dropFirst()) + ["--output", "$/best", "--threads", "1"])
    #expect(trained.code == 0)
    // The trial that was best has come just as far, to the same bits, if it has had all iterations.
    let best = outcome.lines[1].split(separator: " ")
    if best[5] == "8" {
      #expect(try shop.read("best/model.safetensors") == shop.read("search/trial-\(best[0])/model.safetensors"))
    }
  }

  @Test func aSearchGoesOnAndTheSeedDecidesWhatIsTried() throws {
    let shop = try Workshop()
    #expect(tune(shop, "--minutes 0.01 --json").code == 0)
    let before = try trials(shop)
    let again = tune(shop, "--minutes 0.01 --json")
    #expect(again.code == 0 && again.messages.contains("going on after "))
    let after = try trials(shop)
    #expect(after.count >= before.count)
    // What has been made stays as it was.
    for (old, new) in zip(before, after) {
      let losses = try #require(old["losses"]?.array)
      #expect(new["losses"]?.array?.prefix(losses.count) == losses[...])
      #expect(new["settings"] == old["settings"])
    }
    #expect(tune(shop, "--minutes 0.01 --threads 2", into: "other").code == 0)
    #expect(try trials(shop, "other").prefix(4).map { $0["settings"] } == before.prefix(4).map { $0["settings"] })

    let report = try JSONValue(parsing: again.output.utf8, in: "it", "this")
    #expect(report["command"]?.text?.hasPrefix("recurrent train text $/text.txt ") == true)
    let losses = try #require(report["trials"]?.array).compactMap { $0["validation"]?.double }
    #expect(losses == losses.sorted() && !losses.isEmpty)
  }

  @Test func theFirstTrialIsWhatTrainingDoesByItself() throws {
    let shop = try Workshop()
    #expect(tune(shop, "--minutes 0.01").code == 0)
    let settings = try #require(trials(shop)[0]["settings"])
    // 128 units are more than the range has.
    #expect(settings["learning_rate"]?.double == 0.002 && settings["units"]?.integer == 6)
    #expect(settings["layers"]?.integer == 1 && settings["dropout"]?.double == 0)
  }

  /// Of a small table training takes fewer units and some dropout, and so does the first trial: to the last bit what training does.
  @Test func theFirstTrialOfASmallTableIsWhatTrainingDoesByItself() throws {
    let shop = try Workshop()
    try shop.write("a\n" + (0..<60).map { "\($0 * $0 % 11)\n" }.joined(), "a.csv")
    let words = "forecast $/a.csv --season 0 --iterations 4 --validate-every 4"
    let outcome = shop.run("tune \(words) --trials 1 --minutes 0.05 --output $/search")
    #expect(outcome.code == 0)
    let settings = try #require(trials(shop).first?["settings"])
    #expect(settings["units"]?.integer == 16 && settings["dropout"]?.double == 0.2)
    #expect(shop.run("train \(words) --threads 1 --output $/alone").code == 0)
    #expect(try shop.read("search/trial-1/model.safetensors") == shop.read("alone/model.safetensors"))
  }

  /// Of forecasts it searches what values are learned as, too, and judges by an error that means the same for all.
  @Test func forecastsAreJudgedByTheirErrorWhateverIsLearned() throws {
    let shop = try Workshop()
    try shop.write("a\n" + (0..<120).map { "\(100 + $0 % 12 * 3 + $0 * $0 % 7).5\n" }.joined(), "a.csv")
    let words =
      "tune forecast $/a.csv --units 4 --layers 1 --dropout 0 --iterations 8 --validate-every 1 --trials 8 --minutes 0.2 --output "
    let outcome = shop.run(words + "$/search")
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(
      outcome.lines[0].wholeMatch(
        of: /trial +rate +units  layers  dropout +difference +likelihood  schedule  context  iterations  held out, MASE/) != nil)
    let rows = outcome.lines.dropFirst().map { $0.split(separator: " ").map(String.init) }.prefix { $0.count == 11 }
    let tried = try trials(shop).compactMap { $0["settings"] }
    for name in ["difference", "likelihood", "schedule", "context"] {
      #expect(Set(tried.compactMap { $0[name]?.double }).count > 1, "\(name)")
    }
    let errors = rows.compactMap { Double($0[10]) }
    #expect(errors.count == rows.count && errors == errors.sorted())
    let first = try #require(rows.first { $0[0] == "1" })
    #expect(first[5] == "linear" && first[7] == "constant")
    // What training chooses by itself is no option of the command that is found.
    let line = try #require(outcome.lines.last).split(separator: " ").map(String.init)
    #expect(line.contains("--difference") == (rows[0][5] != "linear"))
    #expect(shop.run(Array(line.dropFirst()) + ["--output", "$/best", "--threads", "1"]).code == 0)

    // What is asked for is not searched.
    let fixed = shop.run(words + "$/fixed --difference step --likelihood normal --json")
    let report = try JSONValue(parsing: fixed.output.utf8, in: "it", "this")
    let trials = try #require(report["trials"]?.array)
    #expect(trials.allSatisfy { $0["choices"]?["difference"] == nil && $0["choices"]?["schedule"]?.text != nil })
    #expect(trials.allSatisfy { $0["settings"]?["learning_rate"]?.double != nil && $0["settings"]?["schedule"] == nil })
  }

  @Test func aSearchWhoseTrialsAllBreakOffSaysSo() throws {
    let shop = try Workshop()
    let words =
      "tune text $/text.txt --batch 4 --sequence 10 --iterations 4 --validate-every 2 --trials 2 --cell irnn --units 5 --optimizer sgd "
      + "--clip 0 --learning-rate 1e30 --minutes 0.01 --output $/search"
    let outcome = shop.run(words)
    #expect(outcome.code == 1 && outcome.output == "")
    #expect(
      outcome.messages.contains(
        /error: each of the \d+ trials so far broke off, since its numbers grew without bound: search lower learning rates \(--learning-rate A\.\.B\), or clip the gradient harder \(--clip\)\n/
      ))
  }

  @Test func tooFewValidationsToHalveByAreSaid() throws {
    let shop = try Workshop()
    let said = "4 of the 4 trials of a bracket go on to the end, since there are too few validations to halve them more often: "
    let few = Self.small.replacing("--validate-every 1", with: "--validate-every 8")
    #expect(shop.run("tune text $/text.txt --output $/few \(few) --minutes 0.0001").messages.contains(said))
    #expect(!tune(shop, "--minutes 0.0001").messages.contains("go on to the end"))
  }

  @Test(arguments: [
    RefusalTests.Refusal(
      "tune text $/text.txt --units 9..3", code: 2,
      "--units is \"9..3\"; expected a whole number from 1 to 65536, or two with .. between them, the smaller one first"),
    .init(
      "tune text $/text.txt --learning-rate 0..1", code: 2,
      "--learning-rate is \"0..1\"; expected a number above 0, or two with .. between them, the smaller one first"),
    .init(
      "tune text $/text.txt --dropout 0..1", code: 2,
      "--dropout is \"0..1\"; expected a number of at least 0 and below 1, or two with .. between them, the smaller one first"),
    .init(
      "tune text $/text.txt --minutes 0", code: 2, "--minutes is \"0\"; expected a number above 0 and at most 1000000"),
    .init(
      "tune text $/text.txt --minutes 1e300", code: 2,
      "--minutes is \"1e300\"; expected a number above 0 and at most 1000000"),
    .init(
      "tune text $/text.txt --resume $/run", code: 2,
      "there is no option --resume here: the same command goes on where it was stopped"),
    .init("tune text $/none.txt", "$/none.txt can't be opened: No such file or directory"),
    .init(
      "tune text $/text.txt --batch 4 --validation 0",
      "nothing is held out to judge settings by: leave --validation out, or give it more"),
    .init(
      "tune text $/text.txt --batch 4 --output $/run",
      "$/run is there already and holds no search: name another folder as --output"),
    .init(
      "tune text $/text.txt --batch 4 --iterations 1000 --validate-every 100 --output $/new --minutes 1e-7",
      "no trial has come to iteration 100, after which the first ones are compared: give more --minutes to go on, or fewer --iterations"
    ),
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

  @Test func aFolderOfAnotherSearchIsRefused() throws {
    let shop = try Workshop()
    #expect(tune(shop, "--minutes 0.01").code == 0)
    let other = tune(shop, "--minutes 0.01 --layers 1")
    #expect(other.code == 1)
    #expect(other.messages.contains("error: $/search holds another search, of `recurrent tune text $/text.txt "))
  }
}
