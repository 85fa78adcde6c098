import CellLanguage
import CommandLine
import Testing

/// `recurrent cells check`
struct CellsCheckTests {
  private static let laws = """
      ✓ the text is a cell
      ✓ every pass of the compiler keeps its promises
      ✓ gradients are those of finite differences
      ✓ every instruction set and thread count gives what the reference gives
      ✓ keeping the gradients of states at each step gives the reference's and changes no other bit
      ✓ a packed batch gives what each sequence gives alone
      ✓ no initial state is a zero initial state
      ✓ a stream gives what a sequence gives
      ✓ a stream of narrower weights gives what the reference gives with the weights that they stand for
      ✓ a stream that rounds what meets its weights to whole numbers gives what the reference gives with these
      ✓ a run cut in two with its states carried over is the whole run
      ✓ a run that keeps a segment of steps at a time and runs it again gives the same bits
      ✓ threads that share the units of each step give the bits of one thread
      ✓ any number of threads gives the same bits
      ✓ the sums of a batch's shards are those of the shards by themselves, added in a tree
      ✓ matrices that are made again for the steps back give the bits of those that are kept
      ✓ a traced run gives the same bits
      ✓ heads are as many cells side by side, where nothing mixes them
      ✓ products that see states through masks give what the reference gives with the masks in the equations
      ✓ states that keep a fraction of themselves give what the reference gives, whether it is drawn or its mean
    """

  @Test func aCellIsCheckedLawByLaw() throws {
    let file = try CellFile(
      """
      cell mine
      input x
      state h
      f  = σ(W_f [h, x] + b_f)
      h' = f * h + (1 - ff) * (W_g x)
      """)
    #expect(
      run(["cells", "check", file.path]).output == """
        \(file.path)
        \(Self.laws)
          parameters, as the equations use them
            W_f  matrix  units × (units + inputs)
            b_f  bias    units
            ff   bias    units
            W_g  matrix  units × inputs
          warning: `ff` is a parameter, since no line defines it; was the local vector `f` meant?

        """)
  }

  @Test func whatIsWrongIsFoundAndTheRestIsCheckedToo() throws {
    let file = try CellFile("cell mine\ninput x\nstate h\nh' = tanh(W x\n")
    let captured = run(["cells", "check", file.path, "rnn"], exits: 1) { $0.terminal(hasUnicode: false) }
    #expect(
      captured.output.hasPrefix(
        """
        \(file.path)
          FAILED the text is a cell
              \(file.path):4:10: `(` is never closed
                  h' = tanh(W x
                           ^
              add the `)` that belongs to it

        rnn
          ok     the text is a cell
          ok     every pass of the compiler keeps its promises

        """), "\(captured.output)")
    #expect(captured.messages == "error: \(file.path) failed the check\n")
  }

  @Test func aBrokenLawIsFound() throws {
    // No sixth root has a derivative at zero, and this one stays there.
    let file = try CellFile("cell mine\ninput x\nstate h\nh' = 0 * h + exp(log(0 * (W x)) / 6)")
    let captured = run(["cells", "check", file.path], exits: 1)
    #expect(captured.output.contains("\n  ✗ gradients are those of finite differences\n      "))
    #expect(captured.messages == "error: \(file.path) failed the check\n")
  }

  @Test func sizesMayBeGiven() throws {
    let file = try CellFile("cell mine\ninput x\nstate h(Q)\nh' = tanh(W [h, x])")
    let findings = try json(["cells", "check", file.path, "--size", "Q=7", "--units", "9", "--inputs", "2"])
    let laws = (findings as? [[String: Any]])?.first?["laws"] as? [[String: Any]] ?? []
    #expect(laws.count == 20 && laws.allSatisfy { $0["holds"] as? Bool == true })
  }

  @Test func sizesThatTheTextLeavesOpenAreChosen() throws {
    let file = try CellFile("cell mine\ninput x\nstate h(Q)\nh' = tanh(W [h, x])")
    let output = run(["cells", "check", file.path]).output
    #expect(output.contains("\n  checked with Q = 4, since the text does not say how large it is; --size Q=N sets it\n"))
    let findings = try #require(try json(["cells", "check", file.path]) as? [[String: Any]])
    #expect(findings[0]["sizes"] as? [String: Int] == ["Q": 4])
  }

  @Test func sizesMayBeProducts() throws {
    let file = try CellFile(
      """
      cell mine
      input x
      size d = 2
      size D = n * d * d
      size n = units / 2
      state h, C(D)
      C' = 0.5 * C + W x
      h' = tanh(U C')
      """)
    #expect(run(["cells", "check", file.path]).output.contains("  W  matrix  D × inputs"))
  }

  @Test func findingsAreThereForMachines() throws {
    let file = try CellFile("cell mine\ninput x\nstate h\nh' = tanh(W x) + x")
    let findings = try #require(
      try json(["cells", "check", file.path, "gru", "--inputs", "4", "--units", "5"], exits: 1) as? [[String: Any]])
    #expect(findings.map { $0["name"] as? String } == [file.path, "gru"])
    let laws = findings.map { $0["laws"] as? [[String: Any]] ?? [] }
    #expect(laws.map { $0.map { $0["holds"] as? Bool } } == [[true, false], Array(repeating: true, count: 20)])
    #expect(
      laws[0][1]["fault"] as? String
        == "cell mine needs inputs = units, but here that is 4 and 5")
    #expect((findings[1]["parameters"] as? [[String: Any]])?.count == Cell.gru.parameters.count)
    #expect(findings[1]["doubts"] as? [String] == [])
  }
}
