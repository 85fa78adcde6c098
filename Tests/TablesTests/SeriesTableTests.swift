import Sequences
import Support
import Tables
import Testing

struct SeriesTableTests {
  private func read(
    _ text: String, _ roles: ColumnRoles = ColumnRoles(time: "day", targets: ["units"]), _ missing: MissingPolicy = .error
  ) throws -> SeriesTable { try withFile(text) { try SeriesTable(contentsOf: $0, roles: roles, missing: missing) } }

  static let holes = "day,units\n2024-01-01,1\n2024-01-02,\n2024-01-04,4\n2024-01-05,NA\n2024-01-06,6\n2024-01-07,\n"

  @Test func holesAreFilledOnAStraightLine() throws {
    let table = try read(Self.holes, ColumnRoles(time: "day", targets: ["units"]), .interpolate)
    #expect(Array(table.series[0].targets.prefix(6)) == [1, 2, 3, 4, 5, 6])
    #expect(table.series[0].observed == 6 && table.series[0].count == 7)
    #expect(table.series[0].filled == [1, 2, 4])
    #expect(
      table.repairs.map(\.description) == [
        "1 row that the times leave out was put in", "3 missing values were interpolated",
        "1 row at the end has no value yet",
      ])
  }

  /// A mistyped year is no hole.
  @Test(arguments: [MissingPolicy.interpolate, .mask])
  func gapsWithoutEndAreRefused(policy: MissingPolicy) throws {
    let text = "day,units\n2024-01-01,1\n2024-01-02,2\n2204-01-03,3\n"
    let message =
      "sales.csv, line 4: 2204-01-03 comes after 2024-01-02: 65743 rows are missing, too many to go on over; mend the time, or take what "
      + "follows as another series"
    #expect(throws: Refusal(text: message)) {
      try read(text, ColumnRoles(time: "day", targets: ["units"]), policy)
    }
    let allowed = try read(
      text.replacing("2204-01-03", with: "2026-09-29"), ColumnRoles(time: "day", targets: ["units"]), policy)
    #expect(allowed.series[0].count == 1003)
  }

  @Test func holesAreMasked() throws {
    let table = try read(Self.holes, ColumnRoles(time: "day", targets: ["units"]), .mask)
    #expect(table.series[0].targets.prefix(6).map(\.isNaN) == [false, true, true, false, true, false])
  }

  @Test func seriesAreToldApart() throws {
    let text =
      "day,store,units,price\n2024-01-01,a,1,9\n2024-01-01,b,10,8\n2024-01-02,b,11,7\n2024-01-02,a,2,6\n2024-01-03,a,3,5\n"
    let table = try read(text, ColumnRoles(time: "day", group: "store", targets: ["units"], known: ["price"]))
    #expect(table.series.map(\.name) == ["a", "b"])
    #expect(table.series.map(\.targets) == [[1, 2, 3], [10, 11]])
    #expect(table.series.map(\.known) == [[9, 6, 5], [8, 7]])
    #expect(table.step == .seconds(86_400))
  }

  /// Months whose days differ, since some are too short, and which nothing but the other rows tells from the last days of months.
  @Test(arguments: [
    (["2021-02-28", "2021-03-28", "2021-04-28"], 28), (["2021-01-30", "2021-02-28", "2021-03-30", "2021-04-30"], 30),
    (["2021-04-30", "2021-05-30", "2021-06-30"], 30), (["2020-01-29", "2020-02-29", "2020-03-29"], 29),
    (["2021-02-28", "2021-03-31", "2021-04-30"], nil), (["2021-02", "2021-03"], 1),
  ])
  func monthsAreOnTheDayThatAllRowsShow(days: [String], day: Int?) throws {
    let table = try read("day,units\n" + days.enumerated().map { "\($1),\($0)\n" }.joined())
    let series = table.series[0]
    #expect(table.step == .months(1) && series.dayOfMonth == day)
    let start = try #require(series.start)
    for (index, text) in days.enumerated() {
      #expect(table.step.advance(start, by: index, onDay: series.dayOfMonth)?.description == text)
    }
  }

  @Test func aWideTableHasASeriesAColumn() throws {
    let table = try read(
      "day,a,b\n2024-01-01,1,10\n2024-01-02,2,20\n", ColumnRoles(time: "day", targets: ["a", "b"], isWide: true))
    #expect(table.series.map(\.name) == ["a", "b"] && table.series.map(\.targets) == [[1, 2], [10, 20]])
    // A row is one, however many columns it has.
    let ahead = try read(
      "day,a,b\n2024-01-01,1,10\n2024-01-02,2,\n2024-01-03,,\n", ColumnRoles(time: "day", targets: ["a", "b"], isWide: true))
    #expect(ahead.series.map(\.observed) == [2, 1])
    #expect(ahead.repairs.map(\.description) == ["1 row at the end has no value yet"])
  }

  @Test(arguments: [
    (
      holes,
      "sales.csv, line 4: 2024-01-04 comes after 2024-01-02: 1 row is missing, a day each; put them in, or give missing interpolate or "
        + "missing mask"
    ),
    (
      "day,units\n2024-01-01,1\n2024-01-02,\n2024-01-03,3\n",
      "sales.csv, line 3, column units: the value is missing; put it in, or give missing interpolate or missing mask"
    ),
    (
      "day,units\n2024-01-01,1\n2024-01-02,two\n",
      "sales.csv, line 3, column units: “two” is not a number; mend it, or leave the place empty"
    ),
    (
      "day,units\n2024-01-02,1\n2024-01-01,2\n",
      "sales.csv, line 3: 2024-01-01 comes after 2024-01-02, which goes back in time; sort the rows, or name the column that says which "
        + "series they belong to with group"
    ),
    (
      "day,units\n2024-01-02,1\n2024-01-02,2\n",
      "sales.csv, line 3: 2024-01-02 stands there twice; sort the rows, or name the column that says which series they belong to with group"
    ),
    (
      "day,hour,units\n2024-01-02,0,1\n2024-01-02,1,2\n",
      "sales.csv, line 3: 2024-01-02 stands there twice; if the column hour is a part of the time, write it and the column day as one, "
        + "such as 2024-01 or 2024-01-31T13:00"
    ),
    (
      "day,units\n2024-01-01,1\n2024-01-02,2\nsoon,3\n",
      "sales.csv, line 4, column day: “soon” is no time; write dates like 2024-01-31, 2024-01 or 2024-01-31T13:45, or numbers"
    ),
    (
      "day,units\n2024-01-01,1\n2024-01-03,2\n2024-01-05,3\n2024-01-06,4\n",
      "sales.csv, line 5: 2024-01-06 comes after 2024-01-05, and the rows are otherwise 2 days apart; bring them to even steps, or give "
        + "time none to take each row as a step"
    ), ("date,units\n2024-01-01,1\n", "sales.csv has no column “day”, which is needed; it has “date”, “units”"),
  ])
  func whatIsWrongIsNamed(text: String, message: String) { #expect(throws: Refusal(text: message)) { try read(text) } }
}

struct ColumnRoleTests {
  @Test(arguments: ["00:15:00", "7:30", "Januar 2024", "mars 2024"])
  func timesThatAreNotReadAreNamed(text: String) throws {
    let table = "when,units\n" + (0..<4).map { "\(text),\($0 % 3)\n" }.joined()
    let sentence = try withFile(table) { try TableSummary(contentsOf: $0).unreadTime?.description }
    #expect(
      sentence
        == "column when is not read as times: “\(text)” in line 2 has no known form; write dates like 2024-01-31, 2024-01 or 2024-01-31T13:45"
    )
  }

  /// Two columns that name the same series, in full and in short, leave no question; two that divide the rows otherwise do.
  @Test func columnsThatGoTogetherNameTheSeries() throws {
    let countries = [("France", "FRA"), ("Japan", "JPN")]
    func table(_ code: (String, Int) -> String) -> String {
      "country,code,year,value\n"
        + countries.flatMap { country in (0..<4).map { "\(country.0),\(code(country.1, $0)),\(1990 + $0),\($0).5\n" } }.joined()
    }
    let roles = try roles(table { code, _ in code })
    #expect(roles.group == "country" && roles.time == "year" && roles.targets == ["value"])
    #expect(try self.roles(table { code, row in row > 1 ? code : "x" }).group == nil)
  }

  private func roles(_ text: String, targets: [String]? = nil, group: String? = nil, isWide: Bool = false) throws -> ColumnRoles {
    try withFile(text) {
      try TableSummary(contentsOf: $0).roles(
        time: nil, group: group.map { .named($0) }, targets: targets, known: [], isWide: isWide)
    }
  }

  /// A table of 24 rows.
  private static func rows(_ names: String, _ row: (_ number: Int, _ value: Double) -> String) -> String {
    names + "\n" + (0..<24).map { row($0, Double($0 * 7 % 11) / 2) + "\n" }.joined()
  }

  /// Columns that count the rows, of one series or of several, and those that only seem to.
  private static let numbered: [(String, [String])] = [
    (rows("n,a") { "\($0 + 1),\($1)" }, ["a"]), (rows("a,n") { "\($1),\($0)" }, ["a"]),
    (rows("n,a") { "\($0 % 12),\($1)" }, ["a"]), (rows("n,shop,a") { "\($0 / 2),\($0 % 2 == 0 ? "b" : "c"),\($1)" }, ["a"]),
    (rows("n") { number, _ in "\(number == 23 ? 46 : number)" }, ["n"]),
    // Zeros and ones in turn, and few numbers.
    (rows("n") { number, _ in "\(number % 2)" }, ["n"]), ("n\n1\n2\n3\n", ["n"]),
  ]

  @Test(arguments: numbered)
  func whatCountsTheRowsIsNoTarget(text: String, targets: [String]) throws {
    #expect(try roles(text).targets == targets)
    #expect(try withFile(text) { try TableSummary(contentsOf: $0).candidates.map(\.name) } == targets)
  }

  @Test func whatCountsTheRowsIsATargetOnRequest() throws {
    let text = Self.rows("n,a,b") { "\($0),\($1),3" }
    #expect(try roles(text, targets: ["n"]).targets == ["n"])
    #expect(try roles(text, isWide: true).targets == ["a"])
  }

  @Test func whatLeavesNoDoubtNeedsNoOption() throws {
    let months = TimeReading(try #require(TimeFormat("yyyy-mm")))
    let counted = TimeReading(.numbers)
    #expect(
      try roles("month,passengers\n1949-01,112\n1949-02,118\n")
        == ColumnRoles(time: "month", times: months, targets: ["passengers"]))
    #expect(
      try roles("t,store,units\n1,a,5\n1,b,6\n2,a,7\n2,b,8\n")
        == ColumnRoles(time: "t", times: counted, group: "store", targets: ["units"]))
    #expect(try roles("5\n6\n7\n") == ColumnRoles(targets: ["column 1"]))
    #expect(
      try roles("piece,step,a,b\n0,0,0,1\n0,1,1,0\n1,0,1,1\n", targets: ["a..b"])
        == ColumnRoles(time: "step", times: counted, group: "piece", targets: ["a", "b"]))
    #expect(try roles("day,a,b\n2024-01-01,1,2\n2024-01-02,2,3\n", isWide: true).targets == ["a", "b"])
  }

  @Test(
    arguments: [
      (
        "day,a,b\n2024-01-01,1,2\n2024-01-02,2,3\n", nil,
        "sales.csv has 2 columns that could be forecast, such as “a” and “b”: say which with target NAME, or wide if each column is a "
          + "series of the same thing"
      ),
      ("day,a\n2024-01-01,1\n2024-01-02,1\n", nil, "sales.csv has no column of numbers to forecast; “a” is 1 in every row"),
      (
        "a,row\n" + (1...12).map { "5,\($0)\n" }.joined(), nil,
        "sales.csv has no column of numbers to forecast; “row” counts the rows, and target row forecasts it all the same"
      ),
      ("day,a\n2024-01-01,1\n2024-01-02,1\n", ["a"], "sales.csv, column a: it is 1 in every row, so there is nothing to learn"),
      ("day,a\n2024-01-01,1\n2024-01-02,2\n", ["c"], "sales.csv has no column “c”; it has “day”, “a”"),
      (
        "day,a,b\n2024-01-01,1,2\n2024-01-02,2,3\n", ["b..a"],
        "sales.csv: the column “a” stands before “b”, so the range is a..b"
      ),
      (
        "day,a,b\n" + (1...11).map { "2024-01-\($0 + 10),\($0 == 7 ? "seven" : "\($0)"),x\n" }.joined(), ["a"],
        "sales.csv, line 8, column a: “seven” stands where a number is expected; mend it, or leave the place empty"
      ),
    ] as [(String, [String]?, String)])
  func whatIsInDoubtIsAsked(text: String, targets: [String]?, message: String) {
    #expect(throws: Refusal(text: message)) { try roles(text, targets: targets) }
  }
}

struct LabelledDataTests {
  @Test func sequencesAreReadFromTheArchiveFormat() throws {
    let text = "# a comment\n@problemName Vowels\n@classLabel true low high\n@data\n1,2,3:4,5,6:low\n7,?:8,9:high\n"
    let file = try withFile(text, name: "v.ts") { try LabelledSequences(contentsOf: $0) }
    #expect(file.dimensions == 2 && file.labels == ["low", "high"] && file.lengths == [3, 2])
    #expect(file.sequences[0].values == [1, 4, 2, 5, 3, 6] && file.sequences.map(\.label) == [0, 1])
    #expect(file.sequences[1].values[2].isNaN)
  }

  @Test(arguments: [
    (
      "@classLabel true a\n@data\n1:2:b\n",
      "v.ts, line 3: the label “b” is not one of those that @classLabel names: a; correct it, or name it there"
    ),
    (
      "@classLabel false\n@data\n1:2\n1\n",
      "v.ts, line 4: it has 1 dimension, and the first sequence has 2; put a colon between dimensions, and give all sequences the same"
    ),
    ("@classLabel false\n@data\n1,2:2\n", "v.ts, line 3: dimension 2 has 1 steps, and the first one 2; they should be equal"),
    (
      "@classLabel false\n@data\n1,x\n", "v.ts, line 3, dimension 1: “x” is not a number; mend it, or write ? where it is missing"
    ),
    ("1,2\n@data\n", "v.ts, line 1: “1,2” stands before @data; put a line @data before the first sequence"),
  ])
  func whatIsWrongWithSequencesIsNamed(text: String, message: String) {
    #expect(throws: Refusal(text: message)) { try withFile(text, name: "v.ts") { try LabelledSequences(contentsOf: $0) } }
  }

  @Test func wordsHaveTags() throws {
    let text = "the\tDET\ncat\tNOUN\n\nruns\tVERB\n"
    let (file, isLikely) = try withFile(text, name: "w.tsv") {
      (try TaggedSentences(contentsOf: $0), try TaggedSentences.isLikely($0))
    }
    #expect(file.sentences.map { $0.map(\.text) } == [["the", "cat"], ["runs"]] && isLikely)
    #expect(file.sentences[1][0].tag == "VERB" && file.sentences[1][0].line == 4)
    #expect(
      throws: Refusal(
        text: "w.tsv, line 2: “cat” has no tab; write a word, a tab and its tag a line, with an empty line between sentences")
    ) {
      try withFile("the\tDET\ncat\n", name: "w.tsv") { try TaggedSentences(contentsOf: $0) }
    }
  }
}
