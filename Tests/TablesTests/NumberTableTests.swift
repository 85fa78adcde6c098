import Foundation
import Sequences
import Support
import Tables
import Testing

struct NumberTableTests {
  private func read(_ text: String, name: String = "depth.csv") throws -> NumberTable {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: name)
    try Data(text.utf8).write(to: file)
    do { return try NumberTable(TableFile(file.path)) } catch {
      throw Refusal(text: error.description.replacingOccurrences(of: folder.path + "/", with: ""))
    }
  }

  private struct Refusal: Error, Equatable { let text: String }

  @Test func oneNumberALineIsNamedAfterTheFile() throws {
    let table = try read("1\n\n-2.5e1\n\n")
    #expect(table.columns == [.init(name: "depth", values: [1, nil, -25, nil])])
  }

  @Test(arguments: ["depth,half\n1,0.5\n2,\n", "depth, \"half\"\r\n 1 ,0.5\r\n2,\r\n"])
  func columnsHaveTheNamesOfTheFirstLine(text: String) throws {
    #expect(try read(text).columns == [.init(name: "depth", values: [1, 2]), .init(name: "half", values: [0.5, nil])])
  }

  @Test func columnsWithoutNamesAreCounted() throws {
    #expect(try read("1,2\n3,4").columns.map(\.name) == ["column 1", "column 2"])
  }

  @Test(arguments: [
    ("", "depth.csv is empty; a table has the names of its columns in the first line, and rows below"),
    ("depth\n", "depth.csv has names of columns and no rows below them"),
    (
      "a,b\n1,2\n3\n",
      "depth.csv, line 3: it has 1 value, and there are 2 columns; give all, and leave only the place of a missing one empty, between its separators"
    ),
    ("a,b\n1,2\n3,x\n", "depth.csv, line 3, column b: “x” is not a number; mend it, or leave the place empty"),
  ])
  func whatDoesNotFitIsNamed(text: String, message: String) {
    #expect(throws: Refusal(text: message)) { try read(text) }
  }
}
