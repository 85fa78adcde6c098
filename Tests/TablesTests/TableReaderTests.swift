import Tables
import Testing

struct TableReaderTests {
  @Test(arguments: [
    ("a,b\n1,2\n3,4\n", "sales.csv"), ("a;b\r\n1;2\r\n3;4\r\n", "sales.csv"), ("a\tb\n1\t2\n3\t4", "sales.tsv"),
    ("a|b\r1|2\r3|4\r", "sales.txt"), ("\u{FEFF}a,b\n1,2\n3,4\n\n\n", "sales.csv"),
    ("\"a\",\"b\"\n \"1\" , 2 \n3,\"4\"\n", "sales.csv"),
    ("{\"a\": 1, \"b\": \"2\"}\n{\"b\": 4, \"a\": 3}\n", "sales.jsonl"),
  ])
  func theSameTableInManyWays(text: String, name: String) throws {
    let table = try rows(text, name: name)
    #expect(table.columns == ["a", "b"])
    #expect(table.rows == [["1", "2"], ["3", "4"]])
  }

  /// RFC 4180, section 2, rules 5 to 7.
  @Test func quotesHoldSeparatorsEndsOfLinesAndQuotes() throws {
    let table = try rows("name,value\n\"one, \"\"two\"\"\nthree\",5\nfour,6\n")
    #expect(table.rows == [["one, \"two\"\nthree", "5"], ["four", "6"]])
    #expect(table.lines == [2, 4])
  }

  @Test func aLineThatNamesNothingIsARow() throws {
    let table = try rows("1,2\n3,4\n")
    #expect(table.columns == ["column 1", "column 2"] && table.rows.count == 2)
    #expect(try rows("word,tag\nother,tags\n").rows.count == 2)
    #expect(try rows("word,tag\nother,tags\n", header: true).rows.count == 1)
    #expect(try rows("a,b\n1,2\n", header: false).rows.count == 2)
  }

  /// Where a value is missing below a text, the next one decides.
  @Test(arguments: [
    ("one two\tspam\nthree\tnone\nfour\tspam\n", false), ("text\tscore\none\t\ntwo\t?\nthree\t0.5\n", true),
    ("text\tscore\n" + String(repeating: "one\tNA\n", count: 30), false), ("day\tunits\n2024-01-01\t\n", true),
    ("a\tb\n", true), ("one\tspam\n\nthree\tham\n", false),
  ])
  func missingValuesDecideNothing(text: String, hasHeader: Bool) throws {
    let (all, shown) = (text.split(separator: "\n").count, try rows(text, name: "t.tsv"))
    #expect(shown.rows.count == (hasHeader ? all - 1 : all))
    #expect(shown.lines == shown.lines.sorted())
  }

  @Test func emptyLinesAreRowsOfASingleColumnOnly() throws {
    #expect(try rows("depth\n1\n\n2\n\n\n").rows == [["1"], [""], ["2"], [""], [""]])
    #expect(try rows("a,b\n1,2\n\n3,4\n").rows == [["1", "2"], ["3", "4"]])
    let late = try rows("\n\na,b\n1,2\n")
    #expect(late.columns == ["a", "b"] && late.rows == [["1", "2"]] && late.lines == [4])
  }

  /// More than the buffer holds, in columns by the thousand.
  @Test func aWideTableIsReadInPieces() throws {
    let header = (0..<3000).map { "c\($0)" }.joined(separator: ",")
    let body = (0..<40).map { row in (0..<3000).map { "\($0 * row)" }.joined(separator: ",") }.joined(separator: "\n")
    let table = try rows(header + "\n" + body)
    #expect(table.columns.count == 3000 && table.rows.count == 40)
    #expect(table.rows[39][2999] == "\(39 * 2999)")
  }

  @Test(arguments: [
    (
      "a,b\n1,2\n3\n",
      "sales.csv, line 3: it has 1 value, and there are 2 columns; give all, and leave only the place of a missing one empty, between its separators"
    ),
    ("a,a\n1,2\n", "sales.csv, line 1: the columns 1 and 2 are both called “a”; rename one"),
    ("a,b\n1,\"2\n", "sales.csv, line 2: a text begins with a quote that nothing closes; close it, or double it if it is meant"),
    ("a,b\n1,\"2\"x\n", "sales.csv, line 2: “x” stands after a closing quote; double quotes that belong to the text"),
    ("", "sales.csv is empty; a table has the names of its columns in the first line, and rows below"),
    ("\n\n", "sales.csv is empty; a table has the names of its columns in the first line, and rows below"),
    (
      "a|b\n1|2\n2|3|4\n",
      "sales.csv, line 3: it has 3 values, and there are 2 columns; put a text that holds a separator in quotes"
    ),
    (
      "{\"a\": 1}\n{\"a\": {\"b\": 1}}\n",
      "sales.csv, line 2, column a: expected a number at byte 6, found `{`; write one flat object a line, such as "
        + "{\"time\": \"2024-01-31\", \"value\": 1.5} or {\"label\": \"a\", \"values\": [1.5, 2]}"
    ), ("{\"a\": 1}\n{\"b\": 1}\n", "sales.csv, line 2: the first line has no “b”; give all objects the same keys"),
  ])
  func whatIsWrongIsNamed(text: String, message: String) {
    #expect(throws: Refusal(text: message)) { _ = try rows(text) }
  }

  @Test(arguments: [
    ("1.5", 1.5), ("-0.25", -0.25), ("+3", 3), (".5", 0.5), ("1e-3", 0.001), ("123456789012345678", 123_456_789_012_345_680),
    ("0.1", 0.1), ("2.2250738585072014e-308", 2.2250738585072014e-308),
  ])
  func numbersAreReadExactly(text: String, number: Double) { #expect(TableValue(Array(text.utf8)[...]) == .number(number)) }

  @Test(arguments: ["", "NA", "n/a", "NaN", "null", "None", "?", "-"])
  func missingValuesHaveManyNames(text: String) { #expect(TableValue(Array(text.utf8)[...]) == .missing) }

  @Test(arguments: [
    "x", "0x10", "inf", "1,5", "12a", "2024-13", "2023-02-29", "2024-01-01T25:00", "2024-01-01T24:30", "2024-01-01T24:00:01",
    "2024-01-01T24:00:00.5", "2024-01-01T10:00+24:00", "2024-01-01T10:00-01:60", "2024-01-01T10:00+99:99", "+",
  ])
  func otherThingsAreTexts(text: String) { #expect(TableValue(Array(text.utf8)[...]) == .text) }
}
