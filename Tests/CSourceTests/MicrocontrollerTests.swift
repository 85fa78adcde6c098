import CSource
import CellLanguage
import Engine
import Foundation
import Networks
import Testing

/// The models of which script/check-c-source counts the instructions of a step. It has this write them into a folder.
struct MicrocontrollerTests {
  /// A layer that reads 8 numbers, and an output of 2 classes: 4 · u · (8 + u) weights of an LSTM, and 3 · u · (8 + u) of a GRU.
  @Test(arguments: ["lstm", "gru"], [16, 32]) func modelsAreAsLargeAsTheirWeights(cell: String, units: Int) throws {
    let network = try Network(input: .features(8), layers: [.init(.named(cell), units: units)], output: .classes(2), seed: 1)
    let gates = cell == "lstm" ? 4 : 3
    let matrices = gates * units * (8 + units) + 2 * units
    let rows = gates * units * (cell == "gru" ? 2 : 1) + 2
    let biases = 4 * units + 2
    for (weights, bytes) in [(WeightKind.float32, 4 * matrices), (.float16, 2 * matrices), (.int8, matrices + 4 * rows)] {
      for math in CMath.allCases {
        let source = try CSource(
          network.narrowed(to: weights), name: "\(cell)_\(units)_\(weights)_\(math)", options: CSourceOptions(math: math))
        #expect(source.flash == bytes + 4 * biases)
        #expect(source.state == (cell == "lstm" ? 8 : 4) * units)
        #expect(source.stack == 4 * units)
        guard let folder = ProcessInfo.processInfo.environment["RECURRENT_C_MODELS"] else { continue }
        try source.header.write(toFile: "\(folder)/\(source.prefix).h", atomically: true, encoding: .utf8)
        try source.source.write(toFile: "\(folder)/\(source.prefix).c", atomically: true, encoding: .utf8)
      }
    }
  }
}
