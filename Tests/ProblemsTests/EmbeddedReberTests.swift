import Engine
import Foundation
import Problems
import Sequences
import Support
import Testing

struct EmbeddedReberTests {
  /// The grammar once more, as the regular expression that it amounts to.
  private func isLegal(_ string: String) -> Bool {
    let loop = "(XT*VP)*"
    let upper = "TS*X\(loop)(S|XT*VV)"
    let lower = "PT*V(V|P\(loop)(S|XT*VV))"
    return string.range(of: "^B(TB(\(upper)|\(lower))ET|PB(\(upper)|\(lower))EP)E$", options: .regularExpression) != nil
  }

  private func text(_ tokens: some Sequence<Int32>) -> String { tokens.map { EmbeddedReber.symbols[Int($0)] }.joined() }

  @Test func theCheckerKnowsGoodFromBad() {
    #expect(isLegal("BTBPVVETE") && isLegal("BPBTSSXXTVPSEPE"))
    #expect(!isLegal("BTBPVVEPE") && !isLegal("BTBPVVE") && !isLegal("BTBTXVVETE"))
  }

  /// Lengths have mean 12; their standard deviation is below 5, so that the mean of 20,000 is off by less than 0.2.
  @Test func stringsBelongToTheGrammar() {
    var random = Random(seed: 1)
    let strings = (0..<20_000).map { _ in EmbeddedReber().string(using: &random) }
    for string in Set(strings) { #expect(isLegal(text(string)), "\(text(string))") }
    #expect(abs(Double(strings.reduce(0) { $0 + $1.count }) / 20_000 - 12) < 0.2)
    #expect(strings.map(\.count).min() == 9)
    #expect(Set(strings.map { $0[1] }).count == 2)
  }

  @Test func aBatchAsksForTheNextSymbol() {
    var random = Random(seed: 3)
    let batch = EmbeddedReber().batch(of: 50, using: &random)
    guard let tokens = batch.inputs.symbols, case .classes(let classes) = batch.targets else {
      Issue.record("the grammar has tokens and classes")
      return
    }
    for (sequence, length) in batch.lengths.perSequence.enumerated() {
      let rows = (0..<length).map { batch.lengths.row(step: $0, sequence: sequence) }
      #expect(isLegal("B" + text(rows.map { classes[$0] })))
      #expect(rows.dropFirst().map { tokens[$0] } == rows.dropLast().map { classes[$0] })
    }
  }

  /// Legal symbols found by trying all continuations: right if all of them are given, wrong if the second symbol is
  /// forgotten, or if one of two legal symbols is left out.
  @Test func allLegalSymbolsMustBeGiven() throws {
    var random = Random(seed: 9)
    let pool = Set((0..<30_000).map { _ in text(EmbeddedReber().string(using: &random)) })
    let problem = EmbeddedReber()
    let batch = problem.batch(of: 20, using: &random)
    let tokens = try #require(batch.inputs.symbols)
    var prefixes: [String: Set<Character>] = [:]
    for string in pool {
      for place in string.indices { prefixes[String(string[..<place]), default: []].insert(string[place]) }
    }
    var outputs = [Float](repeating: 0, count: batch.lengths.rows * 7)
    var (forgetful, partial) = (outputs, outputs)
    for (sequence, length) in batch.lengths.perSequence.enumerated() {
      var prefix = ""
      for step in 0..<length {
        let row = batch.lengths.row(step: step, sequence: sequence)
        prefix += EmbeddedReber.symbols[Int(tokens[row])]
        var legal = (prefixes[prefix] ?? []).map(String.init).sorted()
        for symbol in legal { outputs[row * 7 + place(symbol)] = 0.3 }
        for symbol in step == length - 2 ? ["T", "P"] : legal { forgetful[row * 7 + place(symbol)] = 0.3 }
        if legal.count > 1 { legal.removeLast() }
        for symbol in legal { partial[row * 7 + place(symbol)] = 0.3 }
      }
    }
    #expect(problem.areRight(outputs, for: batch) == Array(repeating: true, count: 20))
    #expect(problem.areRight(forgetful, for: batch) == Array(repeating: false, count: 20))
    #expect(problem.areRight(partial, for: batch) == Array(repeating: false, count: 20))
  }

  private func place(_ symbol: String) -> Int { EmbeddedReber.symbols.firstIndex(of: symbol) ?? 0 }
}
