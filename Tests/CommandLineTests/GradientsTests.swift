import CellLanguage
import Foundation
import Testing

/// `recurrent gradients`
struct GradientsTests {
  private func norms(_ arguments: String...) throws -> [String: [Double]] {
    let report = try #require(try json(["gradients"] + arguments) as? [String: Any])
    let curves = try #require(report["curves"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: curves.map {
        ("\($0["name"] ?? "") \($0["state"] ?? "")\($0["layer"] ?? "")", $0["norms"] as? [Double] ?? [])
      })
  }

  @Test func whatMakesMemoryIsSeen() throws {
    let norms = try norms("--cells", "rnn,lstm,lstm[b_f=0],irnn", "--length", "100", "--units", "32")
    #expect(norms.keys.sorted() == ["irnn h1", "lstm c1", "lstm h1", "lstm[b_f=0] c1", "lstm[b_f=0] h1", "rnn h1"])
    #expect(norms.values.allSatisfy { $0.count == 99 })
    let last = norms.compactMapValues(\.last)
    let order = try ["irnn h1", "lstm c1", "rnn h1"].map { try #require(last[$0]) }
    #expect(order[0] > 100 * order[1] && order[1] > 100 * order[2], "rectified units carry furthest, a plain network least far")
    #expect(try #require(last["lstm c1"]) > 1000 * #require(last["lstm[b_f=0] c1"]), "the forget gate's bias")
  }

  @Test func layersAreToldApart() throws {
    let norms = try norms("--cells", "gru", "--layers", "2", "--length", "5", "--units", "4")
    #expect(norms.keys.sorted() == ["gru h1", "gru h2"])
    #expect(run(["gradients", "--cells", "gru", "--layers", "2", "--length", "5"]).output.contains("\nb  gru h 2 "))
  }

  @Test func aPlotIsDrawn() {
    let lines = run(["gradients", "--cells", "rnn,irnn", "--length", "50", "--units", "16"]).output.split(separator: "\n")
    #expect(lines[0] == "Norm of the gradient that each state carries back from the last step")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.contains { $0.contains("aa") } && lines.contains { $0.contains("bbbb") })
    #expect(lines.contains { $0.contains(" 1 steps back ") && $0.hasSuffix(" 49") })
    #expect(lines.contains { $0.hasPrefix("   state   1 back  10 back  49 back  below 1 % after") })
    #expect(lines.last?.hasSuffix("never here") == true)
  }

  @Test func coloursAndDotsAreForThoseWhoSeeThem() {
    let fine = run(["gradients", "--cells", "rnn", "--length", "20"]) { $0.terminal(isTerminal: true, hasColours: true) }.output
    #expect(fine.contains("\u{1B}[38;5;32m⠉") || fine.contains("\u{1B}[38;5;32m⠑") || fine.contains("\u{1B}[38;5;32m⠈"))
    let plain = run(["gradients", "--cells", "rnn", "--length", "20"]) { $0.terminal(hasUnicode: false) }.output
    #expect(!plain.contains("│") && plain.contains("+---"))
  }

  @Test func aPictureIsDrawn() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "gradients-\(UUID()).svg").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    let captured = run(["gradients", "--cells", "lstm", "--length", "20", "--svg", file])
    #expect(captured.messages == "written to \(file)\n")
    let svg = try String(contentsOfFile: file, encoding: .utf8)
    #expect(svg.hasPrefix("<svg ") && svg.contains(">lstm c</text>") && svg.contains(">0.1</text>"))
  }

  @Test func theSameSeedGivesTheSameNorms() throws {
    let first = run(["gradients", "--length", "10", "--json"]).output
    #expect(run(["gradients", "--length", "10", "--json"]).output == first)
    #expect(run(["gradients", "--length", "10", "--seed", "1", "--json"]).output != first)
  }

  @Test(arguments: [
    (["--model", "m", "--cells", "lstm"], "error: --cells is for fresh cells: leave it out, or leave out --model\n"),
    (["--model", "m", "--units", "3"], "error: --units is for fresh cells: leave it out, or leave out --model\n"),
    (["--text", "t"], "error: --text is what a --model reads; fresh cells read random numbers\n"),
  ])
  func whatDoesNotGoTogetherIsRefused(arguments: [String], message: String) {
    #expect(run(["gradients"] + arguments, exits: 2).messages.hasPrefix(message))
  }
}
