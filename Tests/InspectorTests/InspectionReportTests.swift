import CellLanguage
import Engine
import Foundation
import Inspector
import Networks
import Sequences
import Testing

struct InspectionReportTests {
  @Test func theNumbersOfTheReportAreThoseOfTheTrace() throws {
    let vocabulary = try Vocabulary(kind: .characters, symbols: ["a", "b", "c"])
    let network = try Network(
      input: .tokens(vocabulary), layers: [.init(.lstm, units: 5), .init(.gru, units: 4)], output: .categorical, seed: 3)
    let tokens: [Int32] = [0, 1, 2, 0, 0, 2, 1]
    let inspection = try Inspection(
      network, name: "small", on: InspectedInput(.tokens(tokens, vocabulary)), machine: try Machine(threads: 1))
    let report = try Report(InspectionReport([inspection], title: "small").json)
    #expect(report.version == 1)
    let model = try #require(report.models.first)
    #expect(model.steps == 7)
    #expect(model.input.tokens == ["a", "b", "c", "a", "a", "c", "b"])

    let traces = try NetworkRunner(network, machine: try Machine(threads: 1), trains: false).trace(
      .tokens(tokens), lengths: PackedLengths(steps: 7, batch: 1), TraceSelection(preactivations: true))
    for (layer, trace) in zip(model.layers, traces) {
      #expect(layer.quantities.map(\.name) == trace.quantities.map(\.name))
      for (found, expected) in zip(layer.quantities, trace.quantities) {
        // Half of a step of the sixteen bits, and the rounding of the expression itself.
        let bound = (found.high - found.low) / 131_068 + 1e-6 * max(1, abs(found.low), abs(found.high))
        #expect(found.numbers.count == expected.values.count)
        #expect(zip(found.numbers, expected.values).allSatisfy { abs($0 - Double($1)) <= bound }, "\(found.name)")
      }
    }
  }

  @Test func whatIsPredictedIsMeasuredAgainstTheNextSymbol() throws {
    let vocabulary = try Vocabulary(kind: .characters, symbols: ["a", "b", "c"])
    let network = try Network(input: .tokens(vocabulary), layers: [.init(.rnn, units: 4)], output: .categorical, seed: 1)
    let inspection = try Inspection(
      network, name: "", on: InspectedInput(.tokens([0, 1, 2], vocabulary)), machine: try Machine(threads: 1))
    let outputs = try #require(try Report(InspectionReport([inspection], title: "").json).models.first?.outputs)
    #expect(outputs.loss.count == 3)
    #expect(outputs.loss[2] == nil)
    let loss = try #require(outputs.loss[0])
    // The loss is the logarithm of a probability in Float, which is off by half a unit in the last place of both.
    #expect(abs(loss + log(Double(inspection.outputs[1]))) < 1e-6)
    #expect(outputs.top?.allSatisfy { $0.count == 3 } == true)
  }

  /// In reverse, the state before a step is that of the step after it, and the first one is after the last.
  @Test func memoryInReverseComesFromTheStepAfter() throws {
    let cell = try Cell(parsing: "cell leaky\ninput x\nstate h\nk = σ(h)\nh' = k * h + x\n")
    let network = try Network(
      input: .features(1), layers: [.init(cell, units: 1, direction: .reverse, learnsInitialStates: true)], output: .lastLayer)
    let input = InspectedInput(.features([.init(name: "x", values: [0.5, -1, 2])]))
    let inspection = try Inspection(network, name: "", on: input, machine: try Machine(threads: 1))
    let report = try InspectionReport([inspection], title: "")
    let layer = try #require(report.models.first?.layers.first)
    #expect(layer.name == "layer 1, reverse" && layer.direction == "reverse")
    #expect(layer.initial == ["h'": [0]])
    let trace = inspection.traces[0]
    let (k, h) = (try #require(trace["k"]).values, try #require(trace["h'"]).values)
    #expect(k[2] == 0.5 && h[2] == 2)
    // Each is one product, one sum and a sigmoid of 2⁻²¹ at most.
    for step in 0..<2 {
      #expect(abs(k[step] - 1 / (1 + exp(-h[step + 1]))) < 0x1p-21)
      #expect(abs(h[step] - (k[step] * h[step + 1] + [0.5, -1][step])) < 0x1p-21)
    }
  }

  @Test func equationsHaveTheirQuantitiesInPlace() throws {
    let vocabulary = try Vocabulary(kind: .characters, symbols: ["a", "b"])
    let network = try Network(input: .tokens(vocabulary), layers: [.init(.lstm, units: 2)], output: .categorical)
    let inspection = try Inspection(
      network, name: "", on: InspectedInput(.tokens([0, 1], vocabulary)), machine: try Machine(threads: 1))
    let layer = try #require(try Report(InspectionReport([inspection], title: "").json).models.first?.layers.first)
    #expect(
      layer.equations.map(\.template) == [
        ["σ(", "{f.pre}", ")"], ["σ(", "{i.pre}", ")"], ["tanh(", "{g.pre}", ")"],
        ["{f}", " * ", "{c' before}", " + ", "{i}", " * ", "{g}"], ["σ(", "{o.pre}", ")"], ["{o}", " * tanh(", "{c'}", ")"],
      ])
    #expect(
      layer.quantities.filter { $0.role != "preactivation" }.map(\.role) == [
        "gate", "gate", "candidate", "state", "gate", "state",
      ])
  }
}
