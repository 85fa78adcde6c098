import CommandLine
import Testing

/// `recurrent demo`, in smaller sizes.
struct DemoTests {
  private func show(_ study: AgreementStudy, hasColours: Bool = false, hasUnicode: Bool = true) throws -> [Substring] {
    let captured = CapturedTerminal()
    try study.show(on: captured.terminal(hasColours: hasColours, hasUnicode: hasUnicode))
    return captured.output.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// A study that learns next to nothing.
  private var brief: AgreementStudy {
    var study = AgreementStudy()
    study.iterations = 3
    study.distances = [2, 5]
    study.shown = 4...5
    study.seed = 3
    return study
  }

  /// Half a second's work for each network; over 16 words it is guessing whatever a plain network does after it.
  @Test func theGatedNetworkHoldsWhereThePlainOneFails() throws {
    var study = AgreementStudy()
    study.iterations = 600
    study.distances = [4, 16]
    let shop = try Workshop()
    let captured = CapturedTerminal()
    try study.show(on: captured.terminal(), savingTo: shop("kept"))
    let lines = captured.output.split(separator: "\n", omittingEmptySubsequences: false)
    let full = String(repeating: "█", count: 20)
    #expect(lines.contains("       4  \(full)  100 %  \(full)  100 %"))
    let far = try #require(lines.first { $0.hasPrefix("      16  ") })
    #expect(far.hasSuffix("  \(full)  100 %"))
    // The bar of a share below 60 %: three standard deviations of guessing at 800 questions are 5 %.
    #expect(far.dropFirst(10).prefix(4).filter { $0 == "█" }.count < 4)
    #expect(lines.contains { $0.hasPrefix("The rnn holds over 4 words, the lstm over 16.") })
    #expect(lines.contains { $0.hasPrefix("It flips with the new subject: ") })

    // Inspected on other sentences, and told of their genders only, the network shows the same unit first.
    let inspected = shop.run(
      "inspect $/kept/model.safetensors $/kept/sentences.txt --labels $/kept/gender.csv --quantity c'")
    let unit = try #require(inspected.lines.first { $0.hasPrefix("unit ") }?.split(separator: " ")[1])
    #expect(lines.contains { $0.contains(" unit \(unit) goes best with the gender") })
    #expect(inspected.lines.contains { $0.contains("layer 1: unit \(unit) of c' goes best with gender, correlation ") })
  }

  @Test func theSameSeedShowsTheSame() throws {
    let lines = try show(brief)
    #expect(try show(brief) == lines)
    var other = brief
    other.seed = 4
    #expect(try show(other) != lines)
  }

  @Test func theSentenceStandsWordByWord() throws {
    let lines = try show(brief)
    let start = try #require(lines.firstIndex { $0.contains("his <   > her") || $0.contains("her <   > his") })
    let words = lines[(start + 1)...].prefix { !$0.isEmpty }.compactMap { $0.split(separator: " ").first }
    let possessives = words.filter { $0 == "his" || $0 == "her" }
    #expect(Set(possessives) == ["his", "her"] && words.last == possessives.last)
    #expect(words.first == "the")
    #expect(lines.filter { $0.contains("% sure") }.count == 2)
  }

  @Test func everyLineFitsAnOrdinaryTerminal() throws {
    #expect(try show(brief).filter { $0.count > 80 } == [])
  }

  @Test func coloursAreLeftOutWhereThereAreNone() throws {
    #expect(try !show(brief).contains { $0.contains("\u{1B}") })
    let coloured = try show(brief, hasColours: true)
    // The first word on its shade, in the palette of 256 colours.
    #expect(coloured.contains { $0.hasPrefix("  \u{1B}[38;5;") && $0.contains("m the ") })
  }

  @Test func plainCharactersDoWhereThereAreNoOthers() throws {
    #expect(try show(brief, hasUnicode: false).allSatisfy { $0.utf8.allSatisfy { $0 < 128 } })
  }

  @Test func theCommandTakesItsOptions() {
    let captured = run(["demo", "--iterations", "1", "--seed", "5"])
    #expect(captured.output.contains("each on 32 sentences."))
    #expect(captured.output.contains("recurrent train problem agreement --cell gru"))
  }
}

struct BarsTests {
  @Test(
    arguments: [
      (0, true, ""), (0.5, true, "██"), (0.6, true, "██▌"), (1, true, "████"), (2, true, "████"), (-1, true, ""),
      (0.5, false, "##"), (0.6, false, "##"), (0.7, false, "###"),
    ] as [(Double, Bool, String)])
  func aBarIsAsLongAsItsFraction(fraction: Double, hasUnicode: Bool, text: String) {
    #expect(Bars(hasUnicode: hasUnicode).right(fraction, 4) == text)
  }

  @Test(
    arguments: [
      (0, "    │    "), (0.4, "    │█▌  "), (-0.4, "  ▐█│    "), (1, "    │████"), (-3, "████│    "),
    ] as [(Double, String)])
  func aBarGrowsFromTheMiddle(fraction: Double, text: String) {
    let bar = Bars(hasUnicode: true).diverging(fraction, 4)
    #expect(bar.left + bar.middle + bar.right == text)
  }
}
