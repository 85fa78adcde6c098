import CellLanguage
import Engine
import Foundation
import Sequences
import Storage
import Support
import Training

/// A folder for one test's files, removed with this value.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "training-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }
}

/// The same batches again and again, each on its own.
struct FixedSource: BatchSource {
  var batches: [Batch]
  var iterationsPerEpoch: Int? { batches.count }
  let stepsPerBatch = 1

  func batch(at iteration: Int) -> Batch { batches[iteration % batches.count] }
  func continues(at iteration: Int) -> Bool { false }

  /// One sequence of features and values.
  init(features: [Float], width: Int = 1, values: [Float]) {
    batches = [
      Batch(
        lengths: PackedLengths(steps: features.count / width, batch: 1), inputs: .features(features), targets: .values(values))
    ]
  }
}

/// A made-up text of a small alphabet, with the same letters for the same seed.
func madeUpText(_ count: Int, seed: UInt64 = 1) -> String {
  var random = Random(seed: seed)
  return String((0..<count).map { _ in random.element(of: Array("abcdef \n")) })
}
