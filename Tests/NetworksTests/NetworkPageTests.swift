import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

/// Pages of equations for networks.
struct NetworkPageTests {
  private typealias Layer = Architecture.Layer

  /// What pages say, as a program says it.
  @Test func aPageIsAnArchitecture() throws {
    let page = try NetworkPage(
      parsing: """
        # A block with a skip.
        network block
        a = rnn(x, units: 3)         # reads the input
        b = lstm-projected(a, P: 3, states: learned)
        s = x + b
        y = [s * a,
             gru(s, units: 2, direction: bidirectional, merge: sum, reverse: rnn)]

        """)
    let sum = Architecture.Reading.sum([.input, .layer("b")])
    let expected = Architecture(
      input: .features(3),
      layers: [
        Layer(.rnn, units: 3, name: "a"),
        Layer(try .named("lstm-projected"), units: 7, sizes: ["P": 3], learnsInitialStates: true, name: "b"),
        Layer(.gru, units: 2, direction: .bidirectional(.sum, reverse: .rnn), name: "gru", reads: sum),
      ], top: .concatenation([.product([sum, .layer("a")]), .layer("gru")]), output: .values(2))
    #expect(page.name == "block")
    #expect(Architecture(input: .features(3), page: page, units: 7, output: .values(2)) == expected)
    _ = try Network(expected)
  }

  /// What any stack has goes without saying: a page of a chain is the chain.
  @Test(arguments: ["a = gru(x); b = lstm(a)", "lstm(gru(x))", "a = gru(x); b = lstm(a); y = b"])
  func aPageOfAChainIsAChain(text: String) throws {
    let built = Architecture(input: .features(2), page: try NetworkPage(parsing: text), output: .values(1))
    #expect(built.top == nil && built.layers.allSatisfy { $0.reads == nil } && !built.branches)
    #expect(built.layers.map(\.cell) == [.gru, .lstm] && built.layers.map(\.units) == [128, 128])
  }

  static let pages = [
    "y = x + gru(x)", "a = gru(x, units: 4)\nb = lstm(a, units: 4)\ny = a * (x + b) * a + [a]",
    "network deep\na = gru(x)\nb = gru(x + a)\nc = gru(x + a + b)\nd = gru((x + a) + b)\ny = [(x + a), b, c, d]",
    "a = gru(x, direction: reverse)\nb = lstm-projected(a, P: 8, states: learned)\ny = [a, b]",
    "a = lstm[b_f=0](x)\nb = lstm(a)\nc = lstm[b_f=2](b)\ny = a + b + c",
    "a = mine(x, units: 3)\n\n# Mine.\ncell mine\ninput x\nstate h\nh' = tanh(W x + b)\n",
    "y = gru(x, direction: bidirectional, merge: average, reverse: rnn)",
    "a = norm(x)\nb = slstm(a, units: 64)\ny = x + dense(conv4(b), units: 64)",
    "a = gru(x)\ns = a + x\nb = gru(s)\ny = s + b", "gru = rnn(x)\ny = gru(gru)", "y = x",
  ]

  /// Printed and read again, a page is the same.
  @Test(arguments: pages)
  func aPrintedPageIsTheSame(text: String) throws {
    let page = try NetworkPage(parsing: text, file: "test") { try Self.cell($0) }
    #expect(try NetworkPage(parsing: page.description) == page)
    #expect(try NetworkPage(parsing: page.description).description == page.description)
  }

  /// The cell that a word names, as far as these tests need it.
  private static func cell(_ word: String) throws -> Cell {
    guard let open = word.firstIndex(of: "[") else { return try Cell.named(word) }
    let value = word[open...].dropFirst("[b_f=".count).dropLast()
    return try Cell.named(String(word[..<open])).initializing("b_f", as: String(value))
  }

  @Test func whatStandsInSeveralPlacesIsPrintedOnce() throws {
    let page = try NetworkPage(parsing: "a = gru(x); s = a + x; b = gru(s); t = s + b; c = gru(t); y = t + c")
    #expect(
      page.description == """
        a = gru(x)
        s = a + x
        b = gru(s)
        s2 = s + b
        c = gru(s2)
        y = s2 + c

        """)
  }

  /// The page of a network is the network, once its layers have names.
  @Test(arguments: NetworkCase.branching)
  func aNetworksPageIsTheNetwork(_ each: NetworkCase) throws {
    let architecture = try each.network().architecture
    let page = try NetworkPage(parsing: NetworkPage(architecture).description)
    var again = architecture
    (again.layers, again.top) = page.architecture(units: 1)
    var named = again
    for (index, layer) in architecture.layers.enumerated() { named.layers[index].name = layer.name }
    named.layers.indices.forEach { if named.layers[$0].reads == nil { named.layers[$0].reads = architecture.layers[$0].reads } }
    #expect(named == architecture)
  }

  /// What two layers read alike is drawn once.
  @Test func aFlowChart() throws {
    let page = try NetworkPage(
      parsing: "network block\na = norm(x)\nb = gru(a, units: 8, direction: bidirectional, merge: sum)\ny = [x + b, (x + b) * a]")
    #expect(
      page.mermaid == """
        %% block
        flowchart LR
          n0(["x"])
          n1["a: norm"]
          n0 --> n1
          n2["b: gru, 8 units, both ways, sum"]
          n1 --> n2
          n3(("+"))
          n0 --> n3
          n2 --> n3
          n4(("×"))
          n3 --> n4
          n1 --> n4
          n5(("[ ]"))
          n3 --> n5
          n4 --> n5
          n5 --> output(["output"])

        """)
  }

  private func expect(
    _ text: String, _ message: String, _ help: String?, at place: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    do {
      _ = try NetworkPage(parsing: text)
      Issue.record("\(text) was read", sourceLocation: sourceLocation)
    } catch let error as Diagnostic {
      #expect(error.message == message, sourceLocation: sourceLocation)
      if let help { #expect(error.help == help, sourceLocation: sourceLocation) }
      #expect("\(error.line):\(error.column)" == place, sourceLocation: sourceLocation)
    } catch {
      Issue.record("\(error)", sourceLocation: sourceLocation)
    }
  }

  @Test func linesThatAreWrong() {
    expect("# nothing", "the text holds no network", "write a line for each layer, such as `a = gru(x, units: 64)`", at: "1:1")
    expect("network\na = gru(x)", "a name is missing after `network`", "write `network block`", at: "1:8")
    expect(
      "a = gru(x)\nnetwork two\n", "a second network begins here",
      "a text holds one network: put the other one into a file of its own",
      at: "2:1")
    expect("a gru(x)", "`=` is missing after `a`", "write `a = …`", at: "1:3")
    expect(
      "gru(x)\ny = x", "a line that lines follow has no name",
      "write `a = …`; only the last line, which is the output, may do without",
      at: "1:1")
    expect("a = gru(x)\na = rnn(a)", "`a` is defined on line 1, too", "give one of them another name", at: "2:1")
    expect("x = gru(x)", "`x` is what the network reads", "give the line another name", at: "1:1")
    expect(
      "a-b = gru(x)", "`a-b` is no name for a layer", "a name has letters, digits and `_`, a letter first, as in `a = gru(x)`",
      at: "1:1")
    expect(
      "y = x x", "`x` is not expected here", "end the line, or write `+`, `*` or a comma before it; a comment begins with `#`",
      at: "1:7")
    expect(
      "y = x ^ 2", "`^` has no meaning in a network",
      "layers are added (`a + b`), multiplied (`a * b`) and put side by side (`[a, b]`)", at: "1:7")
    expect(
      "y = \"mine.cell(x)", "the quotation mark is not closed", "write `\"` after the name of the cell or its file", at: "1:5")
    expect("y = [x, gru(x)", "`[` is not closed", "write `]` where it ends", at: "1:5")
    expect(
      "y = x +", "something to read is missing at the end of the line",
      "name the input `x`, a layer above, or write a layer such as `gru(x)`", at: "1:8")
    expect(
      "y = (+ x)", "something to read is missing before `+`",
      "name the input `x`, a layer above, or write a layer such as `gru(x)`",
      at: "1:6")
    expect(
      "y = " + String(repeating: "(", count: 65) + "x", "brackets stand within each other more than 64 deep",
      "give what is inside a line of its own", at: "1:69")
    let doubled = (1...12).map { "a\($0) = a\($0 - 1) + a\($0 - 1)\n" }.joined()
    expect(
      "a0 = gru(x)\n" + doubled, "this reads more than 1024 terms", "make fewer of them, or give what they share a layer",
      at: "12:7")
  }

  @Test func namesThatAreWrong() {
    expect("first = gru(x)\ny = x + frist", "nothing is called `frist`", "did you mean `first`?", at: "2:9")
    expect(
      "y = x + memory", "nothing is called `memory`",
      "a line reads the input `x` and the lines above it; a layer is written `memory(x)`", at: "1:9")
    expect(
      "a = gru(b)\nb = gru(a)", "`b` is defined below", "a network has no cycles: put the line of `b` above this one", at: "1:9")
    expect("a = gru(x + a)", "`a` reads itself", "a network has no cycles: memory is in a layer's cell", at: "1:13")
    expect(
      "a = gru(x)\nb = gru(x)", "nothing reads `a`", "read it in a line below, or remove the line; the last line is the output",
      at: "1:1")
  }

  @Test func layersThatAreWrong() {
    expect("y = grv(x)", "no cell is called `grv`", "did you mean `gru`?", at: "1:5")
    expect("y = gru()", "`gru` reads nothing", "write `gru(x)`, or name what it reads in place of `x`", at: "1:5")
    expect(
      "y = gru(x, 64)", "`64` is no setting of a layer", "what a layer reads comes first, then settings such as `units: 64`",
      at: "1:12")
    expect(
      "y = lstm-projected(x, Q: 3)", "a layer of `lstm-projected` has no setting `Q`",
      "there are `units`, `P`, `direction`, `merge`, `reverse`, `states`", at: "1:23")
    expect(
      "y = norm(x, units: 3)", "a layer of `norm` has no setting `units`", "there are `direction`, `merge`, `reverse`, `states`",
      at: "1:13")
    expect("y = gru(x, units: 3, units: 4)", "`units` is given twice", "remove one of them", at: "1:22")
    expect("y = gru(x, units: 0)", "`0` is no value of `units`", "write a whole number from 1 to 16777216", at: "1:19")
    expect("y = gru(x, units: )", "`)` is no value of `units`", "write a whole number from 1 to 16777216", at: "1:19")
    expect(
      "y = gru(x, direction: both)", "`both` is no value of `direction`", "write `forward`, `reverse` or `bidirectional`",
      at: "1:23")
    expect(
      "y = gru(x, direction: bidirectional, merge: max)", "`max` is no value of `merge`",
      "write `concatenate`, `sum`, `multiply`, `average`", at: "1:45")
    expect("y = gru(x, states: zeros)", "`zeros` is no value of `states`", "write `zero` or `learned`", at: "1:20")
    expect(
      "y = gru(x, merge: sum)", "`merge` is for layers that read both ways",
      "write `direction: bidirectional`, too, or remove it",
      at: "1:12")
    expect(
      "y = gru(x)\n\ncell mine\ninput x\nstate h\nh' = x\n", "no layer has the cell `mine`",
      "use it in a line of the network, or remove its text", at: "3:1")
    expect("y = mine(x)\n\ncell mine\ninput x\nstate h\nh' = q(x)\n", "unknown function `q`", nil, at: "6:6")
  }
}
