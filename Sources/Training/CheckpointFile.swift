public import ModelFiles
import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A checkpoint's file is a model file with more in it: it can be loaded as a model too.
extension Checkpoint {
  private struct State: Codable {
    let options: TrainingOptions
    let progress: Trainer.Progress
  }

  /// Saves the checkpoint, whole or not at all.
  public func save(to path: String) throws(FileError) {
    var tensors = network.tensors
    tensors.append(Safetensors.Entry("training.moments", moments, shape: [moments.count]))
    for (layer, states) in carriedStates.enumerated() {
      for (state, values) in states.enumerated() {
        tensors.append(Safetensors.Entry("training.states.\(layer).\(state)", values, shape: [values.count]))
      }
    }
    let state = ["training": json(State(options: options, progress: progress))]
    try Safetensors.write(tensors, metadata: network.metadata.merging(state) { own, _ in own }, to: path)
  }

  /// Loads a checkpoint.
  ///
  /// - Throws: ``FileError`` if the file can't be read or is not a checkpoint.
  public init(contentsOf path: String) throws(FileError) {
    let file = try Safetensors(contentsOf: path)
    network = try Network(file) { $0.hasPrefix("training.") }
    guard let text = file.metadata["training"] else {
      throw FileError(cannotRead: path, "it is a model, but not a checkpoint: training can't go on from it")
    }
    do {
      let state = try JSONDecoder().decode(State.self, from: Data(text.utf8))
      options = state.options
      progress = state.progress
    } catch {
      throw FileError(cannotRead: path, "its record of the training is damaged: \(describe(error))")
    }
    let count = options.optimizer.moments.count * network.parameters.count
    moments = try file.values("training.moments", shape: [count])
    var carried: [[[Float]]] = []
    for (layer, count) in network.stateCounts.enumerated() where file["training.states.\(layer).0"] != nil {
      var states: [[Float]] = []
      for state in 0..<count { states.append(try file.values("training.states.\(layer).\(state)")) }
      carried.append(states)
    }
    carriedStates = carried
  }
}
