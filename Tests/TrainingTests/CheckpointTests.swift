import CellLanguage
import Engine
import Foundation
import Models
import Networks
import Sequences
import Storage
import Support
import Testing
import Training

struct CheckpointTests {
  /// A checkpoint after one batch of two sequences.
  private func save(to path: String, steps: Int = 1) throws -> Trainer {
    let network = try Network(input: .features(1), layers: [.init(.lstm, units: 2), .init(.rnn, units: 3)], output: .values(1))
    let options = try TrainingOptions(
      iterations: 9, learningRate: LearningRate(0.1, schedule: .plateau(patience: 2)), patience: 5)
    let trainer = Trainer(network, options: options, machine: try Machine(threads: 1))
    var source = FixedSource(features: [1, 2], values: [0, 1])
    source.batches[0].lengths = PackedLengths(steps: 1, batch: 2)
    for _ in 0..<steps { try trainer.step(on: source) }
    try trainer.checkpoint().save(to: path)
    return trainer
  }

  @Test func aCheckpointReturnsAndIsAModelToo() throws {
    let folder = try TemporaryFolder()
    let trainer = try save(to: folder("a"))
    let checkpoint = try Checkpoint(contentsOf: folder("a"))
    #expect(checkpoint.network.parameters == trainer.network.parameters)
    #expect(checkpoint.options == trainer.options)
    #expect(checkpoint.progress == trainer.progress)
    #expect(checkpoint.sequences == 2)
    #expect(try Network(contentsOf: folder("a")).parameters == trainer.network.parameters)
    try checkpoint.save(to: folder("b"))
    #expect(try Data(contentsOf: URL(filePath: folder("a"))) == Data(contentsOf: URL(filePath: folder("b"))))
  }

  @Test func beforeTheFirstBatchNothingIsCarried() throws {
    let folder = try TemporaryFolder()
    _ = try save(to: folder("a"), steps: 0)
    #expect(try Checkpoint(contentsOf: folder("a")).sequences == nil)
  }

  @Test func aModelIsNoCheckpoint() throws {
    let folder = try TemporaryFolder()
    try Network(input: .features(1), layers: [.init(.rnn, units: 2)], output: .values(1)).save(to: folder("model"))
    let error = #expect(throws: RecurrentError.self) { try Checkpoint(contentsOf: folder("model")) }
    #expect(
      error?.description == "can't read \(folder("model")): it is a model, but not a checkpoint: training can't go on from it")
  }

  /// What is changed in a checkpoint: metadata text, or a tensor left out, added or cut.
  @Test(
    arguments: [
      (
        "\"iteration\":1,", "\"iteration\":-1,",
        "its record of the training is damaged: -1 iterations are done; that can't be less than 0"
      ),
      (
        "\"validation_interval\":500", "\"validation_interval\":0",
        "its record of the training is damaged: a validation every 0 iterations: give at least 1"
      ),
      (
        "\"initial\":0.1", "\"initial\":-1",
        "its record of the training is damaged: the learning rate is -1.0; it must be above 0"
      ),
      ("\"options\"", "\"option\"", "its record of the training is damaged: `options` is missing"),
    ])
  func aDamagedRecordIsRefused(old: String, new: String, cause: String) throws {
    #expect(
      try refusal { metadata, _ in metadata["training"] = metadata["training"]?.replacingOccurrences(of: old, with: new) }
        == cause)
  }

  @Test func tensorsThatDoNotFitAreRefused() throws {
    #expect(try refusal { $1["training.states.1.0"] = nil } == "it has no tensor \"training.states.1.0\"")
    #expect(try refusal { $1["training.moments"] = nil } == "it has no tensor \"training.moments\"")
    #expect(
      try refusal { $1["training.states.0.1"] = ([Float](repeating: 0, count: 6), [3, 2]) }
        == "tensor \"training.states.0.1\" has the shape [3, 2]; expected [2, 2]")
    #expect(
      try refusal { $1["training.moments"] = ([1], [1]) }.hasPrefix("tensor \"training.moments\" has the shape [1]; expected ["))
    #expect(
      try refusal { $1["training.states.2.0"] = ([1], [1]) }
        == "it has the tensor training.states.2.0, which its training has not")
  }

  private func refusal(
    _ change: (inout [String: String], inout [String: (values: [Float], shape: [Int])]) -> Void
  ) throws -> String {
    let folder = try TemporaryFolder()
    _ = try save(to: folder("whole"))
    let file = try Safetensors(contentsOf: folder("whole"))
    var metadata = file.metadata
    var tensors: [String: (values: [Float], shape: [Int])] = [:]
    for tensor in file.tensors { tensors[tensor.name] = (try file.values(tensor.name), tensor.shape) }
    change(&metadata, &tensors)
    let entries = tensors.sorted { $0.key < $1.key }.map { Safetensors.Entry($0.key, $0.value.values, shape: $0.value.shape) }
    try Safetensors.write(entries, metadata: metadata, to: folder("changed"))
    let error = #expect(throws: RecurrentError.self) { try Checkpoint(contentsOf: folder("changed")) }
    return error?.description.replacingOccurrences(of: "can't read \(folder("changed")): ", with: "") ?? ""
  }

  /// Damage of the header never ends the program, neither when it is read nor when the training goes on.
  @Test func aDamagedHeaderNeverTraps() throws {
    let folder = try TemporaryFolder()
    _ = try save(to: folder("whole"))
    let whole = [UInt8](try Data(contentsOf: URL(filePath: folder("whole"))))
    let header = 8 + Int(whole[0]) + Int(whole[1]) << 8
    var random = Random(seed: 12)
    var refused = 0
    for round in 0..<2000 {
      var bytes = whole
      // Each byte at least once if there is room, digits more often than others.
      let places = [8 + round * (header - 8) / 2000, random.integer(in: 0..<header)]
      for place in places.prefix(1 + round % 2) {
        bytes[place] =
          random.integer(in: 0..<2) == 0 ? UInt8(random.integer(in: 0x30..<0x3A)) : UInt8(random.integer(in: 0..<256))
      }
      try Data(bytes).write(to: URL(filePath: folder("damaged")))
      do throws(RecurrentError) {
        let trainer = Trainer(try Checkpoint(contentsOf: folder("damaged")), machine: try one())
        _ = trainer.isOver
      } catch {
        refused += 1
        #expect(error.description.hasPrefix("can't read "))
      }
    }
    #expect(refused > 500)
  }

  private func one() throws(RecurrentError) -> Machine {
    do { return try Machine(threads: 1) } catch { preconditionFailure("\(error)") }
  }
}
