import CellAnalysis
import CellLanguage
import Engine
import Inspector
import LanguageModels
import Networks
import Problems
import Sequences
import Support
import Testing
import Training

/// Networks of which it is known what a unit holds: sorted by correlation with it, that unit comes first.
struct GoldenTests {
  private let letters = Result { try Vocabulary(kind: .characters, symbols: ["a", "b"]) }

  /// "a" and "b" by turns of random lengths.
  private func tokens(_ count: Int, seed: UInt64) -> [Int32] {
    var random = Random(seed: seed)
    return (0..<count).map { _ in Int32(random.integer(in: 0..<4) == 0 ? 1 : 0) }
  }

  /// A gate of σ(-150) may let the smallest normal numbers through, which vanish beside a 1.
  private func areEqual(_ values: [Float], _ expected: [Float?]) -> Bool {
    values.count == expected.count && zip(values, expected).allSatisfy { abs($0 - ($1 ?? .nan)) < 1e-30 }
  }

  @Test func aCounterIsFound() throws {
    var network = try Network(input: .tokens(letters.get()), layers: [.init(.lstm, units: 6)], output: .categorical, seed: 2)
    // Unit 4 keeps all (f = 1), and adds 1 at every "b": g = 1, and i = 1 there and 0 elsewhere. [h, x] has 6 + 2 columns.
    for gate in ["f", "i", "g"] { for column in 0..<8 { network.set("W_\(gate)", row: 4, column: column, 0) } }
    network.set("b_f", row: 4, 40)
    network.set("b_g", row: 4, 40)
    network.set("b_i", row: 4, -150)
    network.set("W_i", row: 4, column: 7, 300)
    let tokens = tokens(60, seed: 1)
    var count: Float = 0
    let counts = tokens.map { token -> Float? in
      count += token == 1 ? 1 : 0
      return count
    }
    let inspection = try network.inspected(tokens, labels: [.init(name: "count", values: counts)])
    #expect(areEqual(inspection.values("c'", unit: 4), counts))
    let best = try inspection.bestUnit(of: "c'")
    // Pearson's correlation in Double, rounded to Float.
    #expect(best.unit == 4 && abs(best.correlation - 1) < 1e-6)
    let layer = try inspection.layer()
    #expect(layer.memoryTime?.quantity == "f" && layer.memoryTime?.state == "c")
    #expect(layer.memoryTime?.steps[4] == nil)
    #expect(layer.memoryTime?.steps.filter { $0 == nil }.count == 1)
    #expect(layer.dead.contains { $0.quantity == "f" && $0.unit == 4 && $0.reason == "never below 0.9" })
  }

  @Test func aPeepholeTimerIsFound() throws {
    // Gers & Schmidhuber 2000: a unit that tells through its peephole alone how much time has gone by. Unit 2 starts anew at "b"
    // and counts the steps since then; its output gate opens after the eighth.
    var network = try Network(
      input: .tokens(letters.get()), layers: [.init(try .named("lstm-peephole"), units: 5)], output: .categorical, seed: 4)
    for gate in ["z", "i", "f", "o"] {
      for column in 0..<5 { network.set("R_\(gate)", row: 2, column: column, 0) }
      for column in 0..<2 { network.set("W_\(gate)", row: 2, column: column, 0) }
    }
    for peephole in ["p_i", "p_f"] { network.set(peephole, row: 2, 0) }
    network.set("b_z", row: 2, 40)
    network.set("b_i", row: 2, 40)
    network.set("b_f", row: 2, 40)
    network.set("W_f", row: 2, column: 1, -150)
    network.set("p_o", row: 2, 40)
    network.set("b_o", row: 2, -40 * 8.5)
    var tokens = [Int32](repeating: 0, count: 80)
    for start in [0, 20, 27, 48, 60] { tokens[start] = 1 }
    var time: Float = 0
    let times = tokens.map { token -> Float? in
      time = token == 1 ? 1 : time + 1
      return time
    }
    let open = times.map { ($0 ?? 0) > 8 ? Float(1) : 0 }
    let timing = try network.inspected(tokens, labels: [.init(name: "time", values: times)])
    #expect(areEqual(timing.values("c'", unit: 2), times))
    #expect(try timing.bestUnit(of: "c'").unit == 2)
    let opening = try network.inspected(tokens, labels: [.init(name: "open", values: open)])
    #expect(try opening.bestUnit(of: "o").unit == 2)
    #expect(opening.values("o", unit: 2).map { $0 > 0.5 ? 1 : 0 } == open)
  }

  @Test func theFirstChoiceOfEmbeddedReberIsFound() throws {
    let problem = EmbeddedReber()
    guard case .tokens(let vocabulary) = problem.input else { return }
    let network = try Network(
      input: .tokens(vocabulary), layers: [.init(.lstm, units: 12)], output: .classes(EmbeddedReber.symbols.count), seed: 2)
    let options = try TrainingOptions(iterations: 1500, learningRate: LearningRate(0.01), clip: 1, seed: 2)
    let trainer = Trainer(network, options: options, machine: try Machine(threads: 1))
    let source = ProblemSource(problem, sequences: 32, seed: 2)
    while !trainer.isOver { _ = try trainer.step(on: source) }

    // Each string by itself, as the network has learned them; the label is the second symbol, from the step after it to where it
    // is asked for.
    var random = Random(seed: 77)
    var values: [Float] = []
    var choices: [Double?] = []
    for _ in 0..<60 {
      let string = problem.string(using: &random)
      values += try #require(try trainer.network.inspected(string).traces[0]["c'"]).values
      let choice: Double = EmbeddedReber.symbols[Int(string[1])] == "T" ? 1 : -1
      choices += [nil, nil] + [Double?](repeating: choice, count: string.count - 4) + [nil, nil]
    }
    let memory = Trace.Quantity(name: "c'", label: nil, role: .state, width: 12, values: values)
    let correlations = memory.correlations(with: choices)
    let best = try #require(correlations.indices.max { abs(correlations[$0]) < abs(correlations[$1]) })
    // That it is held means that the unit alone says which it was, by the side of its mean that it is on.
    let known = choices.indices.filter { choices[$0] != nil }
    let mean = known.reduce(Float(0)) { $0 + values[$1 * 12 + best] } / Float(known.count)
    let right = known.count { (values[$0 * 12 + best] > mean) == ((choices[$0] ?? 0) * correlations[best] > 0) }
    #expect(Double(right) / Double(known.count) > 0.9, "unit \(best), \(correlations[best]), \(right) of \(known.count)")
  }

  @Test func theDepthOfBracketsIsFound() throws {
    var random = Random(seed: 9)
    func brackets(_ count: Int) -> (text: String, depths: [Float?]) {
      var (text, depth): (String, Int) = ("", 0)
      var depths: [Float?] = []
      for _ in 0..<count {
        let opens = depth == 0 || depth < 6 && random.integer(in: 0..<2) == 0
        depth += opens ? 1 : -1
        text += opens ? "(" : ")"
        depths.append(Float(depth))
      }
      return (text, depths)
    }
    let text = try TokenizedText(brackets(20_000).text, as: .characters)
    let network = try Network(
      input: .tokens(text.vocabulary), layers: [.init(.lstm, units: 8)], output: .categorical, seed: 1)
    let options = try TrainingOptions(iterations: 1000, learningRate: LearningRate(0.02), clip: 1, seed: 1)
    let trainer = Trainer(network, options: options, machine: try Machine(threads: 1))
    let source = TextSource(try TextWindows(text.tokens, streams: 16, steps: 40))
    while !trainer.isOver { _ = try trainer.step(on: source) }

    let (fresh, depths) = brackets(400)
    let inspection = try trainer.network.inspected(
      text.vocabulary.encode(fresh), labels: [.init(name: "depth", values: depths)])
    let best = try inspection.bestUnit(of: "c'")
    // Of what the unit does, at least four fifths are explained by the depth: r² > 0.8.
    #expect(best.correlation * best.correlation > 0.8, "\(best)")
    let findings = try InspectionReport([inspection], title: "").models[0].findings
    #expect(findings.contains { $0.text.contains("goes best with depth") && $0.quantity != nil })
  }
}
