import Foundation
import Testing

/// `--layers` with a page of equations for networks, on one line or in a file.
struct NetworkOptionTests {
  private static let page = "a = gru(x); b = rnn([x, a], units: 4, states: learned); y = [x + a, b]"

  private func train(_ shop: Workshop, _ layers: String, _ others: [String] = ["--iterations", "4"], into folder: String)
    -> Workshop.Outcome
  {
    shop.run(["train", "text", "$/text.txt", "--layers", layers, "--output", "$/" + folder] + Workshop.small + others)
  }

  @Test func aNetworkOnOneLineIsTrainedAndDescribed() throws {
    let shop = try Workshop()
    let outcome = train(shop, Self.page, into: "run")
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(
      outcome.messages.contains(
        "layers: a = gru(x, units: 6); b = rnn([x, a], units: 4, states: learned); y = [x + a, b]\n2 layers, "))
    let described = shop.run("describe $/run")
    #expect(
      described.output.contains(
        """
        layer 1: 6 gru units
        layer 2: 4 rnn units
        what each reads:
          a = gru(x, units: 6)
          b = rnn([x, a], units: 4, states: learned)
          y = [x + a, b]

        """), "\(described.output)")
    #expect(
      try String(decoding: shop.read("run/report.html"), as: UTF8.self).contains("b = rnn([x, a], units: 4, states: learned)"))
    let diagram = shop.run("describe $/run --diagram")
    #expect(diagram.code == 0 && diagram.output.contains("n1[\"a: gru, 6 units\"]\n"), "\(diagram.output)")
    let refused = shop.run("describe $/text.txt --diagram")
    #expect(
      refused.code == 2 && refused.messages.contains("--diagram is for models, and $/text.txt is none: leave it out"),
      "\(refused.messages)")
    #expect(shop.run("generate $/run --length 5").code == 0)
    #expect(shop.run("evaluate $/run $/text.txt --threads 1").code == 0)
    #expect(shop.run("inspect $/run --text ein --json $/numbers.json").code == 0)
    #expect(shop.run("convert $/run $/model.onnx").code == 0)
    #expect(shop.run("convert $/run $/model.c").code == 0)
  }

  /// The file's network has a cell of its own below it, and one in a file beside it.
  @Test func aNetworkInAFileIsTheSameAsOnOneLine() throws {
    let shop = try Workshop()
    let cell = "input x\nstate h\nh' = tanh(W x + U h + b)\n"
    try FileManager.default.createDirectory(atPath: shop("nets"), withIntermediateDirectories: true)
    try shop.write("cell beside\n" + cell, "nets/beside.cell")
    try shop.write(
      "# A block.\nnetwork block\na = gru(x)\nb = below(a)\nc = beside.cell(b)\ny = x + c\n\ncell below\n" + cell,
      "nets/block.network")
    #expect(train(shop, "$/nets/block.network", into: "file").code == 0)
    let outcome = train(shop, "a = gru(x); b = rnn(a); c = rnn(b); y = x + c", into: "line")
    #expect(outcome.code == 0)
    func losses(_ folder: String) throws -> [Double?] { try shop.log(folder).map { $0["loss"] } }
    #expect(try losses("file") == losses("line"))
    // The recipe of the run has all equations.
    let recipe = try String(decoding: shop.read("file/configuration.json"), as: UTF8.self)
    for line in ["network block", "cell gru", "cell below", "cell beside"] { #expect(recipe.contains(line), "\(line)") }
  }

  @Test func aResumedRunAndARecipeGiveTheSameNetwork() throws {
    let shop = try Workshop()
    #expect(train(shop, Self.page, ["--iterations", "12", "--validate-every", "2"], into: "whole").code == 0)
    #expect(train(shop, Self.page, ["--iterations", "4", "--validate-every", "2"], into: "part").code == 0)
    #expect(shop.run("train text --resume $/part --iterations 12").code == 0)
    #expect(try shop.read("part/model.safetensors") == shop.read("whole/model.safetensors"))
    let shown = shop.run(
      ["train", "text", "$/text.txt", "--layers", Self.page, "--iterations", "12", "--validate-every", "2", "--show-recipe"]
        + Workshop.small)
    #expect(shown.code == 0, "\(shown.messages)")
    try shop.write(shown.output.replacing("$", with: shop.path), "recipe.json")
    #expect(shop.run("train --recipe $/recipe.json --output $/again --threads 1").code == 0)
    #expect(try shop.read("again/model.safetensors") == shop.read("whole/model.safetensors"))
  }

  /// Another training starts from the weights of one whose layers branch, and has its layers.
  @Test func aTrainingStartsFromANetworkThatBranches() throws {
    let shop = try Workshop()
    #expect(train(shop, Self.page, into: "old").code == 0)
    let outcome = shop.run(
      "train text $/text.txt --from $/old --batch 4 --sequence 10 --threads 1 --iterations 4 --output $/new")
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(shop.run("describe $/new").output.contains("  y = [x + a, b]\n"))
    let refused = shop.run("train text $/text.txt --from $/old --layers 2")
    #expect(refused.code == 2)
    #expect(
      refused.messages.contains("--layers is said of all layers, and those of $/old differ: leave it out"), "\(refused.messages)")
  }

  @Test(arguments: [
    (
      ["--layers", "y = x + grv(x)"],
      "the network:1:9: no cell is called `grv`\n    y = x + grv(x)\n            ^^^\ndid you mean `gru`?"
    ),
    (["--layers", "$/no.network"], "can't read $/no.network: "),
    (
      ["--layers", "0"],
      "--layers is \"0\"; expected a whole number from 1 to 64, or a network such as \"y = x + gru(x)\" or a file block.network"
    ),
    (
      ["--layers", "y = gru(x)", "--cell", "rnn"],
      "--cell is said of all layers, and --layers says of each what it is: leave --cell out, and say it there"
    ),
    (
      ["--layers", "y = gru(x)", "--learn-states"],
      "--learn-states is said of all layers, and --layers says of each what it is: leave --learn-states out, and say it there"
    ),
    (
      ["--layers", "y = gru(x, direction: reverse)"],
      "--layers has the layer y, which reads sequences from their ends, and that is not for "
    ),
    (["--layers", "y = x + (x)"], "--layers has no layer: write one, such as gru(x)"),
    (
      ["--layers", "y = x + gru(x, units: 7)"],
      "the output reads x + gru, but x has 6 numbers and gru has 7: vectors that are added must be equally long"
    ),
    (["--layers", "y = lstm(x)", "--zoneout", "q=0.1"], "--zoneout names q, which is no state of a layer: name c or h"),
  ])
  func whatCantBeIsRefused(options: [String], message: String) throws {
    let shop = try Workshop()
    let outcome = shop.run(["train", "text", "$/text.txt", "--output", "$/run"] + Workshop.small + options)
    #expect(outcome.code != 0)
    #expect(outcome.messages.contains(message), "\(outcome.messages)")
  }
}
