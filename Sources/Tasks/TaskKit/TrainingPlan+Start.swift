import Models
package import Networks
import Platform
import Support
import Training

extension TrainingPlan where Task: TrainableTask {
  /// The network before its first iteration.
  ///
  /// - Throws: ``RecurrentError`` if it can't be built, can't begin with the weights of the model that the plan starts from, or
  ///   can't be trained with the plan's options.
  package func network() throws -> Network {
    let architecture = try architecture(recipe)
    try Self.checkMemory(for: architecture)
    var network = try Network(architecture, seed: options.seed)
    network.meaning = meaning
    try network.check(options)
    guard let start else { return network }
    let fresh = try network.adopt(
      start.network, names: Task.names(of: network), otherNames: Task.names(of: start.network), title: start.title)
    if let part = options.frozen?.first(where: fresh.contains) {
      throw RecurrentError(
        .usage,
        naming:
          "\(Setting("freeze")) names \(part), some of whose weights \(start.title) does not have: they are fresh, and would stay as they were drawn; leave it out"
      )
    }
    return network
  }

  /// - Throws: ``RecurrentError`` if the machine has no room for the weights and what a training keeps for each: its gradient and, as Adam
  ///   has it, two running means.
  private static func checkMemory(for architecture: Architecture) throws {
    let count = try architecture.weightCount()
    let needed = count.multipliedReportingOverflow(by: 4 * MemoryLayout<Float>.size)
    guard needed.overflow || needed.partialValue > System.physicalMemory else { return }
    throw RecurrentError(
      .unsuitable,
      naming:
        "the network has \(count.grouped) weights, whose training takes at least \(needed.partialValue.asBytes) of memory, and this machine has \(System.physicalMemory.asBytes): give it fewer \(Setting("units")) or \(Setting("layers"))"
    )
  }

  /// The plan of the training with the layers and the weights of a model.
  ///
  /// - Parameter notes: takes what the model knows of what the network will read and give.
  func starting(from start: StartModel, _ notes: inout [Note]) throws -> TrainingPlan {
    var plan = self
    let planned = architecture
    plan.start = start
    plan.architecture = { recipe in
      var model = start.network.architecture
      model.layers = try model.branches ? recipe.zoned(model.layers) : model.layers.map { try recipe.zoned($0) }
      return try planned(recipe).built(like: model)
    }
    let network = try plan.network()
    for note in network.notes(on: start.network, Task.names(of: network), Task.names(of: start.network)) {
      notes.append(.reason(note))
    }
    return plan
  }
}

extension Recipe where Task: TrainableTask {
  /// A model's layer with the zoneout that is asked for; as it is if none is.
  fileprivate func zoned(_ layer: Architecture.Layer) throws -> Architecture.Layer {
    var layer = layer
    layer.cell = try zoned(layer.cell)
    if case .bidirectional(let merge, let reverse?) = layer.direction {
      layer.direction = .bidirectional(merge, reverse: try zoned(reverse))
    }
    return layer
  }
}

extension Network {
  /// What the network to be trained has in common with the model that it starts from, a sentence for each kind of thing.
  fileprivate func notes(on model: Network, _ names: NetworkNames, _ known: NetworkNames) -> [Sentence] {
    let (own, others) = (architecture.input.encoding.legends, model.architecture.input.encoding.legends)
    var notes = own.compactMap { legend in
      others.first { $0.what == legend.what }.map { Self.note(legend.what, legend.names, known: $0.names) }
    }
    if let features = names.features {
      notes.append(
        known.features.map { Self.note("inputs", features, known: $0) }
          ?? "the model has no names for the numbers that it reads: they are taken in the order \(shortened(features))")
    }
    if !architecture.output.head.isOfSameKind(as: model.architecture.output.head) {
      notes.append("the model gives something else: the head begins with fresh weights")
    } else if let outputs = names.outputs {
      guard let known = known.outputs else {
        return notes + ["the model has no names for what it gives: the head begins with fresh weights"]
      }
      // A language model gives the symbols that it reads.
      if !own.contains(where: { $0.names == outputs }) { notes.append(Self.note(names.what, outputs, known: known)) }
    }
    return notes
  }

  private static func note(_ what: String, _ names: [String], known: [String]) -> Sentence {
    let new = zip(names, WeightAxis.places(of: names, in: known)).filter { $1 == nil }.map(\.0)
    let gone = WeightAxis.places(of: known, in: names).count { $0 == nil }
    let (all, count) = (names.count.grouped, new.count)
    let shown = new.prefix(6).map { quoted($0) }.joined(separator: ", ") + (count > 6 ? ", …" : "")
    let beginning =
      count == 0
      ? "the model knows all \(all) \(what)"
      : "\(count.grouped) of \(all) \(what) \(count == 1 ? "is" : "are") new, with fresh weights: \(shown)"
    if gone == 0 { return Sentence(beginning) }
    return "\(beginning); \(gone.grouped) of the model's \(known.count.grouped) \(gone == 1 ? "is" : "are") dropped"
  }
}
