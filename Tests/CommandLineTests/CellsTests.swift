import CellCompiler
import CellLanguage
import CommandLine
import Foundation
import Testing

/// `recurrent cells list` and `recurrent cells show`
struct CellsTests {
  // MARK: list

  @Test func theListFitsTheTerminal() {
    let captured = run(["cells", "list"]) { $0.terminal(isTerminal: true, width: 60) }
    let lines = captured.output.split(separator: "\n")
    #expect(lines.count == Cell.library.count + 1)
    #expect(lines.allSatisfy { $0.count <= 60 })
    #expect(lines[0] == "name                     states            parameters  summ…")
    #expect(lines.contains("gru-reset-before         h                     98,688  Gate…"))
    #expect(captured.messages.contains("Parameters are those of 128 units that read 128 inputs.\n"))
  }

  @Test func theListIsWholeWhereItIsReadOn() {
    let captured = run(["cells", "list"])
    #expect(captured.output.contains("  Peephole LSTM with no output activation function: the memory shows as it is.\n"))
    #expect(captured.messages == "")
  }

  @Test func theListIsThereForMachines() throws {
    let cells = try #require(try json(["cells", "list"]) as? [[String: Any]])
    #expect(cells.map { $0["name"] as? String } == Cell.library.map(\.name))
    let projected = try #require(cells.first { $0["name"] as? String == "lstm-projected" })
    #expect(projected["states"] as? [String] == ["h", "c"])
    // Four gates of 128 units that read 64 + 128 numbers and have a bias each, and the projection from 128 to 64.
    #expect(projected["parameter_count"] as? Int == 4 * 128 * (64 + 128 + 1) + 64 * 128)
    #expect((projected["summary"] as? [String])?.count == 3)
  }

  /// `recurrent cells list --markdown > Documentation/cells.md` makes it so.
  @Test func thePageOfCellsIsUpToDate() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(contentsOf: root.appending(path: "Documentation/cells.md"), encoding: .utf8)
    #expect(run(["cells", "list", "--markdown"]).output == page)
  }

  // MARK: show

  @Test func aCellIsShown() throws {
    #expect(
      run(["cells", "show", "indrnn", "--units", "4", "--inputs", "1000"]).output == """
        \(try Cell.named("indrnn").description)
        With units = 4, inputs = 1,000:

        parameter  kind    size            numbers  starts
        W_x        matrix  units × inputs    4,000  glorot
        u          vector  units                 4  uniform(0, 1)
        b          bias    units                 4  0

        4,008 parameters
        4,000 multiply-adds and 12 other operations a step
        states h 4

        """)
  }

  @Test func ownSizesAndBlocksAreShown() throws {
    let file = try CellFile(
      """
      cell mine
      input x
      state h(P), c
      scalar ζ
      c' = p * c + tanh(W_c [c, x])
      h' = σ(ζ) * (W_h c')
      """)
    let output = run(["cells", "show", file.path, "--units", "100", "--inputs", "8", "--size", "P=3"]).output
    #expect(
      output.hasSuffix(
        """
        With units = 100, inputs = 8, P = 3:

        parameter  kind    size                      numbers  starts
        p          vector  units                         100  uniform(±0.1)
        W_c        matrix  units × (units + inputs)   10,800  orthogonal, glorot
        ζ          scalar  1                               1  0
        W_h        matrix  P × units                     300  glorot

        11,201 parameters
        11,100 multiply-adds and 303 other operations a step
        states h 3, c 100

        """), "\(output)")
  }

  @Test func thePlanIsShown() throws {
    let plan = Plan(compiling: .gru, dimensions: try Cell.gru.dimensions(inputs: 3, units: 5))
    #expect(run(["cells", "show", "gru", "--inputs", "3", "--units", "5", "--plan"]).output.hasSuffix("\n\n\(plan)\n"))
  }

  @Test(arguments: Plan.Pass.allCases)
  func thePlanIsShownAsAPassLeavesIt(pass: Plan.Pass) throws {
    let plan = Plan(compiling: .gru, dimensions: try Cell.gru.dimensions(inputs: 3, units: 5), through: pass)
    let arguments = ["cells", "show", "gru", "--inputs", "3", "--units", "5", "--plan", "--after", pass.rawValue]
    #expect(run(arguments).output.hasSuffix("\n\n\(plan)\n"))
    let shown = try #require(try json(arguments) as? [String: Any])
    #expect(shown["plan"] as? String == "\(plan)")
    #expect(shown["multiply_adds"] as? Int == 3 * 5 * (3 + 5))
  }

  @Test func passesAreNamedInTheHelpAndInCompletions() {
    let help = run(["cells", "show", "--help"]).output
    for pass in Plan.Pass.allCases { #expect(help.contains(pass.rawValue)) }
    let names = Plan.Pass.allCases.map(\.rawValue).joined(separator: " ")
    #expect(run(["completions", "bash"]).output.contains(names))
  }

  @Test func aCellIsThereForMachines() throws {
    let shown = try #require(
      try json(["cells", "show", "lstm-projected", "--inputs", "3", "--units", "8", "--size", "P=2"]) as? [String: Any])
    #expect(shown["equations"] as? String == (try Cell.named("lstm-projected")).description)
    #expect(shown["sizes"] as? [String: Int] == ["units": 8, "inputs": 3, "P": 2])
    #expect(shown["parameter_count"] as? Int == 4 * 8 * (2 + 3 + 1) + 2 * 8)
    #expect(shown["multiply_adds"] as? Int == 4 * 8 * (2 + 3) + 2 * 8)
    #expect(shown["plan"] == nil)
    let first = try #require((shown["parameters"] as? [[String: Any]])?.first)
    #expect(first["name"] as? String == "W_f")
    #expect(first["kind"] as? String == "matrix")
    #expect(first["size"] as? String == "units × (P + inputs)")
    #expect(first["shape"] as? [Int] == [8, 5])
    #expect(first["count"] as? Int == 40)
    #expect(first["start"] as? String == "glorot")
  }

  @Test(
    arguments: [
      (["lsmt"], 1, "error: no cell of the library is called `lsmt`; did you mean `lstm`?\n"),
      (["lstm", "--size", "P=2"], 1, "error: cell lstm has no size P\n"),
      (
        ["lstm", "--size", "P=2,P=3"], 2,
        "error: --size is \"P=2,P=3\"; expected sizes such as P=64 or P=64,Q=32\n`recurrent cells show --help` says what there is.\n"
      ),
      (
        ["lstm", "--size", "64"], 2,
        "error: --size is \"64\"; expected sizes such as P=64 or P=64,Q=32\n`recurrent cells show --help` says what there is.\n"
      ),
      (
        ["lstm", "--plan", "--after", "place-gate"], 2,
        """
        error: --after is "place-gate"; expected lower-equations, differentiate, find-invariants, arrange-slots, stack-products, \
        place-gates, choose-kept, fuse-products, schedule-steps or place-gradients; did you mean place-gates?
        `recurrent cells show --help` says what there is.

        """
      ),
      (
        ["lstm", "--after", "place-gates"], 2,
        """
        error: --after says after which pass --plan shows the plan: give --plan, too
        `recurrent cells show --help` says what there is.

        """
      ),
      (["lstm", "--units", "99999999"], 1, "error: units of cell lstm is 99999999; it must be at most 16777216\n"),
    ] as [([String], Int32, String)])
  func whatCannotBeShownIsSaid(arguments: [String], code: Int32, message: String) {
    #expect(run(["cells", "show"] + arguments, exits: code).messages == message)
  }
}
