import CellLanguage
import Models
import Networks
import Support
import Testing

/// Files of networks whose layers read something else than the layer below.
struct BranchingFileTests {
  /// Programs that know only layers one above the other refuse the file by its version.
  @Test func branchesReturn() throws {
    let page = try NetworkPage(
      parsing: "a = gru(x, units: 2); b = rnn([x, a], units: 2); s = (x + a) * b; y = [s, gru(s, units: 3)]")
    let network = try Network(Architecture(input: .features(2), page: page, output: .values(1)), seed: 3)
    #expect(network.metadata["recurrent"] == "2")
    #expect(network.metadata["network"]?.contains(#""reads":"[x, a]""#) == true)
    #expect(network.metadata["network"]?.contains(#""top":"[(x + a) * b, gru]""#) == true)
    let loaded = try Network(bytes: network.bytes())
    #expect(loaded.architecture == network.architecture)
    #expect(loaded.parameters.map(\.bitPattern) == network.parameters.map(\.bitPattern))
    let chain = try NetworkPage(parsing: "gru(rnn(x, units: 3), units: 2)")
    #expect(try Network(Architecture(input: .features(2), page: chain, output: .values(1))).metadata["recurrent"] == "1")
  }

  /// What files say stays readable: descriptions as they have been written, of a chain and of layers that branch.
  @Test func descriptionsStayReadable() throws {
    let cell = "cell tiny\ninput x\nstate h\nh' = tanh(W x + U h)\n"
    let tiny = try Cell(parsing: cell)
    let written = cell.replacing("\n", with: "\\n")
    func read(_ layers: String, _ rest: String, version: String) throws -> Architecture {
      let text = #"{"input":{"features":1},"layers":[\#(layers)],"output":{"values":1}\#(rest)}"#
      return try Architecture(metadata: ["recurrent": version, "network": text], path: "a")
    }
    let chain = try read(#"{"cell":"\#(written)","sizes":{},"units":2}"#, "", version: "1")
    #expect(chain == Architecture(input: .features(1), layers: [.init(tiny, units: 2)], output: .values(1)))
    let branching = try read(
      #"{"cell":"\#(written)","name":"a","sizes":{},"units":1},{"cell":"\#(written)","name":"b","reads":"x * a","sizes":{},"units":1}"#,
      #","top":"[x + a, b]""#, version: "2")
    #expect(
      branching
        == Architecture(
          input: .features(1),
          layers: [.init(tiny, units: 1, name: "a"), .init(tiny, units: 1, name: "b", reads: .product([.input, .layer("a")]))],
          top: .concatenation([.sum([.input, .layer("a")]), .layer("b")]), output: .values(1)))
    _ = try Network(branching)
  }

  @Test(arguments: [
    (
      #""reads":"[x, a]""#, #""reads":"[x, q]""#,
      "layer 2 (b) reads q, and no layer is called so: it can read x, a"
    ),
    (
      #""reads":"[x, a]""#, #""reads":"[x, gru(a)]""#,
      "what layer 1 reads:1:5: `gru(…)` is a layer, and only names are expected here\n    [x, gru(a)]\n        ^^^\nname a layer that is there"
    ),
    (
      #""top":"x + b""#, #""top":"x + ""#,
      "what the output reads:1:5: something to read is missing at the end of the line\n    x + \n        ^\n"
        + "name the input `x`, a layer above, or write a layer such as `gru(x)`"
    ),
  ])
  func readingsThatAreDamagedAreRefused(own: String, damaged: String, message: String) throws {
    let page = try NetworkPage(parsing: "a = gru(x, units: 2); b = rnn([x, a], units: 2); y = x + b")
    let network = try Network(Architecture(input: .features(2), page: page, output: .values(1)))
    var metadata = network.metadata
    metadata["network"] = try #require(metadata["network"]).replacing(own, with: damaged)
    #expect(metadata != network.metadata)
    let bytes = try Safetensors.bytes(network.tensors, metadata: metadata, name: "a")
    let error = #expect(throws: RecurrentError.self) { try Network(bytes: bytes) }
    #expect(error?.description == "can't read the model: its description of the network is damaged: \(message)")
  }
}
