package import Engine
package import Networks
import Platform
import Sequences
import Support
package import TaskKit
package import Training

extension TextData: TaskData {
  package var files: [String] { path.map { [$0] } ?? [] }
  package var subject: String { "\(count.grouped) \(vocabulary.kind.rawValue)" }
  package var unit: String { vocabulary.kind.rawValue }

  package func fits(_ network: Network) -> Bool { network.architecture.vocabulary == vocabulary }

  package func batches(of file: String) throws -> any BatchSource {
    try TextSource(evaluating: TokenizedText(file: file, in: vocabulary).tokens)
  }

  package func figures(
    of network: Network, from path: String, on file: String, loss: Double, machine: Machine
  ) throws -> [Figure: Double] {
    vocabulary.kind == .words ? [.bits: loss / log(2), .perplexity: exp(loss)] : [.bits: loss / log(2)]
  }

  package func samples(_ network: Network, seed: UInt64) throws -> [String] {
    try (0..<2).map { sample in
      var sampler = try Sampler(temperature: 0.8, seed: seed &+ UInt64(sample))
      let stream = try network.stream()
      stream.read(Int(vocabulary.beginning))
      var tokens: [Int32] = []
      for _ in 0..<300 {
        let token = sampler.pick(logits: stream.logits)
        tokens.append(Int32(token))
        stream.read(token)
      }
      var decoder = TextDecoder(vocabulary)
      return decoder.text(of: tokens) + decoder.rest()
    }
  }

  package func conclusion(
    _ path: String, folder: String, machine: Machine
  ) throws -> (results: [String], advice: [String]) {
    ([], ["to see what it writes: recurrent generate \(folder)"])
  }
}
