import CommandLine
import Foundation
import Testing

/// Cells that read more of a row than its numbers: how long ago the row before was, what is there, what is always the same.
struct FurtherTests {
  /// Sequences whose rows lie any time apart, with two numbers that are the same in all rows of a sequence, and some that are missing.
  private static func table(_ sequences: Range<Int>, hasLabels: Bool = true) -> String {
    var text = "id,hours,load,heat,age,size" + (hasLabels ? ",label\n" : "\n")
    for sequence in sequences {
      var hours = 0.0
      for step in 0..<(5 + sequence % 4) {
        hours += Double((step * 7 + sequence * 3) % 5) + 0.5
        let heat = (step + sequence) % 4 == 0 ? "" : "\((step * sequence) % 7)"
        text += "s\(sequence),\(hours),\(step * (sequence % 2 == 0 ? 1 : -1)),\(heat),\(20 + sequence % 3),\(sequence % 5)"
        text += hasLabels ? ",\(sequence % 2 == 0 ? "up" : "down")\n" : "\n"
      }
    }
    return text
  }

  private static let small = "--units 5 --batch 4 --iterations 6 --validate-every 3 --threads 1 --seed 3"

  struct Case: Sendable, CustomTestStringConvertible {
    let cell: String
    let options: String
    var testDescription: String { "\(cell) \(options)" }
  }

  static let cases = [
    Case(cell: "t-lstm", options: "--elapsed hours"), Case(cell: "cfc", options: "--elapsed hours"),
    Case(cell: "ltc", options: "--elapsed hours"), Case(cell: "ea-lstm", options: "--static age,size"),
    Case(cell: "gru-d", options: "--elapsed hours"), Case(cell: "t-lstm", options: "--elapsed hours --static age,size"),
    Case(cell: "ea-lstm", options: "--elapsed hours --static age..size"),
    Case(cell: "gru", options: "--elapsed hours --static age,size"),
  ]

  @Test(arguments: cases, ["classify", "label"])
  func sequencesAreTrainedResumedEvaluatedPredictedAndInspected(_ own: Case, task: String) throws {
    let shop = try Workshop()
    try shop.write(Self.table(0..<24), "t.csv")
    try shop.write(Self.table(30..<33, hasLabels: false), "new.csv")
    let trained = shop.run(
      "train \(task) $/t.csv --group id --target label --missing mask --cell \(own.cell) \(own.options) --output $/run \(Self.small)"
    )
    #expect(trained.code == 0, "\(trained.messages)")
    let resumed = shop.run("train \(task) --resume $/run --iterations 8")
    #expect(resumed.code == 0, "\(resumed.messages)")
    #expect(shop.run("evaluate $/run $/t.csv").code == 0)
    let predicted = shop.run("predict $/run $/new.csv")
    #expect(predicted.code == 0 && predicted.lines.count == (task == "label" ? 20 : 3), "\(predicted.messages)")
    let inspected = shop.run("inspect $/run $/t.csv --sequence s3")
    #expect(inspected.code == 0, "\(inspected.messages)")
    let further = shop.run("train \(task) $/t.csv --from $/run --output $/further --threads 1 --iterations 4")
    #expect(further.code == 0, "\(further.messages)")
  }

  @Test func numbersAreMappedWithTheTimeThatPasses() throws {
    let shop = try Workshop()
    try shop.write(Self.table(0..<12), "t.csv")
    let trained = shop.run(
      "train map $/t.csv --group id --target load --columns heat --missing mask --cell gru-d --elapsed hours --static age --output $/run \(Self.small)"
    )
    #expect(trained.code == 0, "\(trained.messages)")
    #expect(shop.run("evaluate $/run $/t.csv").code == 0)
    #expect(shop.run("predict $/run $/t.csv").code == 0)
  }

  /// Sales of two shops, visited at any time.
  private static func visits(ahead: Int = 0) -> String {
    var text = "shop,day,size,sold\n"
    for shop in 0..<2 {
      var day = 0
      for visit in 0..<70 + ahead {
        day += 1 + (visit * 5 + shop) % 4
        text += "\(shop == 0 ? "north" : "south"),\(day),\(3 + 4 * shop),"
        text += visit < 70 ? "\(10.5 * Double(shop + 1) + Double((day * (3 + shop)) % 11))\n" : "\n"
      }
    }
    return text
  }

  @Test(arguments: [
    Case(cell: "t-lstm", options: "--elapsed day"), Case(cell: "ea-lstm", options: "--elapsed day --static size"),
    Case(cell: "cfc", options: "--elapsed day --static size"), Case(cell: "lstm", options: "--elapsed day --static size"),
  ])
  func seriesWhoseRowsLieAnyTimeApartAreForecast(_ own: Case) throws {
    let shop = try Workshop()
    try shop.write(Self.visits(), "t.csv")
    try shop.write(Self.visits(ahead: 3), "ahead.csv")
    let trained = shop.run(
      "train forecast $/t.csv --group shop --target sold --horizon 3 --cell \(own.cell) \(own.options) --output $/run \(Self.small)"
    )
    #expect(trained.code == 0, "\(trained.messages)")
    #expect(shop.run("train forecast --resume $/run --iterations 8").code == 0)
    let forecast = shop.run("forecast $/run $/ahead.csv --samples 5")
    #expect(forecast.code == 0 && forecast.lines.count == 7, "\(forecast.messages)")
    let short = shop.run("forecast $/run $/t.csv --samples 5")
    #expect(short.code == 1 && short.messages.contains("reads what is known ahead of each (day)"), "\(short.messages)")
    let evaluated = shop.run("evaluate $/run $/t.csv --last 5 --samples 5")
    #expect(evaluated.code == 0, "\(evaluated.messages)")
    #expect(shop.run("inspect $/run $/t.csv --sequence north").code == 0)
    let further = shop.run("train forecast $/t.csv --from $/run --output $/further --threads 1 --iterations 4")
    #expect(further.code == 0, "\(further.messages)")
  }

  @Test(arguments: [
    ("--cell t-lstm", "cell t-lstm reads dt beside x, the time since the row before: name the columns for it with --elapsed"),
    (
      "--cell ea-lstm",
      "cell ea-lstm reads s beside x, what is the same in all rows of a sequence: name the columns for it with --static"
    ),
    (
      "--cell gru-d --static age",
      "cell gru-d reads d beside x, the time since each number was last there: name the columns for it with --elapsed"
    ),
    (
      "--static load",
      "column load: 1 stands there, and 0 in line 2 of the same sequence; --static is for what is the same in all rows"
    ),
    ("--elapsed load", "-1 comes after 0 in line 7 of the same sequence, which goes back in time; sort the rows"),
    ("--elapsed hours --columns hours", "a column has one role only: labels, --elapsed, --static, or what is read"),
    ("--static id", "column id: it holds texts, and --static takes numbers: write a column of zeros and ones for each kind"),
    ("--elapsed nothing", "has no column “nothing”"),
  ])
  func whatRowsLackIsNamed(options: String, message: String) throws {
    let shop = try Workshop()
    try shop.write(Self.table(0..<12), "t.csv")
    let outcome = shop.run(
      "train classify $/t.csv --group id --target label --missing mask --output $/run \(options) \(Self.small)")
    #expect(outcome.code != 0 && outcome.messages.contains(message), "\(outcome.messages)")
  }
}
