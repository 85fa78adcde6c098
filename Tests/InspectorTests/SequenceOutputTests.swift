import CellLanguage
import Engine
import Foundation
import Inspector
import Networks
import Support
import Testing

/// Networks that give one output for a whole sequence.
struct SequenceOutputTests {
  private static let columns: [[Float]] = [
    [-0.8, 0.45, -0.05, -0.55, 0.7, 0.2, -0.3], [-0.05, -0.55, 0.7, 0.2, -0.3, -0.8, 0.45],
  ]

  private static func inspection(
    _ network: Network, _ columns: [[Float]] = columns, meaning: OutputMeaning = .plain, clamps: [Clamp] = []
  ) throws -> Inspection {
    let input = InspectedInput(.features(columns.enumerated().map { .init(name: "x\($0.offset)", values: $0.element) }))
    return try Inspection(
      network, name: "n", on: input, meaning: meaning, clamps: clamps, machine: try Machine(threads: 1))
  }

  private static func network(
    _ readout: Architecture.Readout, _ direction: Architecture.Direction = .forward, _ output: Architecture.Output = .classes(3)
  ) throws -> Network {
    var network = try Network(
      Architecture(
        input: .features(2), layers: [.init(.lstm, units: 6, direction: direction), .init(.gru, units: 5, direction: direction)],
        readout: readout, output: output), seed: 7)
    network.parameters = network.parameters.map { 2 * $0 }
    return network
  }

  /// The norm at each step of the loss's derivatives by what is read there, by central differences.
  private func differences(_ loss: ([[Float]]) throws -> Double) rethrows -> [Double] {
    let width: Float = 1 / 2048
    return try Self.columns[0].indices.map { step in
      var square = 0.0
      for column in Self.columns.indices {
        let sides = try [width, -width].map { shift in
          var columns = Self.columns
          columns[column][step] += shift
          return try loss(columns)
        }
        let slope = (sides[0] - sides[1]) / Double(2 * width)
        square += slope * slope
      }
      return square.squareRoot()
    }
  }

  /// Differences are off by a sixth of the third derivative, here a few units, times 2⁻²², and by single precision, about 2⁻²² of a loss
  /// near 1, over 2⁻¹⁰, which is 2⁻¹²: a hundredth of the largest, 2⁻¹⁰ at least, is more than both. They are so narrow since the largest of
  /// all steps has corners.
  private func expect(_ norms: [Float], _ differences: [Double]) {
    let largest = differences.max() ?? 0
    #expect(largest > 0.1)
    #expect(norms.count == differences.count)
    #expect(zip(norms, differences).allSatisfy { abs(Double($0) - $1) < 0.01 * largest }, "\(norms) against \(differences)")
  }

  @Test(
    arguments: [Architecture.Readout.last, .mean, .max],
    [Architecture.Direction.forward, .reverse, .bidirectional(.concatenate)])
  func whatMovesTheOutputIsTheGradientOfTheSecondClass(readout: Architecture.Readout, direction: Architecture.Direction) throws {
    let network = try Self.network(readout, direction)
    let inspection = try Self.inspection(network)
    #expect(inspection.outputs.count == 3)
    let order = inspection.outputs.indices.sorted { inspection.outputs[$0] > inspection.outputs[$1] }
    let memory = try InspectionReport([inspection], title: "").models[0].memory
    #expect(memory.map(\.step) == [6])
    expect(memory[0].norms, try differences { -log(Double(try Self.inspection(network, $0).outputs[order[1]])) })
  }

  /// Gates that are held during some steps only part the sequence into segments.
  @Test func whatIsHeldIsHeldForTheOutput() throws {
    let network = try Self.network(.last)
    let clamps = try [Clamp](parsing: "layer 1: f = 0.9, steps 2-3")
    let inspection = try Self.inspection(network, clamps: clamps)
    #expect(inspection.outputs != (try Self.inspection(network).outputs))
    let order = inspection.outputs.indices.sorted { inspection.outputs[$0] > inspection.outputs[$1] }
    expect(
      try InspectionReport([inspection], title: "").models[0].memory[0].norms,
      try differences { -log(Double(try Self.inspection(network, $0, clamps: clamps).outputs[order[1]])) })
  }

  @Test func ofSeveralLabelsTheOnesThatAreFoundAreAskedFor() throws {
    let network = try Self.network(.last, .forward, .distribution(.bernoulli, targets: 8))
    let inspection = try Self.inspection(network, meaning: .labels((1...8).map { "label \($0)" }))
    func fraction(_ odds: Float) -> Double { 1 / (1 + exp(-Double(odds))) }
    let found = inspection.outputs.indices.filter { inspection.outputs[$0] >= 0 }
    try #require(!found.isEmpty && found.count < 8, "\(inspection.outputs)")
    let model = try InspectionReport([inspection], title: "").models[0]
    let guesses = try #require(model.outputs?.top?.first)
    #expect(guesses.map(\.probability).sorted() == inspection.outputs.map { Float(fraction($0)) }.sorted())
    expect(
      model.memory[0].norms,
      try differences { columns in
        let outputs = try Self.inspection(network, columns).outputs
        return found.reduce(0) { $0 - log(1 - fraction(outputs[$1])) }
      })
  }

  @Test(arguments: [Architecture.Readout.mean, .max])
  func stepsOfWhatIsReadOutOfAllCannotBeHeld(readout: Architecture.Readout) throws {
    #expect(throws: RecurrentError.self) {
      try Self.inspection(Self.network(readout), clamps: [Clamp](parsing: "f = 1, step 2"))
    }
  }

  @Test func theReportHasOneRow() throws {
    let inspection = try Self.inspection(Self.network(.mean), meaning: .labels(["low", "middle", "high"]))
    let outputs = try #require(InspectionReport([inspection], title: "").models[0].outputs)
    #expect(outputs.kind == .sequence && outputs.loss == [nil])
    #expect(outputs.top?.count == 1 && Set(outputs.top?.first?.map(\.text) ?? []) == ["low", "middle", "high"])
  }
}
