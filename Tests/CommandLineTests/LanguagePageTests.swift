import CellCompiler
import CellLanguage
import Foundation
import Testing

/// `Documentation/language.md` says what the tables say, its cells are what it says of them, and plans are quoted as they are.
struct LanguagePageTests {
  /// `recurrent cells language --markdown` writes the tables.
  @Test func itsTablesAreUpToDate() throws {
    let page = try page()
    let tables = run(["cells", "language", "--markdown"]).output.split(separator: "\n\n")
    #expect(tables.count == 3)
    for table in tables {
      let rows = table.hasSuffix("\n") ? String(table) : table + "\n"
      #expect(page.contains(rows), "Documentation/language.md lacks this table as it is now:\n\(rows)")
    }
  }

  @Test func itsCellsAreCells() throws {
    let cells = blocks("cell", in: try page())
    #expect(!cells.isEmpty)
    for text in cells { #expect(throws: Never.self) { try Cell(parsing: text) } }
  }

  @Test func itsWrongCellsAreWrongInTheseWords() throws {
    let page = try page()
    let (cells, answers) = (blocks("wrong", in: page), blocks("says", in: page))
    #expect(!cells.isEmpty && cells.count == answers.count)
    for (text, answer) in zip(cells, answers) {
      let file = String(answer.prefix { $0 != ":" })
      let error = #expect(throws: Diagnostic.self) { try Cell(parsing: text, file: file) }
      #expect(error.map { "\($0)\n" } == answer)
    }
  }

  @Test(arguments: Keyword.allCases)
  func anExampleOfEachLineCanBeRead(keyword: Keyword) throws {
    let name = keyword == .cell ? "" : "cell lines\n"
    let input = keyword == .input ? "" : "input x\n"
    let states = keyword == .state ? "" : keyword == .size ? "state h(P), c" : "state h, c"
    // What reads the thing that the line declares.
    let output =
      switch keyword {
      case .scalar: "V c' * α * β"
      case .constant: "V c' * ε"
      case .heads: "layer_norm(V c')"
      case .block: "V c' + R h"
      case .local: "V c' + U z"
      case .memory: "V c' + U M^T softmax(M A h)"
      default: "V c'"
      }
    let text = """
      \(name)\(keyword == .repetition ? "" : keyword.example)
      \(input)\(states)\(keyword == .block ? "\nheads 4" : "")
      c' = tanh(W [h, x] + b_f)\(keyword == .local ? "\nz = A x" : "")
      \(keyword == .repetition ? keyword.example + "\n " : "")h' = \(output)
      """
    #expect(throws: Never.self) { try Cell(parsing: text) }
  }

  @Test(arguments: Cell.Initializer.forms.map(\.text))
  func eachStartCanBeRead(start: String) throws {
    let text = "cell start\ninput x\nstate h\nh' = tanh(W [h, x])\ninit W = \(start)\n"
    #expect(try Cell(parsing: text).description == text)
  }

  @Test func itIsThereForMachines() throws {
    let shown = try #require(try json(["cells", "language"]) as? [String: [[String: Any]]])
    #expect(shown["functions"]?.compactMap { $0["name"] as? String } == Primitive.all.map(\.name))
    #expect(shown["lines"]?.count == Keyword.allCases.count)
    #expect(shown["starts"]?.count == Cell.Initializer.forms.count)
  }

  /// Each line of a plan in `Documentation/one-step.md` is one of the plan of that size, as the pass leaves it that its fence names.
  @Test func thePlansOfOneStepAreTheCompilers() throws {
    let page = try page("Documentation/one-step.md")
    var count = 0
    for pass in [""] + Plan.Pass.allCases.map(\.rawValue) {
      let after = pass.isEmpty ? [] : ["--after", pass]
      let plan = run(["cells", "show", "lstm", "--inputs", "3", "--units", "4", "--plan"] + after).output
      let lines = Set(plan.split(separator: "\n"))
      for line in blocks("plan" + (pass.isEmpty ? "" : " \(pass)"), in: page).flatMap({ $0.split(separator: "\n") }) {
        count += 1
        #expect(lines.contains(line), "one-step.md shows \"\(line)\", which is not in the plan\n\(plan)")
      }
    }
    #expect(count > 20)
  }

  private func page(_ path: String = "Documentation/language.md") throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// What stands between fences of that language.
  private func blocks(_ language: String, in page: String) -> [String] {
    page.components(separatedBy: "\n```\(language)\n").dropFirst().compactMap { rest in
      rest.components(separatedBy: "\n```").first.map { $0 + "\n" }
    }
  }
}
