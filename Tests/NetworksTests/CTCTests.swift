import CellLanguage
import Engine
import Foundation
import Models
import Networks
import Sequences
import Support
import Testing

struct CTCTests {
  private struct Vector: Decodable, CustomTestStringConvertible {
    let name: String
    let classes: Int
    let logits: [Float]
    /// Classes, counted from 1: 0 is the blank.
    let target: [Int32]
    /// Nil where the target takes more steps than there are.
    let loss: Double?
    let gradient: [Double]?

    var testDescription: String { name }
  }

  private static let vectors: [Vector] = fixture {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/ctc.json")
    return try JSONDecoder().decode([Vector].self, from: Data(contentsOf: file))
  }

  /// What `torch.nn.functional.ctc_loss` gives in Double (`script/structure-vectors`).
  @Test(arguments: 0..<12)
  func lossesAndGradientsAreThoseOfPyTorch(place: Int) {
    #expect(Self.vectors.count == 12)
    let each = Self.vectors[place]
    let steps = each.logits.count / each.classes
    let symbols = each.target.map { $0 - 1 }
    let lattice = CTCLattice(each.logits, steps: steps, width: each.classes, symbols: symbols)
    let (loss, gradient) = lattice.lossAndGradient()
    #expect(loss == lattice.loss)
    guard let expected = each.loss, let expectedGradient = each.gradient else {
      #expect(loss == .infinity && CTCLattice.fewestSteps(symbols) > steps && lattice.alignment() == nil)
      return #expect(gradient.allSatisfy { $0 == 0 })
    }
    #expect(CTCLattice.fewestSteps(symbols) <= steps)
    // Both are sums in Double of logarithms as large as the loss.
    #expect(abs(loss - expected) <= 1e-12 * max(1, expected), "\(each.name): \(loss) is not \(expected)")
    for (own, other) in zip(gradient, expectedGradient) { #expect(abs(own - other) <= 1e-11 * max(1, expected), "\(each.name)") }
  }

  /// Of all ways that give the symbols, the one that is most probable.
  @Test func theAlignmentIsTheMostProbableWay() throws {
    var random = Random(seed: 8)
    for trial in 0..<40 {
      let (steps, width) = (5, 3)
      let logits = (0..<steps * width).map { _ in 4 * random.uniformFloat() - 2 }
      let symbols: [Int32] = [[0, 1], [0, 0], [1], [], [0, 1, 0]][trial % 5]
      var best: (weight: Float, classes: [Int32]) = (-.infinity, [])
      for path in 0..<243 {
        let classes = (0..<steps).map { Int32(path / [1, 3, 9, 27, 81][$0] % 3) }
        let weight = classes.enumerated().reduce(Float(0)) { $0 + logits[$1.offset * width + Int($1.element)] }
        if ReferenceCTC.collapsed(classes) == symbols, weight > best.weight { best = (weight, classes) }
      }
      let ranges = try #require(CTCLattice(logits, steps: steps, width: width, symbols: symbols).alignment())
      var classes = [Int32](repeating: 0, count: steps)
      for (symbol, range) in zip(symbols, ranges) { for step in range { classes[step] = symbol + 1 } }
      #expect(classes == best.classes)
    }
  }

  @Test func theNumberOfThreadsDoesNotShow() throws {
    let network = try Network(
      input: .features(5), layers: [.init(.gru, units: 24)], output: .init(CTCHead(symbols: 6)), seed: 2)
    let batch = NetworkCase(testDescription: "", lengths: (0..<19).map { 40 - 2 * $0 }).batch(network, seed: 5)
    func run(_ threads: Int) throws -> (Double, [UInt32]) {
      let runner = NetworkRunner(network, machine: try Machine(threads: threads), trains: true)
      var gradient = [Float](repeating: 0, count: network.parameters.count)
      let loss = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets, gradients: &gradient)
      return (loss.mean, gradient.map(\.bitPattern))
    }
    let one = try run(1)
    #expect(one.0.isFinite)
    for threads in [2, 3, 16] { #expect(try run(threads) == one, "\(threads) threads") }
  }

  @Test func itIsSavedReadAndStreamed() throws {
    let network = try Network(input: .features(1), layers: [.init(.gru, units: 3)], output: .init(CTCHead(symbols: 2)), seed: 1)
    let read = try Network(bytes: network.bytes())
    #expect(read.architecture == network.architecture && read.parameters == network.parameters)
    let values: [Float] = [1, -1, 0.5]
    let stream = try read.stream()
    for (value, expected) in zip(values, try network.outputs(for: values.map { [$0] })) {
      #expect(zip(stream.step(value), expected).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test func wrongTargetsAreRefused() throws {
    let network = try Network(input: .features(1), layers: [.init(.rnn, units: 2)], output: .init(CTCHead(symbols: 2)))
    let plain = try Network(input: .features(1), layers: [.init(.rnn, units: 2)], output: .classes(2))
    func message(_ targets: Batch.Targets, lengths: [Int] = [2, 1], _ network: Network) -> String? {
      #expect(throws: RecurrentError.self) {
        let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
        let inputs = [Float](repeating: 0, count: lengths.reduce(0, +))
        _ = try runner.run(.features(inputs), lengths: PackedLengths(sorted: lengths), targets: targets)
      }?.description
    }
    #expect(message(.symbols([[2], []]), network) == "the target has symbol 2; the network gives 2 symbols, counted from 0")
    #expect(message(.symbols([[1]]), network) == "the batch has the symbols of 1 sequences; there are 2")
    #expect(
      message(.symbols([[1], [0]]), lengths: [1, 0], network)
        == "sequence 1 has symbols and no step at which they could stand")
    #expect(message(.classes([0, 3, 0]), network) == "the target is class 3; the network gives 3 classes, counted from 0")
    #expect(
      message(.symbols([[1], [0]]), plain) == "the network gives classes, and the batch has symbols of whole sequences")
  }
}
