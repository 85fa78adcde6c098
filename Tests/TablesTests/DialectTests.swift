import Storage
import Support
import Tables
import Testing

/// A table as it was read.
private struct Read {
  let columns: [String]
  /// The values, each as ``TableValue`` has it.
  let rows: [[TableValue]]
  let lines: [Int]
  let dialect: TableDialect
  let hasHeader: Bool
  let decisions: [String]

  init(
    _ text: String, name: String = "sales.csv", header: Bool? = nil, _ dialect: TableDialect? = nil, model: TableDialect? = nil
  ) throws {
    self = try withFile(text, name: name) { try Read(TableFile($0, hasHeader: header, dialect: dialect, model: model)) }
  }

  private init(_ file: TableFile) throws {
    let reader = try TableReader(file)
    var (row, rows, lines) = (TableRow(), [[TableValue]](), [Int]())
    while try reader.next(&row) {
      rows.append((0..<row.count).map { row.value($0) })
      lines.append(row.line)
    }
    (columns, hasHeader) = (reader.columns, reader.hasHeader)
    (self.rows, self.lines) = (rows, lines)
    dialect = reader.format.dialect ?? TableDialect()
    decisions = reader.decisions
  }

  /// The numbers of a column.
  func numbers(_ place: Int) -> [Double?] {
    rows.map {
      switch $0[place] {
      case .number(let number), .amount(let number, _): number
      default: nil
      }
    }
  }
}

private func days(_ values: [String], _ delimiter: String = ";", header: String? = "day;sales") -> String {
  let rows = values.enumerated().map { "2024-02-\($0 < 9 ? "0" : "")\($0 + 1)\(delimiter)\($1)\n" }
  return (header.map { $0 + "\n" } ?? "") + rows.joined()
}

struct DialectTests {
  /// Commas and points in every combination that one meets.
  @Test(
    arguments: [
      (days(["1,5", "2,25"]), "semicolon", "comma", "none", [1.5, 2.25]),
      (days(["1.234,5", "2,25"]), "semicolon", "comma", "point", [1234.5, 2.25]),
      (days(["1.234.567", "2"]), "semicolon", "comma", "point", [1_234_567, 2]),
      (days(["1.5", "2"]), "semicolon", "point", "none", [1.5, 2]),
      (days(["1,234.5", "2.25"]), "semicolon", "point", "comma", [1234.5, 2.25]),
      (days(["1 234,5", "7"]), "semicolon", "comma", "space", [1234.5, 7]),
      (days(["1\u{202F}234,5", "7"]), "semicolon", "comma", "space", [1234.5, 7]),
      (days(["1'234.50", "7"]), "semicolon", "point", "apostrophe", [1234.5, 7]),
      (days(["-1.234,5", "2"]), "semicolon", "comma", "point", [-1234.5, 2]),
      (days(["1,5e3", "2"]), "semicolon", "comma", "none", [1500, 2]),
      (days(["0,125", "2,250"]), "semicolon", "comma", "none", [0.125, 2.25]),
      (days(["1,5", "2,25"], "\t", header: "day\tsales"), "tab", "comma", "none", [1.5, 2.25]),
      (days(["1,5", "2,25"], "|", header: "day|sales"), "pipe", "comma", "none", [1.5, 2.25]),
      (days(["\"1,234.5\"", "2"], ",", header: "day,sales"), "comma", "point", "comma", [1234.5, 2]),
      (days(["\"1,5\"", "\"2,25\""], ",", header: "day,sales"), "comma", "comma", "none", [1.5, 2.25]),
      (days(["\"1.234,50\"", "1.234"], ",", header: "day,sales"), "comma", "comma", "point", [1234.5, 1234]),
      // A header, or texts, with the other mark.
      (days(["409,37", "418,74"], header: "Datum;Verbrauch [MWh, netto]"), "semicolon", "comma", "none", [409.37, 418.74]),
      (days(["409,37", "418,74"], header: nil), "semicolon", "comma", "none", [409.37, 418.74]),
      (days(["5;\"a, b\"", "7;\"c, d\""], header: "day;sales;note"), "semicolon", nil, nil, [5, 7]),
    ] as [(String, String, String?, String?, [Double])])
  func aTableIsReadAsMostOfItMakesSense(
    text: String, delimiter: String, decimal: String?, thousands: String?, numbers: [Double]
  ) throws {
    let read = try Read(text)
    #expect(read.numbers(1) == numbers)
    #expect(read.dialect.delimiter?.rawValue == delimiter)
    #expect(read.dialect.decimal?.rawValue == decimal && read.dialect.thousands?.rawValue == thousands)
    // What has been found reads the same table.
    let again = try Read(text, header: read.hasHeader, read.dialect)
    #expect(again.rows == read.rows && again.columns == read.columns && again.dialect == read.dialect)
    // Ends of lines and a byte order mark change nothing.
    let windows = try Read("\u{FEFF}" + text.replacing("\n", with: "\r\n"))
    #expect(windows.rows == read.rows && windows.columns == read.columns)
  }

  /// A number with an exponent has no groups, so that its mark stands before decimals.
  @Test func exponentsShowDecimals() throws {
    #expect(try Read(days(["1.007E+02", "1.142E+02"])).numbers(1) == [100.7, 114.2])
    #expect(try Read(days(["1,007E+02", "1,142E+02"])).numbers(1) == [100.7, 114.2])
  }

  /// Where commas stand between columns, ten numbers with three decimals each are decimals; whole numbers beside them are a reason to
  /// ask.
  @Test func printedDecimalsNeedNoOption() throws {
    let printed = (1...12).map { "\($0 * 7).\(100 + $0)" }
    let read = try Read(days(printed, ",", header: "day,sales"))
    #expect(read.numbers(1) == printed.map { Double($0) } && read.dialect.decimal == .point)
    #expect(
      read.decisions == [
        "line 2, column sales: “7.101” is read as 7.101 and not as 7101, since commas stand between columns, and all numbers of the column have three decimals"
      ])
    #expect(throws: Refusal.self) { _ = try Read(days(printed + ["963"], ",", header: "day,sales")) }
    #expect(throws: Refusal.self) { _ = try Read(days(Array(printed.prefix(9)), ",", header: "day,sales")) }
    #expect(throws: Refusal.self) { _ = try Read(days(printed)) }
  }

  /// Spaces stand in texts, too, so that they divide only lines of numbers and times.
  @Test func spacesMayStandBetweenColumns() throws {
    for text in ["day v\n2024-01-01 1.5\n2024-01-02 2\n", "day         v  \n2024-01-01  1.5\n2024-01-02    2  \n"] {
      let read = try Read(text, name: "t.txt")
      #expect(read.columns == ["day", "v"] && read.numbers(1) == [1.5, 2] && read.dialect.delimiter == .space)
    }
    #expect(try Read("  1.5  2\t3\r\n  4.5  5\t6\r\n 7 8 9", name: "t.txt").rows.map(\.count) == [3, 3, 3])
    #expect(try Read("a good film\na bad film\nno film 3\n", name: "t.txt").columns.count == 1)
    #expect(try Read("a b\n\"1 2\" 3\n", .init(delimiter: .space)).rows == [[.text, .number(3)]])
  }

  @Test func aSingleColumnMayHaveDecimalCommas() throws {
    let read = try Read("depth\n1,5\n2,25\n\n3\n")
    #expect(read.columns == ["depth"] && read.numbers(0) == [1.5, 2.25, nil, 3])
    #expect(read.dialect.decimal == .comma)
    // Without a name above, commas stand between columns.
    #expect(try Read("1,5\n2,25\n").columns.count == 2)
  }

  @Test(arguments: [
    ("sep=;\nday;v\n2024-01-01;1\n2024-01-02;2\n", ["day", "v"], [3, 4]),
    ("SEP=,\r\nday,v\r\n2024-01-01,1\r\n2024-01-02,2\r\n", ["day", "v"], [3, 4]),
    ("# station 1\n# m3/s, mean\nday,v\n2024-01-01,1\n2024-01-02,2\n", ["day", "v"], [4, 5]),
    ("# one, two\nday,v\n2024-01-01,1\n# a pause\n2024-01-02,2\n", ["day", "v"], [3, 5]),
    ("\n# it's \"quoted\n\nday,v\n2024-01-01,1\n2024-01-02,2\n", ["day", "v"], [5, 6]),
    ("day,v\n2024-01-01,1,\n2024-01-02,2,\n", ["day", "v"], [2, 3]),
    ("day,v,,\n2024-01-01,1,,\n2024-01-02,2,,\n", ["day", "v"], [2, 3]),
    ("Export of station 12\nmade on a Monday\n\nday,v\n2024-01-01,1\n2024-01-02,2\n", ["day", "v"], [5, 6]),
    // A line with # and as many fields as the others names the columns.
    ("#day,v\n2024-01-01,1\n2024-01-02,2\n", ["#day", "v"], [2, 3]),
    ("# made here\n# day,v\n2024-01-01,1\n2024-01-02,2\n", ["# day", "v"], [3, 4]),
  ])
  func linesThatAreNoRowsAreLeftOut(text: String, columns: [String], lines: [Int]) throws {
    let read = try Read(text)
    #expect(read.columns == columns && read.lines == lines && read.numbers(1) == [1, 2])
    #expect(try Read(text, header: true, read.dialect).rows == read.rows)
  }

  @Test func whatTheCallerSaysGoesFirst() throws {
    let text = "about,this\n#x;y\n1;2\n"
    #expect(
      try Read(text, header: true, .init(delimiter: .semicolon, hasComments: false, skippedLines: 1)).columns == ["#x", "y"])
    #expect(try Read("#x,y\n1,2\n", .init(hasComments: true)).columns == ["column 1", "column 2"])
    #expect(try Read("a;b\n1;2\n", header: true, .init(delimiter: .comma)).columns == ["a;b"])
    #expect(try Read(days(["1.234", "2.345"]), .init(decimal: .point)).numbers(1) == [1.234, 2.345])
    #expect(try Read(days(["1.234", "2.345"]), .init(decimal: .comma)).numbers(1) == [1234, 2345])
    #expect(try Read(days(["1.234", "2.345"]), .init(thousands: .point)).numbers(1) == [1234, 2345])
    #expect(try Read(days(["1.5", "2,5"]), .init(decimal: .comma)).numbers(1) == [nil, 2.5])
  }

  /// Hashtags are no comments.
  @Test func textsMayBeginWithTheSignOfComments() throws {
    let read = try Read("#happy day\tpos\n#sad\tneg\nnothing\tneg\n", name: "t.tsv")
    #expect(read.rows.count == 3 && read.dialect.hasComments == false)
  }

  @Test func quotedFieldsHoldDelimiters() throws {
    let read = try Read("name;v\n\"a; b\";1,5\n\"c\";2,5\n")
    #expect(read.numbers(1) == [1.5, 2.5] && read.dialect.delimiter == .semicolon)
    #expect(try Read("text,label\n\"so; it, is\",x\n\"or; not\",y\n", header: true).columns == ["text", "label"])
  }

  // MARK: Headers

  @Test(arguments: [
    ("country,1990,1991,1992\nA,1.5,2.5,3.5\nB,4.5,1.5,2.5\n", true), ("1990,1991\n1.5,2.5\n3.5,1.5\n", true),
    ("country,1990,1995,2000\nA,1.5,2.5,3.5\nB,4.5,1.5,2.5\n", true), (",0,1,2\n0,1.5,2.5,3.5\n1,4.5,1.5,2.5\n", true),
    ("store,2024-01,2024-02\nA,5,6\nB,7,8\n", true), ("name,born,died\nA,1990,1991\nB,1980,1985\n", true),
    ("code,name,1990,1991\nA,a,1.5,2.5\nB,b,4.5,1.5\n", true),
    // Rows with years are rows.
    ("A,1990,1991\nB,1980,1985\nC,1970,1975\n", false), ("2001,2002\n2003,2004\n", false), ("A,1990,1991\nB,,1985\n", false),
    ("1,2,3\n4,9,2\n", false), ("A,4,2,3\nB,4,9,1\n", false), ("A,1,2,3\nB,1,2,3\n", false),
    ("2024-01-01,5\n2024-01-02,6\n", false),
    // Dates in all their forms are something other than names.
    ("Date,City\n31.12.2024,Rome\n01.01.2025,Oslo\n", true), ("31.12.2024,Rome\n01.01.2025,Oslo\n", false),
  ])
  func namesMayBeYears(text: String, hasHeader: Bool) throws {
    #expect(try Read(text).hasHeader == hasHeader)
  }

  // MARK: Readings of later rows

  /// The first rows show nothing of decimals; a later one does.
  @Test func aLaterRowShowsHowNumbersAreWritten() throws {
    let plain = (0..<9000).map { "\($0 % 900)" }
    func text(_ last: [String]) -> String { "v;w\n" + (plain + last).map { "\($0);1\n" }.joined() }
    let commas = try Read(text(["1,5", "2"]))
    #expect(commas.numbers(0).suffix(3) == [899, 1.5, 2] && commas.dialect.decimal == .comma)
    #expect(try Read(text(["1.5"])).dialect.decimal == .point)
    // A later value decides an earlier one.
    #expect(try Read(text(["1.002", "1.015", "1.234,5"])).numbers(0).suffix(3) == [1002, 1015, 1234.5])
    #expect(try Read(text(["1.002", "1.015", "0.5"])).numbers(0).suffix(3) == [1.002, 1.015, 0.5])
    let open = try Read(text([]))
    #expect(open.dialect.decimal == nil && open.dialect.thousands == nil)
    let line = plain.count + 2
    #expect(
      throws: Refusal(
        text:
          "sales.csv, line \(line), column v: “1.002” may be 1.002 or 1002, and all values of the file fit both: give decimal point for 1.002, or thousands point for 1002"
      )
    ) { _ = try Read(text(["1.002", "1.015"])) }
  }

  // MARK: Models

  @Test func aModelDecidesWhereAFileDoesNot() throws {
    let text = days(["1.234", "2.345"])
    let german = try Read(text, model: .init(decimal: .comma, thousands: .point))
    #expect(german.numbers(1) == [1234, 2345])
    #expect(
      german.decisions == [
        "line 2, column sales: “1.234” is read as 1234 and not as 1.234, since the model was trained on numbers written so"
      ])
    let english = try Read(text, model: .firstVersion)
    #expect(english.numbers(1) == [1.234, 2.345] && english.decisions.count == 1)
    // What is clear needs no model.
    let clear = try Read(days(["1,5", "2,25"]), model: .firstVersion)
    #expect(clear.numbers(1) == [1.5, 2.25] && clear.decisions.isEmpty)
    // A model that has seen no decimals decides nothing.
    #expect(throws: Refusal.self) { _ = try Read(text, model: .init(delimiter: .semicolon)) }
  }

  // MARK: Refusals

  @Test(
    arguments: [
      (
        days(["963", "989", "1.002", "1.015"]),
        "sales.csv, line 4, column sales: “1.002” may be 1.002 or 1002, and all values of the file fit both: give decimal point for 1.002, or thousands point for 1002"
      ),
      (
        days(["1.234"], ",", header: "day,sales"),
        "sales.csv, line 2, column sales: “1.234” may be 1.234 or 1234, and all values of the file fit both: give decimal point for 1.234, or thousands point for 1234"
      ),
      (
        days(["\"1,234\"", "12"], ",", header: "day,sales"),
        "sales.csv, line 2, column sales: “1,234” may be 1.234 or 1234, and all values of the file fit both: give decimal comma for 1.234, or thousands comma for 1234"
      ),
      (
        days(["$1.234", "$2.345"], "\t", header: "day\tsales"),
        "sales.csv, line 2, column sales: “$1.234” may be 1.234 or 1234, and all values of the file fit both: give decimal point for 1.234, or thousands point for 1234"
      ),
      (
        days(["1.5", "2,5"]),
        "sales.csv has numbers with decimal points, such as “1.5” in line 2, column sales, and with decimal commas, such as “2,5” in line 3, column sales: say which are numbers with decimal point or decimal comma; the others are then texts"
      ),
      (
        "a;b\n1.5;1,5\n2.5;\n3.5;3,5\n",
        "sales.csv has numbers with decimal points, such as “1.5” in line 2, column a, and with decimal commas, such as “1,5” in line 2, column b: say which are numbers with decimal point or decimal comma; the others are then texts"
      ),
      (
        "name,1,2,3\nA,0.5,0.7,0.1\nB,0.2,0.4,0.1\n",
        "sales.csv, line 1: “name”, “1”, “2”, “3” may be names of columns or the first row of values: give header yes or header no"
      ),
      (
        "a, b;c\nd, e;f\n",
        "sales.csv, line 1: its columns may be “a”, “b;c” (delimiter comma), or “a, b”, “c” (delimiter semicolon), and all lines fit both: say which"
      ),
      (
        "a;b\n1;2;3\n2;3;4\n",
        "sales.csv, line 2: it has 3 values, and there are 2 columns; put a text that holds a separator in quotes; if the table begins there, skip the lines before it with skip 1"
      ),
      ("day,v,\n2024-01-01,1,\n2024-01-02,2,3\n", nil),
    ] as [(String, String?)])
  func whatCanBeReadInTwoWaysIsRefused(text: String, message: String?) throws {
    guard let message else {
      #expect(try Read(text).columns == ["day", "v", "column 3"])
      return
    }
    #expect(throws: Refusal(text: message)) { _ = try Read(text) }
  }

  @Test func marksThatAreTheSameAreRefused() {
    #expect(throws: Refusal(text: "decimal and thousands are both comma, which can't be told apart: give another for one")) {
      _ = try Read("a\n1\n", .init(decimal: .comma, thousands: .comma))
    }
    #expect(throws: Refusal(text: "delimiter and thousands are both space, which can't be told apart: give another for one")) {
      _ = try Read("a\n1\n", .init(delimiter: .space, thousands: .space))
    }
    #expect(throws: Refusal(text: "sales.csv is JSON lines, which are read in one way: leave out decimal")) {
      _ = try Read("{\"a\": 1}\n", .init(decimal: .comma))
    }
  }

  @Test func aModelsDialectIsKeptAsText() throws {
    var dialect = TableDialect(delimiter: .semicolon, decimal: .comma, thousands: TableDialect.ThousandsMark.none)
    dialect.units = ["price": NumberUnit(symbol: "$")]
    let text = json(dialect)
    #expect(text == #"{"decimal":"comma","delimiter":"semicolon","thousands":"none","units":{"price":"$"}}"#)
    #expect(try decodeJSON(Array(text.utf8), as: TableDialect.self) == dialect)
  }
}
