import CellLanguage
import Inspector
import Networks
import Sequences
import Testing

struct FindingTests {
  private func network(_ cell: Cell = .lstm, units: Int = 10) throws -> Network {
    let vocabulary = try Vocabulary(kind: .characters, symbols: ["a", "b", "c"])
    return try Network(input: .tokens(vocabulary), layers: [.init(cell, units: units)], output: .categorical, seed: 5)
  }

  private let tokens: [Int32] = (0..<24).map { $0 * $0 % 3 }

  private func findings(_ inspection: Inspection) throws -> [InspectionReport.Finding] {
    try InspectionReport([inspection], title: "").models[0].findings
  }

  @Test func zoneoutIsPartOfWhatAMemoryKeeps() {
    #expect(Cell.lstm.memory?.factor.description == "f")
    #expect(Cell.lstm.zoningOut(["c": 0.25, "h": 0.1]).memory?.factor.description == "0.25 + 0.75 * f")
  }

  @Test func closedForgetGatesAskForALargerBias() throws {
    var network = try network()
    for unit in 0..<3 { network.set("b_f", row: unit, -20) }
    let found = try findings(network.inspected(tokens))
    let first = try #require(found.first)
    #expect(first.level == .advice)
    #expect(
      first.text
        == "layer 1: 30 % of the units of f (forget gate) stay below 0.1 at every step: these units forget at once; "
        + "raise the forget bias, as `init b_f = 1` does")
    #expect(first.layer == 1 && first.quantity == "f" && first.unit == 0)
  }

  /// Nothing else can be told of what they gave.
  @Test func brokenWeightsAreTheOnlyFinding() throws {
    var network = try network()
    network.set("W_i", row: 1, column: 2, .nan)
    let report = try InspectionReport([network.inspected(tokens)], title: "").models[0]
    #expect(report.findings.map(\.level) == [.problem])
    #expect(report.findings[0].text.hasPrefix("the model's weights are broken: layers.0.W_i has 1 number"))
    #expect(report.layers[0].memoryTime == nil && report.layers[0].dead.isEmpty)
  }

  @Test func theFirstInfinityIsNamedWithItsPlace() throws {
    // Doubles at every step where the input is "b", and so leaves the range of Floats after some 127 of them.
    let cell = try Cell(
      parsing: """
        cell growing
        input x
        state h
        k  = 1000000 * relu(W x)    # how much it grows
        h' = h * k + 1              # what grows
        """, file: "growing.cell")
    let vocabulary = try Vocabulary(kind: .characters, symbols: ["a", "b"])
    var network = try Network(input: .tokens(vocabulary), layers: [.init(cell, units: 2)], output: .categorical)
    network.set("W", 0)
    network.set("W", row: 1, column: 1, 1)
    // Behind the n-th "b" the unit holds about 10⁶ⁿ⁻⁶: the eighth brings 10⁴².
    let first = try #require(try findings(network.inspected([0] + [Int32](repeating: 1, count: 12))).first)
    #expect(first.level == .problem)
    #expect(
      first.text == "layer 1: h' (what grows) of unit 1 is infinite for the first time at step 7, where the network reads \"b\"")
    #expect((first.layer, first.quantity, first.unit, first.step) == (1, "h'", 1, 7))
  }

  @Test func aPlainNetworkIsJudgedByItsRecurrentMatrix() throws {
    var network = try network(.rnn, units: 4)
    network.set("W_h", 0)
    for unit in 0..<4 { network.set("W_h", row: unit, column: unit, 0.5) }
    let found = try findings(network.inspected(tokens))
    #expect(found.contains { $0.text.hasPrefix("layer 1: the spectral radius of W_h is 0.5: what is kept shrinks") })
    #expect(!found.contains { $0.text.contains("by the mean of") })
  }

  @Test func gatesThatAreHalfOpenHaveTheirMemoryTime() throws {
    var network = try network()
    // f = σ(ln 9) = 0.9 at every step: -1 / ln 0.9 = 9.49 steps.
    network.set("W_f", 0)
    network.set("b_f", 2.1972246)
    let layer = try network.inspected(tokens).layer()
    let times = try #require(layer.memoryTime?.steps)
    // The gate is within 3 ulps of 0.9, which the logarithm makes 10 times larger, and a tenth of that is left of the time.
    #expect(times.allSatisfy { abs(($0 ?? 0) - 9.491222) < 1e-4 })
    let statistics = try #require(layer.statistics.first { $0.quantity == "f" })
    #expect(statistics.mean.allSatisfy { abs(($0 ?? 0) - 0.9) < 1e-6 })
    #expect(statistics.closed?.allSatisfy { $0 == 0 } == true)
  }

  @Test func sharesCountTheSteps() throws {
    var network = try network(units: 3)
    // Open at "a", half open at "b", closed at "c".
    network.set("W_o", 0)
    network.set("b_o", 0)
    for unit in 0..<3 {
      network.set("W_o", row: unit, column: 3, 10)
      network.set("W_o", row: unit, column: 5, -10)
    }
    let layer = try network.inspected([0, 1, 2, 2, 1, 0, 0, 0]).layer()
    let statistics = try #require(layer.statistics.first { $0.quantity == "o" })
    #expect(statistics.open == [0.5, 0.5, 0.5])
    #expect(statistics.closed == [0.25, 0.25, 0.25])
    // Within 1 % of an end: σ(±10) is within 0.00005.
    #expect(statistics.saturated == [0.75, 0.75, 0.75])
    #expect(layer.statistics.first { $0.quantity == "c'" }?.saturated == nil)
    #expect(layer.statistics.first { $0.quantity == "g" }?.closed == nil)
  }

  @Test func similarUnitsStandSideBySide() throws {
    let network = try network(units: 70)
    let layer = try network.inspected(tokens).layer()
    let order = try #require(layer.clusters)
    #expect(order.sorted() == Array(0..<70))
    #expect(try self.network(units: 64).inspected(tokens).layer().clusters == nil)
  }

  @Test func reachIsTheGradientOfTheLoss() throws {
    // With f = 0 nothing but the step itself and the recurrent weights bring anything; with these at 0, only the step itself
    // does.
    var network = try network(units: 4)
    for gate in ["f", "i", "g", "o"] {
      for row in 0..<4 { for column in 0..<4 { network.set("W_\(gate)", row: row, column: column, 0) } }
    }
    network.set("b_f", -200)
    let memory = try InspectionReport([network.inspected(tokens)], title: "").models[0].memory
    #expect(memory.map(\.step) == Array(0..<24))
    for reach in memory {
      #expect(reach.norms.count == reach.step + 1)
      #expect(reach.norms.dropLast().allSatisfy { $0 < 1e-30 } && (reach.norms.last ?? 0) > 0)
      #expect(reach.reach == (reach.step == 0 ? nil : 0))
    }
  }

  /// What has been read from the end knows nothing of earlier steps, only of its own and later ones.
  @Test func aReverseLayerReachesNoEarlierStep() throws {
    let network = try Network(
      input: self.network().architecture.input, layers: [.init(.gru, units: 4, direction: .reverse)], output: .categorical,
      seed: 1)
    let memory = try InspectionReport([network.inspected(tokens)], title: "").models[0].memory
    #expect(memory.map(\.step) == Array(0..<24))
    for reach in memory {
      #expect(reach.norms.count == reach.step + 1)
      #expect(reach.norms.dropLast().allSatisfy { $0 == 0 } && (reach.norms.last ?? 0) > 0)
    }
  }

  @Test func aLargeReportIsThinnedAndSaysSo() throws {
    let inspection = try network().inspected(tokens)
    #expect(try InspectionReport([inspection], title: "").thinned == nil)
    // Statistics of 100 numbers take 8,000 bytes; a step takes 60 numbers of 16 bits in base 64, 160 bytes, and 280 for the rest:
    // four of them fit.
    let thin = try InspectionReport([inspection], title: "", bytes: 10_000)
    #expect(
      thin.thinned == "Pre-activations and the steps from 4 on are left out to keep the report small.")
    let model = thin.models[0]
    #expect(model.steps == 4 && model.memory.allSatisfy { $0.step < 4 })
    #expect(!model.layers[0].quantities.contains { $0.role == "preactivation" })
    #expect(try InspectionReport([inspection], title: "", bytes: nil).thinned == nil)
  }
}
