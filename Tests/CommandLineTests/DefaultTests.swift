import CommandLine
import Foundation
import Models
import Storage
import Testing

/// What trainings take by themselves, and how somebody says otherwise.
struct DefaultTests {
  private static let table = "day,store,a\n" + (0..<60).map { "\($0),x,\($0 * $0 % 11)\n" }.joined()

  private func shop() throws -> Workshop {
    let shop = try Workshop()
    try shop.write(Self.table, "a.csv")
    return shop
  }

  private func train(_ shop: Workshop, _ words: String) -> Workshop.Outcome {
    shop.run("train forecast $/a.csv --target a --season 0 --threads 1 --output $/run \(words)")
  }

  /// The dropout of a run, as its checkpoint has it: outputs, inputs, states, and whether masks stay.
  private func dropout(_ shop: Workshop) throws -> [String] {
    let options = try #require(Safetensors(contentsOf: shop("run/checkpoint.safetensors")).metadata["training"])
    let regularization = try #require(JSONValue(parsing: options.utf8, in: "it", "this")["options"]?["regularization"])
    return ["dropout", "input_dropout", "recurrent_dropout"].map { "\(regularization[$0]?.double ?? -1)" }
      + ["\(regularization["is_variational"] == .bool(true))"]
  }

  /// Each kind of dropout that a small table asks for is there unless that kind is given.
  @Test(arguments: [
    ("", ["0.2", "0.1", "0.1", "true"]), ("--weight-decay 0.0001", ["0.2", "0.1", "0.1", "true"]),
    ("--variational", ["0.2", "0.1", "0.1", "true"]), ("--dropout 0.4", ["0.4", "0.1", "0.1", "true"]),
    ("--recurrent-dropout 0", ["0.2", "0.1", "0.0", "true"]),
    ("--dropout 0 --input-dropout 0.3", ["0.0", "0.3", "0.1", "false"]),
    ("--cell indrnn", ["0.2", "0.1", "0.0", "true"]),
  ])
  func fewStepsAskForDropout(words: String, expected: [String]) throws {
    let shop = try shop()
    let outcome = train(shop, "--iterations 2 --units 4 \(words)")
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(try dropout(shop) == expected)
  }

  /// A rate so small that nothing gets better: the training stops early unless it must not.
  @Test(arguments: [("", true), ("--patience 0", false), ("--patience 3", true)])
  func patienceMayBeEndless(words: String, stops: Bool) throws {
    let shop = try shop()
    let outcome = train(shop, "--units 2 --iterations 60 --validate-every 1 --learning-rate 1e-30 \(words)")
    #expect(outcome.code == 0)
    #expect(outcome.messages.contains("stopped early") == stops)
    #expect(outcome.messages.contains("without a better one (--patience)\n") == stops)
  }

  @Test(arguments: [
    (
      "--wide --group store",
      "--wide says that each column is a series, and --group store that rows belong to several: leave one out"
    ),
    ("--validation 5 --validation-file $/a.csv", "give either --validation or --validation-file, not both"),
  ])
  func whatContradictsItselfIsRefused(words: String, message: String) throws {
    let outcome = train(try shop(), words)
    #expect(outcome.code == 2)
    #expect(outcome.messages.contains("error: \(message)\n"))
  }

  @Test(arguments: ["forecast", "classify", "text", "problem"], ["--iterations N", "--validate-every N", "--patience N"])
  func theHelpSaysWhatHoldsIfNothingIsSaid(name: String, option: String) throws {
    let help = run(["train", name, "--help"]).output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let own = try #require(help.firstRange(of: option)).upperBound
    // What stands between the option's name and that of the next one.
    let words = help[own...].split(separator: " --").first.map(String.init) ?? ""
    #expect(words.contains("(default: "))
  }
}
