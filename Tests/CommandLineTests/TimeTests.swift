import CommandLine
import Foundation
import Testing

/// How times are read, kept and written by the commands.
struct TimeCommandTests {
  private static let small = "--units 4 --threads 1 --iterations 4 --season 0 --horizon 3 --likelihood normal"

  private func shop(_ times: [String], name: String = "date") throws -> Workshop {
    let shop = try Workshop()
    try shop.write("\(name),units\n" + times.enumerated().map { "\($1),\($0 * $0 % 7).5\n" }.joined(), "t.csv")
    return shop
  }

  private static func times(_ count: Int, _ time: (Int) -> String) -> [String] { (0..<count).map(time) }
  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static let files: [(times: [String], read: String, next: [String])] = [
    (times(31) { "202401\(two($0 + 1))" }, "yyyymmdd", ["20240201", "20240202", "20240203"]),
    (times(31) { "\(two($0 + 1)).01.2024" }, "dd.mm.yyyy", ["01.02.2024", "02.02.2024", "03.02.2024"]),
    (times(31) { "1/\($0 + 1)/2024" }, "m/d/yyyy", ["2/1/2024", "2/2/2024", "2/3/2024"]),
    (times(40) { "\(2006 + $0 / 4)Q\($0 % 4 + 1)" }, "yyyyQq", ["2016Q1", "2016Q2", "2016Q3"]),
    (
      times(48) {
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][$0 % 12] + "-\(20 + $0 / 12)"
      }, "Mon-yy", ["Jan-24", "Feb-24", "Mar-24"]
    ),
    (times(40) { "\(1_700_000_000 + 3600 * $0)" }, "epoch-seconds", ["1700144000", "1700147600", "1700151200"]),
    (times(52) { "2020-W\(two($0 + 1))" }, "yyyy-Www", ["2020-W53", "2021-W01", "2021-W02"]),
  ]

  /// What is found is said, kept in the model and the recipe, and what is forecast is written like it.
  @Test(arguments: files.indices)
  func forecastsGoOnAsTheFileIsWritten(index: Int) throws {
    let (times, read, next) = Self.files[index]
    let shop = try shop(times)
    let described = shop.run("describe $/t.csv")
    #expect(described.output.contains(", read as \(read) (--dates)\n"), "\(described.output)")
    #expect(described.lines.last == "to forecast: recurrent train forecast $/t.csv")
    let trained = shop.run("train forecast $/t.csv --output $/run \(Self.small)")
    #expect(trained.code == 0 && trained.messages.contains("- column date is read as \(read) (--dates)\n"), "\(trained.messages)")
    let forecast = shop.run("forecast $/run $/t.csv --samples 5 --quantiles 0.5")
    #expect(forecast.lines.dropFirst().map { String($0.prefix { $0 != "," }) } == next, "\(forecast.messages)")
    let surprise = shop.run("evaluate $/run $/t.csv --last 2 --surprise")
    #expect(surprise.lines.dropFirst().map { String($0.prefix { $0 != "," }) } == times.suffix(2), "\(surprise.messages)")
    let configuration = try String(decoding: shop.read("run/configuration.json"), as: UTF8.self)
    #expect(
      configuration.contains("\"format\":\"\(read)\"") || configuration.contains("\"format\" : \"\(read)\""), "\(configuration)")
    let more = shop.run("train forecast --resume $/run --iterations 6")
    #expect(more.code == 0, "\(more.messages)")
  }

  @Test func whatCanBeReadInTwoWaysIsAsked() throws {
    let shop = try shop((1...12).map { "\($0)/1/2024" })
    let both = "“2/1/2024” is 2024-01-02 (--dates d/m/yyyy) or 2024-02-01 (--dates m/d/yyyy), and the rows fit both: say which"
    let described = shop.run("describe $/t.csv")
    #expect(described.code == 0 && described.lines.contains("! line 3, column date: \(both)"))
    #expect(described.lines.contains("time: date, which can be read in two ways") && !described.output.contains("to forecast:"))
    let refused = shop.run("train forecast $/t.csv --output $/run \(Self.small)")
    #expect(refused.code == 1 && refused.messages.contains("$/t.csv, line 3, column date: \(both)"))
    #expect(!FileManager.default.fileExists(atPath: shop("run")))
    for (form, next) in [("d/m/yyyy", "13/1/2024"), ("mm/dd/yyyy", "1/1/2025")] {
      let asked = shop.run("describe $/t.csv --dates \(form)")
      #expect(asked.lines.last == "to forecast: recurrent train forecast $/t.csv --dates \(form)", "\(asked.output)")
      #expect(shop.run("train forecast $/t.csv --dates \(form) --output $/run \(Self.small)").code == 0)
      #expect(shop.run("forecast $/run $/t.csv --samples 5").lines.dropFirst().first?.hasPrefix(next + ",") == true)
      // A training from the model reads them as it does.
      let further = shop.run("train forecast $/t.csv --from $/run --output $/further --threads 1 --iterations 4")
      #expect(further.code == 0, "\(further.messages)")
      #expect(shop.run("forecast $/further $/t.csv --samples 5").lines.dropFirst().first?.hasPrefix(next + ",") == true)
      try FileManager.default.removeItem(atPath: shop("further"))
      // The run keeps what was asked for.
      #expect(shop.run("train forecast --resume $/run --iterations 6").code == 0)
      try FileManager.default.removeItem(atPath: shop("run"))
    }
    let unknown = shop.run("train forecast $/t.csv --dates dd.xx.yyyy")
    #expect(unknown.code == 2 && unknown.messages.contains("--dates"), "\(unknown.messages)")
  }

  /// A file may be written in another way than the one trained on, if that is said.
  @Test func otherFilesAreReadAsIsSaid() throws {
    let shop = try shop(Self.files[1].times)
    #expect(shop.run("train forecast $/t.csv --output $/run \(Self.small)").code == 0)
    try shop.write("date,units\n" + Self.files[0].times.enumerated().map { "\($1),\($0 % 7).5\n" }.joined(), "u.csv")
    let refused = shop.run("forecast $/run $/u.csv")
    #expect(
      refused.code == 1
        && refused.messages.contains(
          "$/u.csv, line 2, column date: “20240101” is no time written as dd.mm.yyyy (--dates); mend it, or leave the row out"),
      "\(refused.messages)")
    let read = shop.run("forecast $/run $/u.csv --dates yyyymmdd --samples 5")
    #expect(read.code == 0 && read.lines.last?.hasPrefix("20240203,") == true, "\(read.messages)")
    #expect(shop.run("evaluate $/run $/u.csv --dates yyyymmdd --last 2 --samples 5").code == 0)
    #expect(shop.run("train forecast $/t.csv --time none --target units --output $/rows \(Self.small)").code == 0)
    #expect(shop.run("forecast $/rows --dates yyyymmdd").messages.contains("--dates is for models that read times"))
    #expect(shop.run("inspect $/run $/u.csv").code == 1)
    #expect(shop.run("inspect $/run $/u.csv --dates yyyymmdd").code == 0)
    try shop.write((0..<40).map { "\($0 % 7) days \($0)\n" }.joined(), "text.txt")
    #expect(shop.run("train text $/text.txt --iterations 1 --units 4 --batch 2 --sequence 10 --output $/words").code == 0)
    let other = shop.run("inspect $/words --text days --dates yyyymmdd")
    #expect(other.code == 2 && other.messages.contains("$/words reads no dates: leave out --dates"), "\(other.messages)")
  }

  /// Local times with daylight saving, in both directions: the zone is kept, and forecasts go over the change with the right offsets.
  @Test(arguments: [
    ("2024-10-26", ["2024-10-27T02:00+02:00", "2024-10-27T02:00+01:00", "2024-10-27T03:00+01:00"]),
    ("2024-03-30", ["2024-03-31T01:00+01:00", "2024-03-31T03:00+02:00", "2024-03-31T04:00+02:00"]),
  ])
  func zonesAreKept(day: String, next: [String]) throws {
    let count = 24 + (day.hasPrefix("2024-10") ? 2 : 1)
    let shop = try shop(
      Self.times(count) {
        "\($0 < 24 ? day : day.replacingOccurrences(of: "26", with: "27").replacingOccurrences(of: "30", with: "31"))T\(Self.two($0 % 24)):00"
      },
      name: "time")
    #expect(shop.run("describe $/t.csv --time-zone Europe/Berlin").output.contains(", on the clocks of Europe/Berlin\n"))
    let trained = shop.run("train forecast $/t.csv --time-zone Europe/Berlin --output $/run \(Self.small)")
    #expect(trained.code == 0, "\(trained.messages)")
    let forecast = shop.run("forecast $/run $/t.csv --samples 5")
    #expect(forecast.lines.dropFirst().map { String($0.prefix { $0 != "," }) } == next, "\(forecast.messages)")
    #expect(shop.run("train forecast --resume $/run --iterations 6").code == 0)
    let wrong = shop.run("train forecast $/t.csv --time-zone ../Berlin")
    #expect(wrong.code == 2 && wrong.messages.contains("--time-zone"), "\(wrong.messages)")
  }
}
