import Networks
import Sequences
import Storage
import Support
import TaskKit
import Training

/// A task that stands in no other file: whether a line of zeros and ones has an odd number of ones.
struct ParityTask: TrainableTask {
  static let (kind, version) = ("parity", 1)
  static let argument = SettingField<ParityTask>.argument("path", "FILE", \.path, "lines of zeros and ones")
  var path: String?

  static func read(_ recipe: Recipe<ParityTask>, _ notes: inout [Note]) throws -> Batch { try batch(recipe.task.path ?? "") }

  static func plan(_ recipe: Recipe<ParityTask>, on batch: Batch, _ notes: inout [Note]) throws -> TrainingPlan<ParityTask> {
    let options = try recipe.options(iterations: recipe.training.iterations ?? 40, validationInterval: 10)
    return TrainingPlan(recipe, data: ParityData(batch), name: "parity", options: options, meaning: plainMeaning) {
      Architecture(input: .features(1), layers: try $0.layers(), readout: .last, output: .classes(2))
    }
  }

  static func data(
    resuming recipe: Recipe<ParityTask>, _ network: Network, path: String, _ notes: inout [Note]
  ) throws -> any TaskData { ParityData(try batch(recipe.task.path ?? "")) }

  static func examples(in file: String, for network: Network) throws -> Batch { try batch(file) }

  private static func batch(_ path: String) throws -> Batch {
    let lines = String(decoding: try FileSystem.bytes(of: path), as: UTF8.self).split(separator: "\n")
    return Batch(packing: lines.map { line in (line.map { [$0 == "1" ? 1 : 0] }, Int32(line.count { $0 == "1" } % 2)) })
  }
}

/// What a ``ParityTask`` is trained on, and validated on too.
struct ParityData: TaskData {
  let training: FixedBatch
  let validation: FixedBatch?
  var subject: String { "zeros and ones" }

  init(_ batch: Batch) { (training, validation) = (FixedBatch(batch), FixedBatch(batch)) }
  func batches(of file: String) throws -> any BatchSource { training }
}
