import Foundation
import Testing

/// Tables in the ways in which people write them, as the commands read them.
struct TableTests {
  /// Rows of days with a number each, written in one way or another.
  private static func days(_ header: String?, _ delimiter: String, _ value: (Int) -> String) -> String {
    (header.map { $0 + "\n" } ?? "")
      + (1...28).map { "2024-02-\($0 < 10 ? "0" : "")\($0)\(delimiter)\(value($0))\n" }.joined()
  }

  private static let german = days("Datum;Verbrauch [MWh, netto]", ";") { "\(400 + 9 * ($0 % 7)),\($0 * 37 % 90 + 10)" }
  private static let english = days("Datum|Verbrauch [MWh, netto]", "|") { "\(400 + 9 * ($0 % 7)).\($0 * 37 % 90 + 10)" }
  private static let doubtful = days("date;sales", ";") { $0 % 7 < 4 ? "\(950 + 13 * ($0 % 7))" : "1.0\($0 % 7)2" }
  private static let small = "--units 4 --threads 1 --iterations 4 --horizon 2"

  private func shop(_ files: [String: String]) throws -> Workshop {
    let shop = try Workshop()
    for (name, text) in files { try shop.write(text, name) }
    return shop
  }

  @Test func whatWasChosenIsPrintedAndKeptInTheModel() throws {
    let shop = try shop(["a.csv": Self.german, "b.csv": Self.english, "c.csv": Self.days(nil, ";") { "\($0 * $0 % 7),5" }])
    let described = shop.run("describe $/a.csv")
    #expect(described.lines.prefix(2) == ["$/a.csv: 28 rows, 2 columns separated by semicolons", "numbers have decimal commas"])
    #expect(described.lines.last == "to forecast: recurrent train forecast $/a.csv")
    #expect(
      shop.run("describe $/c.csv").lines.first
        == "$/c.csv: 28 rows, 2 columns separated by semicolons, no names in the first line")
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(shop.run("describe $/a.csv --json").output.utf8)) as? [String: Any])
    let dialect = try #require(report["dialect"] as? [String: Any])
    #expect(dialect["delimiter"] as? String == "semicolon" && dialect["decimal"] as? String == "comma")

    let trained = shop.run("train forecast $/a.csv --output $/run \(Self.small)")
    #expect(trained.code == 0 && trained.messages.contains("- numbers have decimal commas\n"), "\(trained.messages)")
    let model = try String(decoding: shop.read("run/model.safetensors"), as: UTF8.self)
    #expect(model.contains(#"\"decimal\":\"comma\""#) && model.contains(#"\"delimiter\":\"semicolon\""#))
    // The same numbers, written in another way, are forecast alike.
    let forecasts = ["a", "b"].map { shop.run("forecast $/run $/\($0).csv --samples 20") }
    #expect(forecasts[0].code == 0 && forecasts[0].output == forecasts[1].output, "\(forecasts[1].messages)")
    #expect(shop.run("evaluate $/run $/b.csv --last 5 --samples 10").code == 0)
  }

  @Test func whatCanBeReadInTwoWaysIsRefusedWithTheOptions() throws {
    let shop = try shop(["s.csv": Self.doubtful])
    let message =
      "error: $/s.csv, line 5, column sales: “1.042” may be 1.042 or 1042, and all values of the file fit both: give --decimal point for "
      + "1.042, or --thousands point for 1042\n"
    #expect(shop.run("describe $/s.csv").messages == message)
    let refused = shop.run("train forecast $/s.csv --output $/run \(Self.small)")
    #expect(refused.code == 1 && refused.messages == message)
    let described = shop.run("describe $/s.csv --thousands .")
    #expect(described.output.contains("950 to 1062"), "\(described.output)")
    #expect(described.lines.last == "to forecast: recurrent train forecast $/s.csv --thousands point")

    let trained = shop.run("train forecast $/s.csv --thousands . --output $/run \(Self.small)")
    #expect(trained.code == 0, "\(trained.messages)")
    // The model decides, and says so; and the run goes on.
    let forecast = shop.run("forecast $/run $/s.csv --samples 20")
    #expect(
      forecast.messages.contains(
        "- line 5, column sales: “1.042” is read as 1042 and not as 1.042, since the model was trained on numbers written so\n"))
    let resumed = shop.run("train forecast --resume $/run --iterations 6")
    #expect(resumed.code == 0, "\(resumed.messages)")
    #expect(shop.run("train forecast $/s.csv --decimal , --thousands , --output $/other").code == 2)
  }

  @Test func aRecipeKeepsHowATableIsWritten() throws {
    let shop = try shop(["s.csv": Self.doubtful])
    let recipe = shop.run("train forecast $/s.csv --thousands . --delimiter ; --header yes --skip 0 --comments no --show-recipe")
    #expect(recipe.code == 0)
    try shop.write(recipe.output, "recipe.json")
    #expect(recipe.output.contains(#""thousands""#) && recipe.output.contains(#""semicolon""#), "\(recipe.output)")
    let trained = shop.run("train --recipe $/recipe.json --output $/run")
    #expect(!trained.messages.contains("may be 1.042"), "\(trained.messages)")
    let compared = shop.run(
      "compare forecast $/s.csv --thousands point --cells lstm,gru --output $/study --iterations 4 --units 4 --threads 1 --horizon 2"
    )
    #expect(compared.code == 0, "\(compared.messages)")
  }

  @Test func unitsAreKept() throws {
    func table(_ value: (Int) -> String) -> String { Self.days("day,share,open", ",") { "\(value($0)),\($0 % 3 == 0)" } }
    let shop = try shop([
      "a.csv": table { "\($0 * $0 % 11 + 3) %" }, "b.csv": table { "0.\($0 * $0 % 11 + 3)" },
      "c.csv": table { $0 == 7 ? "0.07" : "\($0 * $0 % 11 + 3)%" },
    ])
    let described = shop.run("describe $/a.csv")
    #expect(described.output.contains("whole numbers in %") && described.output.contains("true and false"), "\(described.output)")
    #expect(!described.output.contains("series:"))
    let trained = shop.run("train forecast $/a.csv --target share --known open --output $/run \(Self.small)")
    #expect(trained.code == 0, "\(trained.messages)")
    let other = shop.run("forecast $/run $/b.csv --samples 5")
    #expect(
      other.messages.contains("$/b.csv, line 2, column share: “0.4” stands where a number with % is expected"),
      "\(other.messages)")
    #expect(
      shop.run("train forecast $/c.csv --output $/no \(Self.small)").messages.contains(
        "$/c.csv, line 8, column share: “0.07” stands where a number with % is expected; mend it, or leave the place empty"))
  }

  @Test func columnsThatCountRowsAreNotForecast() throws {
    let shop = try shop([
      "pandas.csv": ",day,units\n" + (0..<28).map { "\($0),2024-02-\($0 < 9 ? "0" : "")\($0 + 1),\($0 * $0 % 7)\n" }.joined(),
      "plain.csv": (1...28).map { "\($0),\($0 * $0 % 7)\n" }.joined(),
      "answers.csv": Self.days("day,open,units", ",") { "\($0 % 3 == 0 ? "yes" : "no"),\($0 * $0 % 7)" },
      "kilograms.csv": Self.days("day,weight,units", ",") { "\($0 % 3) kg,\($0 * $0 % 7)" },
    ])
    for name in ["pandas", "plain", "answers", "kilograms"] {
      let trained = shop.run("train forecast $/\(name).csv --output $/\(name) \(Self.small)")
      #expect(trained.code == 0 && trained.messages.contains("28 steps of one series"), "\(trained.messages)")
    }
    let trained = shop.run("train forecast $/pandas.csv --output $/again \(Self.small)")
    #expect(trained.messages.contains("- column 1 counts the rows, and is not forecast\n"), "\(trained.messages)")
  }

  @Test func aClassifierReadsDecimalCommas() throws {
    let rows = (1...40).map { "\($0);\($0 % 5),5;\($0 % 2 == 0 ? "even" : "odd")\n" }.joined()
    let shop = try shop([
      "c.csv": "id;x;label\n" + rows,
      "d.csv": "id,x,label\n" + rows.replacingOccurrences(of: ",", with: ".").replacingOccurrences(of: ";", with: ","),
    ])
    let trained = shop.run("train classify $/c.csv --group none --columns x --output $/run --units 4 --threads 1 --iterations 4")
    #expect(trained.code == 0 && trained.messages.contains("numbers have decimal commas"), "\(trained.messages)")
    let predicted = ["c", "d"].map { shop.run("predict $/run $/\($0).csv") }
    #expect(predicted[0].code == 0 && predicted[0].output == predicted[1].output, "\(predicted[1].messages)")
    #expect(shop.run("evaluate $/run $/d.csv").code == 0)
  }

  @Test func textsAreDescribedAsTexts() throws {
    let shop = try shop(["book.txt": "It was, so it is said, a dark night;\nnobody saw it.\n\nThe end, or not.\n"])
    #expect(
      shop.run("describe $/book.txt").lines == [
        "$/book.txt: a text of 70 characters, 21 different ones, in 16 words and 4 lines",
        "to learn to write like it: recurrent train text $/book.txt",
      ])
  }

  @Test func aTsFileWithTimesIsNamed() throws {
    let shop = try shop([
      "s.ts": "@timeStamps true\n@classLabel true a b\n@data\n(2004-10-01 00:00:00,1),(2004-10-01 01:00:00,2):a\n"
    ])
    for command in ["describe $/s.ts", "train classify $/s.ts --output $/run"] {
      #expect(
        shop.run(command).messages
          == "error: $/s.ts, line 1: @timeStamps says that each value stands with its time in parentheses, and such sequences are not read; write the values alone, and @timeStamps false\n"
      )
    }
  }
}
