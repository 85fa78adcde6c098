import Foundation
import Testing

/// A file with something wrong in it, a command on it, and what it says.
struct WrongFile: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let command: String
  let name: String
  let bytes: Data
  let message: String

  init(_ testDescription: String, _ command: String, _ name: String = "t.csv", bytes: Data, says message: String) {
    (self.testDescription, self.command, self.name, self.bytes, self.message) = (testDescription, command, name, bytes, message)
  }

  init(_ testDescription: String, _ command: String, _ name: String = "t.csv", text: String, says message: String) {
    self.init(testDescription, command, name, bytes: Data(text.utf8), says: message)
  }

  /// Twenty days with a number each, with some lines changed, or left out if they are empty; the first day is line 2.
  fileprivate static func days(_ changes: [Int: String] = [:]) -> String {
    (1...21).map { line in
      let usual = line == 1 ? "day,units" : "2024-01-\(line < 11 ? "0" : "")\(line - 1),\(line * line % 7)"
      let text = changes[line] ?? usual
      return text.isEmpty ? "" : text + "\n"
    }.joined()
  }

  private static func motions(_ change: (line: Int, text: String)) -> String {
    (1...41).map { line in
      if line == change.line { return change.text + "\n" }
      return line == 1 ? "id,x,y,motion\n" : "\((line - 2) / 4),\(line),\(line % 3),\((line - 2) / 4 % 2 == 0 ? "up" : "down")\n"
    }.joined()
  }

  private static func words(_ change: (line: Int, text: String)) -> String {
    let sentence = ["a\tDET", "dog\tNOUN", "ran\tVERB", ""]
    return (1...40).map { ($0 == change.line ? change.text : sentence[($0 - 1) % 4]) + "\n" }.joined()
  }

  static let forecasts: [WrongFile] = [
    .init(
      "a word", "train forecast", text: days([7: "2024-01-06,six"]),
      says: "$/t.csv, line 7, column units: “six” stands where a number is expected; mend it, or leave the place empty"),
    .init(
      "a date that goes back", "train forecast", text: days([8: "2024-01-03,6"]),
      says:
        "$/t.csv, line 8: 2024-01-03 comes after 2024-01-06, which goes back in time; sort the rows, or name the column that says which series they "
        + "belong to with --group"),
    .init(
      "a gap", "train forecast", text: days([9: ""]),
      says:
        "$/t.csv, line 9: 2024-01-09 comes after 2024-01-07: 1 row is missing, a day each; put them in, or give --missing interpolate or --missing "
        + "mask"),
    .init(
      "no number", "train forecast", text: days([5: "2024-01-04,NaN"]),
      says: "$/t.csv, line 5, column units: the value is missing; put it in, or give --missing interpolate or --missing mask"),
    .init(
      "a value too few", "train forecast", text: days([5: "2024-01-04"]),
      says:
        "$/t.csv, line 5: it has 1 value, and there are 2 columns; give all, and leave only the place of a missing one empty, between its separators"
    ),
    .init(
      "a value too many", "train forecast", text: days([5: "2024-01-04,1,500"]),
      says: "$/t.csv, line 5: it has 3 values, and there are 2 columns; put a text that holds a separator in quotes"),
    .init(
      "a day that no month has", "train forecast", text: days([5: "2024-02-30,1"]),
      says:
        "$/t.csv, line 5, column day: “2024-02-30” is no time written as yyyy-mm-dd (--dates); mend it, or leave the row out"
    ),
    .init(
      "decimal commas and points", "train forecast",
      text: "day;units\n" + (1...8).map { "2024-01-0\($0);\($0)\($0 % 2 == 0 ? "." : ",")5\n" }.joined(),
      says:
        "$/t.csv has numbers with decimal points, such as “2.5” in line 3, column units, and with decimal commas, such as “1,5” in line 2, column "
        + "units: say which are numbers with --decimal point or --decimal comma; the others are then texts"),
    .init(
      "nothing", "train forecast", text: "",
      says: "$/t.csv is empty; a table has the names of its columns in the first line, and rows below"),
    .init("names alone", "train forecast", text: "day,units\n", says: "$/t.csv has names of columns and no rows below them"),
    .init(
      "a byte order mark of UTF-16", "train forecast", bytes: days().data(using: .utf16) ?? Data(),
      says: "$/t.csv is in UTF-16: save it in UTF-8, or `iconv -f utf-16 -t utf-8` makes it"),
    .init(
      "a spreadsheet", "train forecast", bytes: Data([0x50, 0x4B, 3, 4, 0, 0, 0xFF]),
      says: "$/t.csv is a zip archive, as spreadsheets are: unpack it, or export the sheet as CSV"),
    .init(
      "zeros", "train forecast", bytes: Data("day,units\n1,2\n".utf8) + Data(count: 9),
      says: "$/t.csv, line 3: a byte is 0 there, which no text has: give a text file"),
    .init(
      "too few steps", "train forecast --horizon 30", text: days(),
      says:
        "the longest series has 20 steps, of which 0 are left to train on, and at least 3 are needed: give --horizon 17, or more rows"
    ),
    .init(
      "no such column", "train forecast --target price", text: days(),
      says: "$/t.csv has no column “price”; it has “day”, “units”"),
    .init(
      "one array", "train forecast", "t.json", text: "[{\"day\": 1, \"units\": 2}]\n",
      says: "$/t.json is one JSON array; write its objects a line each, as `jq -c '.[]'` does"),
    .init(
      "half an object", "train forecast", "t.jsonl", text: "{\"day\": 1, \"units\": 2}\n{\"day\": 2, \"units\": }\n",
      says: "$/t.jsonl, line 2, column units: expected a number at byte 20, found `}`; write one flat object a line, such as "
        + "{\"time\": \"2024-01-31\", \"value\": 1.5} or {\"label\": \"a\", \"values\": [1.5, 2]}"),
  ]

  static let classifications: [WrongFile] = [
    .init(
      "a word", "train classify", text: motions((6, "1,one,0,down")),
      says: "$/t.csv, line 6, column x: “one” stands where a number is expected; mend it, or leave the place empty"),
    .init(
      "a gap", "train classify", text: motions((7, "1,7,,down")),
      says:
        "$/t.csv, line 7, column y: the number is missing; put it in, leave the sequence out, or give --missing interpolate or --missing mask"
    ),
    .init(
      "two labels", "train classify", text: motions((7, "1,7,1,up")),
      says:
        "$/t.csv, line 7, column motion: “up” stands there, and “down” in line 6 of the same sequence 1; give all rows of a sequence the same label, "
        + "or label each step with `recurrent train label`"
    ),
    .init(
      "a sequence in two places", "train classify", text: motions((40, "1,7,1,down")),
      says:
        "$/t.csv, line 40, column id: “1” comes again after rows of another sequence; sort the rows by id, or give --group none if each row is a sequence"
    ),
    .init(
      "Latin-1", "train classify", "t.tsv", bytes: "schön\tde\nnice\ten\n".data(using: .isoLatin1) ?? Data(),
      says:
        "$/t.tsv, line 1: the byte F6 is not UTF-8 there: save the file in UTF-8; of Latin-1, `iconv -f latin1 -t utf-8` makes it"
    ),
    .init(
      "a column without a name", "train classify", text: "1,2,a\n3,4,b\n5,,a\n,7,b\n",
      says:
        "$/t.csv, line 4, column 1: the number is missing; put it in, leave the sequence out, or give --missing interpolate or --missing mask"
    ),
    .init(
      "a dimension too few", "train classify", "t.ts", text: "@classLabel true a b\n@data\n1,2:3,4:a\n1,2:b\n",
      says:
        "$/t.ts, line 4: it has 1 dimension, and the first sequence has 2; put a colon between dimensions, and give all sequences the same"
    ),
    .init(
      "no data", "train classify", "t.ts", text: "@classLabel true a b\n1,2:a\n",
      says: "$/t.ts, line 2: “1,2:a” stands before @data; put a line @data before the first sequence"),
  ]

  static let taggings: [WrongFile] = [
    .init(
      "no tab", "train tag", "t.tsv", text: words((6, "dog NOUN")),
      says: "$/t.tsv, line 6: “dog NOUN” has no tab; write a word, a tab and its tag a line, with an empty line between sentences"
    ),
    .init(
      "no word", "train tag", "t.tsv", text: words((6, "\tNOUN")),
      says:
        "$/t.tsv, line 6: “\\tNOUN” has no word before the tab; write a word, a tab and its tag a line, with an empty line between sentences"
    ),
    .init(
      "a treebank", "train tag", "t.conllu", text: "# text = a dog\n1\ta\ta\tDET\t_\t_\t2\tdet\t_\t_\n",
      says:
        "$/t.conllu, line 1: “# text = a dog” is no word with a tag; of a CoNLL-U file take those columns, as `grep -v '^#' FILE | cut -f2,4` does"
    ),
    .init(
      "an end within a character", "train tag", "t.tsv", bytes: Data(words((40, "a\tDET")).utf8) + Data([0xE2, 0x82]),
      says: "$/t.tsv, line 41: it ends within a character of UTF-8: is it whole?"),
  ]

  /// Comparing and tuning read as training does.
  static let studies: [WrongFile] = [
    .init("compare", "compare --cells lstm,gru", forecasts[0]), .init("compare", "compare --cells lstm,gru", classifications[1]),
    .init("compare", "compare --cells lstm,gru", taggings[0]), .init("tune", "tune --minutes 0.1", forecasts[1]),
    .init("tune", "tune --minutes 0.1", classifications[2]), .init("tune", "tune --minutes 0.1", taggings[1]),
  ]

  private init(_ name: String, _ command: String, _ file: WrongFile) {
    self.init(
      "\(name): \(file.testDescription)", file.command.replacingOccurrences(of: "train", with: command), file.name,
      bytes: file.bytes,
      says: file.message)
  }
}

struct WrongFileTests {
  /// The message alone is enough to mend the file: it is all that is said, with the place and the remedy, and nothing is left behind.
  @Test(arguments: WrongFile.forecasts + WrongFile.classifications + WrongFile.taggings + WrongFile.studies)
  func whatIsWrongIsSaidOnceAndWhole(_ file: WrongFile) throws {
    let shop = try Workshop()
    try file.bytes.write(to: URL(filePath: shop(file.name)))
    let run = shop.run("\(file.command) $/\(file.name) --output $/run")
    #expect(run.code == 1 && run.output.isEmpty)
    #expect(run.messages.split(separator: "\n").last.map { String($0) } == "error: " + file.message, "\(run.messages)")
    #expect(!FileManager.default.fileExists(atPath: shop("run")))
  }

  /// Files that a model of another, or the same, kind is run over.
  @Test(arguments: [
    (
      "evaluate", "day,units\n2024-01-02,1\n2024-01-01,2\n",
      "t.csv, line 3: 2024-01-01 comes after 2024-01-02, which goes back in time; sort the rows\n"
    ),
    (
      "forecast", "day,units\n2024-01-01,1\n2024-01-02,-2\n",
      "t.csv, column units, at 2024-01-02: the value -2 is not one of the counts"
    ),
    ("forecast", "day,price\n2024-01-01,1\n", "t.csv has no column “units”, which is needed; it has “day”, “price”\n"),
    (
      "evaluate", "day,units\n2024-01-01,1\n2024-01-02,two\n",
      "t.csv, line 3, column units: “two” is not a number; mend it, or leave"
    ),
    (
      "evaluate", "day,units\n2024-01-01,1\n2024-01-03,2\n",
      "t.csv, line 3: 2024-01-03 comes after 2024-01-01: 1 row is missing, a day each;"
    ),
  ])
  func whatAModelCanNotReadIsNamed(command: String, text: String, message: String) throws {
    let shop = try Workshop()
    try shop.write(WrongFile.days(), "right.csv")
    let trained = shop.run(
      "train forecast $/right.csv --likelihood negative-binomial --output $/run --iterations 2 --units 2 --threads 1")
    #expect(trained.code == 0, "\(trained.messages)")
    try shop.write(text, "t.csv")
    let run = shop.run("\(command) $/run $/t.csv")
    #expect(run.code == 1 && run.output.isEmpty && run.messages.contains("error: $/" + message), "\(run.messages)")
  }

  @Test func datesThatAreNotReadAreNamed() throws {
    let shop = try Workshop()
    try shop.write("day,units\n" + (10..<30).map { "\($0)/31/2024,\($0 % 3)\n" }.joined(), "t.csv")
    let sentence =
      "column day is not read as times: “10/31/2024” in line 2 has no known form; write dates like 2024-01-31, 2024-01 or 2024-01-31T13:45"
    #expect(shop.run("describe $/t.csv").lines.contains("! " + sentence))
    let trained = shop.run("train forecast $/t.csv --output $/run --iterations 2 --units 2 --threads 1")
    #expect(trained.code == 0 && trained.messages.contains("- \(sentence); now each row is a step (--time none)\n"))
  }
}
