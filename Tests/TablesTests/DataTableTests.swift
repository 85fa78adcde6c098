import Storage
import Support
import Tables
import Testing

struct DataTableTests {
  private static let days = ["2024-01-01", "2024-01-01", "2024-01-02", "2024-01-02", "2024-01-04", "2024-01-03"]
  private static let stores = ["a", "b", "a", "b", "a", "b"]
  private static let units: [Double?] = [1, 20, 0.1, nil, 3.5e-7, 22]
  private static let prices = [1, 2, 3, 4, 5, 6]
  private static let roles = ColumnRoles(time: "day", group: "store", targets: ["units"], known: ["price"])

  /// Gaps between times, missing values, groups and what is known ahead, all as in a file.
  @Test func columnsInMemoryAreReadAsAFileIs() throws {
    let table = DataTable(columns: ["day": Self.days, "store": Self.stores, "units": Self.units, "price": Self.prices])
    let text =
      "day,store,units,price\n"
      + Self.days.indices.map { row in
        "\(Self.days[row]),\(Self.stores[row]),\(Self.units[row].map { "\($0)" } ?? ""),\(Self.prices[row])\n"
      }.joined()
    let (file, roles) = try withFile(text) { path in
      (
        try SeriesTable(contentsOf: path, roles: Self.roles, missing: .interpolate),
        try TableSummary(contentsOf: path).roles(time: nil, group: nil, targets: ["units"], known: ["price"], isWide: false)
      )
    }
    let memory = try SeriesTable(table, roles: Self.roles, missing: .interpolate)
    #expect(
      try TableSummary(of: table).roles(time: nil, group: nil, targets: ["units"], known: ["price"], isWide: false) == roles)
    var wanted = Self.roles
    wanted.times = TimeReading(try #require(TimeFormat("yyyy-mm-dd")))
    #expect(roles == wanted)
    #expect(memory.step == file.step && memory.repairs.map(\.description) == file.repairs.map(\.description))
    #expect(
      memory.repairs.map(\.description) == [
        "1 row that the times leave out was put in", "2 missing values were interpolated",
        "1 missing value of what is known ahead was interpolated",
      ])
    #expect(memory.series.map(\.name) == ["a", "b"])
    for (own, other) in zip(memory.series, file.series) {
      #expect(own.name == other.name && own.start == other.start && own.count == other.count && own.observed == other.observed)
      #expect(own.targets == other.targets && own.known == other.known && own.filled == other.filled)
    }
  }

  /// Whatever the numbers are, each comes back as it was.
  @Test func numbersKeepAllTheirBits() throws {
    var random = Random(seed: 4)
    var numbers = (0..<200).map { step in random.normal() * [1, 1e-300, 1e300, 1e-9, 1e15][step % 5] }
    numbers += [.leastNonzeroMagnitude, .greatestFiniteMagnitude, 0, -0.1]
    let table = try SeriesTable(DataTable(columns: ["x": numbers]), roles: ColumnRoles(targets: ["x"]), missing: .error)
    #expect(table.series[0].targets == numbers)
    #expect(table.step == .rows)
  }

  @Test func nothingAndNotANumberAreMissing() throws {
    let table = DataTable(columns: ["x": [1, .nan, 3], "text": ["a", "", nil]])
    let reader = try TableReader(table)
    var (row, rows) = (TableRow(), [[String]]())
    while try reader.next(&row) { rows.append((0..<row.count).map { row.text($0) }) }
    #expect(rows == [["1.0", "a"], ["", ""], ["3.0", ""]])
    #expect(reader.columns == ["x", "text"])
  }

  private static let mistakes: [(DataTable, RecurrentError.Kind, String)] = [
    (
      DataTable(columns: ["a": [1, 2], "b": [1]]), .shape,
      "the table has 1 values in the column “b” and 2 in “a”: give all columns a value for each row"
    ),
    (DataTable(columns: ["a": [1], "a": [2]]), .data, "the table has two columns called “a”; rename one"),
    (DataTable([]), .data, "the table has no columns"),
    (DataTable(columns: ["a": [Double]()]), .data, "the table has names of columns and no rows below them"),
    (
      DataTable(columns: ["a": ["1", "2", "x", "4", "5"]]), .data,
      "the table, line 3, column a: “x” stands where a number is expected; mend it, or leave the place empty"
    ),
  ]

  @Test(arguments: mistakes)
  func whatIsWrongIsNamed(table: DataTable, kind: RecurrentError.Kind, message: String) {
    let error = #expect(throws: RecurrentError.self) {
      _ = try TableSummary(of: table).roles(time: nil, group: nil, targets: ["a"], known: [], isWide: false)
    }
    #expect(error?.kind == kind && error?.description == message)
  }
}

struct ColumnChoiceTests {
  /// A column may be called like the word that stands for no column.
  @Test(arguments: [ColumnChoice.none, .named("store"), .named("none"), .named("")])
  func aChoiceComesBackFromJSON(choice: ColumnChoice) throws {
    #expect(try decodeJSON(Array(json([choice]).utf8), as: [ColumnChoice].self) == [choice])
  }

  @Test func wordsAndTextsChooseColumns() throws {
    #expect(ColumnChoice(word: "none") == ColumnChoice.none && ColumnChoice(word: "store") == "store")
    #expect(json([ColumnChoice.none, "store"]).filter { !$0.isWhitespace } == "[false,\"store\"]")
    #expect(throws: (any Error).self) { try decodeJSON(Array("[true]".utf8), as: [ColumnChoice].self) }
  }
}
