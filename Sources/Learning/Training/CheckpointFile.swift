import Models
import Networks
import Storage
package import Support

/// A checkpoint's file is a model file with more in it: it can be loaded as a model too.
extension Checkpoint {
  private struct State: Codable {
    let options: TrainingOptions
    let progress: Trainer.Progress
  }

  /// Saves the checkpoint, whole or not at all.
  package func save(to path: String) throws(RecurrentError) {
    var tensors = network.tensors
    tensors.append(Safetensors.Entry("training.moments", moments, shape: [moments.count]))
    for (pass, states) in carriedStates.enumerated() {
      for (state, values) in states.enumerated() {
        let width = network.stateWidths[pass][state]
        tensors.append(Safetensors.Entry(Self.name(pass, state), values, shape: [values.count / width, width]))
      }
    }
    let state = ["training": json(State(options: options, progress: progress))]
    try Safetensors.write(tensors, metadata: network.metadata.merging(state) { own, _ in own }, to: path)
  }

  /// Loads a checkpoint.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read or is not a checkpoint.
  package init(contentsOf path: String) throws(RecurrentError) {
    let file = try Safetensors(contentsOf: path)
    network = try Network(file)
    try network.checkTrains(as: path)
    guard let text = file.metadata["training"] else {
      throw RecurrentError(cannotRead: path, "it is a model, but not a checkpoint: training can't go on from it")
    }
    do {
      let state = try decodeJSON(text.utf8, as: State.self)
      options = state.options
      progress = state.progress
      try options.check()
      try progress.check()
    } catch {
      throw RecurrentError(cannotRead: path, "its record of the training is damaged: \(describe(error))")
    }
    moments = try file.values("training.moments", shape: [options.optimizer.moments.count * network.parameters.count])
    var carried: [[[Float]]] = []
    var known: Set = ["training.moments"]
    // Before the first batch there is nothing to carry.
    for (pass, widths) in network.stateWidths.enumerated() where progress.iteration > 0 {
      var states: [[Float]] = []
      for (state, width) in widths.enumerated() {
        let shape = [file[Self.name(0, 0)]?.shape.first ?? 1, width]
        states.append(try file.values(Self.name(pass, state), shape: shape))
        known.insert(Self.name(pass, state))
      }
      carried.append(states)
    }
    carriedStates = carried
    for tensor in file.tensors where network.layout[tensor.name] == nil && !known.contains(tensor.name) {
      throw RecurrentError(cannotRead: path, "it has the tensor \(tensor.name), which its training has not")
    }
  }

  private static func name(_ pass: Int, _ state: Int) -> String { "training.states.\(pass).\(state)" }
}
