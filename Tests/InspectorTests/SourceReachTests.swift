import CellLanguage
import Engine
import Foundation
import Inspector
import Networks
import Sequences
import Testing

/// What the symbols that a network writes depend on of the source.
struct SourceReachTests {
  private static let letters: Vocabulary = {
    do { return try Vocabulary(kind: .characters, symbols: ["a", "b", "c"]) } catch { preconditionFailure("\(error)") }
  }()
  private static let source: [Int32] = [2, 2, 0, 1, 1]

  private func inspection(
    _ cell: String, clamps: [Clamp] = [], following: Int32? = 1
  ) throws -> Inspection {
    let network = try Network(
      Architecture(
        input: .tokens(Self.letters, embedding: 2), layers: [.init(try .named(cell), units: 3)],
        context: .encoder(input: .tokens(Self.letters, embedding: 2), layers: [.init(.gru, units: 4)]), output: .categorical),
      seed: 2)
    let tokens: [Int32] = [0, 2, 1]
    let source = Batch.Source(tokens: [Self.source], of: PackedLengths(steps: tokens.count, batch: 1))
    var input = InspectedInput(.tokens(tokens, Self.letters), read: .tokens(tokens).with(source))
    input.source = ["c", "c", "a", "b", "b"]
    input.following = following
    return try Inspection(network, name: "m", on: input, clamps: clamps, machine: Machine(threads: 1))
  }

  private func model(_ inspection: Inspection) throws -> InspectionReport.Model {
    try InspectionReport([inspection], title: "m").models[0]
  }

  /// Each norm is that of the gradient of one loss, run back by itself.
  @Test(arguments: ["gru-attention", "lstm"])
  func eachOutputHasTheNormsOfItsOwnLoss(cell: String) throws {
    let inspection = try inspection(cell)
    let model = try model(inspection)
    #expect(model.memory.map(\.step) == [0, 1, 2])
    #expect(model.source == ["c", "c", "a", "b", "b"] && model.following == "b")
    let runner = NetworkRunner(inspection.network, machine: try Machine(threads: 1), trains: true)
    let (lengths, targets): (PackedLengths, [Int32]) = (PackedLengths(steps: 3, batch: 1), [2, 1, 1])
    let inputs = Batch.Inputs.tokens([0, 2, 1]).with(Batch.Source(tokens: [Self.source], of: lengths))
    let json = try Report(InspectionReport([inspection], title: "m").json).models[0]
    let shares = try #require(json.source_reach?.numbers)
    #expect(json.source == model.source && json.following == "b")
    for reach in model.memory {
      let gradient = try runner.inputGradients(
        inputs, lengths: lengths, targets: .classes((0..<3).map { $0 == reach.step ? targets[$0] : -1 })
      ).source
      let norms = try #require(reach.source)
      for (step, norm) in norms.enumerated() {
        let own = (gradient[2 * step] * gradient[2 * step] + gradient[2 * step + 1] * gradient[2 * step + 1]).squareRoot()
        // The same sums, of a batch of other sequences.
        #expect(abs(norm - own) <= 0x1p-18 && norm > 0)
      }
      let largest = try #require(norms.indices.max { norms[$0] < norms[$1] })
      let shares = shares[reach.step * 5..<(reach.step + 1) * 5]
      #expect(shares.max() == shares[shares.startIndex + largest] && abs(shares.reduce(0, +) - 1) < 0.001)
    }
    #expect(model.sourceReach?.rows == model.source && model.sourceReach?.low == 0)
    #expect(model.outputs?.loss.allSatisfy { $0 != nil } == true)
  }

  /// Gates that are held at some steps make several runs of one: what they give of the source is added up.
  @Test func heldStepsChangeNothingWhereTheyHoldNothing() throws {
    let whole = try model(inspection("gru-attention"))
    let held = try model(inspection("gru-attention", clamps: [Clamp](parsing: "z[0] = 1, step 2")))
    for step in 0..<2 {
      let (own, other) = try (#require(whole.memory[step].source), #require(held.memory[step].source))
      #expect(zip(own, other).allSatisfy { abs($0 - $1) <= 0x1p-20 })
    }
    #expect(whole.memory[2].source != held.memory[2].source)
  }

  /// Without what should follow, the last step asks for the class that the network finds second most probable.
  @Test func theLastStepMayHaveNoTarget() throws {
    let model = try model(inspection("gru-attention", following: nil))
    #expect(model.following == nil && model.outputs?.loss.last == .some(nil))
    #expect(model.memory.last?.source?.contains { $0 > 0 } == true)
  }

  /// A picture has the symbols to be written above its columns, and those of the source beside its rows.
  @Test func itIsAPicture() throws {
    let pictures = try InspectionReport([inspection("gru-attention")], title: "m").pictures
    let picture = try #require(pictures.first { $0.name == "source.svg" }).svg
    let texts = picture.matches(of: /<text[^>]*>([^<]*)<\/text>/).map { String($0.output.1) }
    #expect(Array(texts.suffix(8)) == ["c", "b", "b", "c", "c", "a", "b", "b"])
    // Attention has the names of its rows, too.
    let attention = try #require(pictures.first { $0.name == "layer-1-a.svg" }).svg
    let names = attention.matches(of: /<text[^>]*text-anchor="end"[^>]*>([^<]*)<\/text>/).map { String($0.output.1) }
    #expect(names == ["c", "c", "a", "b", "b"])
  }

  @Test func withoutASourceThereIsNone() throws {
    let network = try Network(input: .tokens(Self.letters, embedding: 2), layers: [.init(.gru, units: 3)], output: .categorical)
    let model = try model(network.inspected([0, 1, 2]))
    #expect(model.source == nil && model.sourceReach == nil && model.memory.allSatisfy { $0.source == nil })
  }
}
