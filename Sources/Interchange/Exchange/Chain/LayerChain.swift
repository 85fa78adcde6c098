package import Networks
package import Support

/// A model of another system: its layers in the order in which data flows through them.
///
/// It is what every reader of foreign files makes. Where the chain is plain, a network can be made of the whole; otherwise of the
/// recurrent layers that are named by the caller.
public struct LayerChain: Sendable {
  /// The file, for messages.
  package let path: String
  package let parts: [Part]
  /// The models within the model.
  let groups: [Group]
  /// Whether the order of the recurrent layers is known, which names of tensors alone don't say of several stacks.
  let isOrdered: Bool
  /// What whoever runs the network of the whole chain must know, such as what its layers mask.
  package let notes: [Sentence]
  /// What has to be answered before a network can be made of the whole; nil for nothing.
  let question: Sentence?

  /// A layer, or what happens between two.
  package enum Part: Sendable {
    case embedding(EmbeddingLayer)
    case recurrent(FoundLayer)
    case dense(DenseLayer)
    case pointwise(PointwiseLayer)
    /// From here on each sequence has one vector, made of what the recurrent layer before gives at its steps; never of every
    /// step.
    case readout(Architecture.Readout)
    /// A factor of what the first layer reads, or of what the last one gives.
    case gain(Gain)
    /// What the first layer reads is added to what the last one gives, times a matrix `[outputs, inputs]`, row by row.
    case shortcut([Float])
    /// What no network here can do: its name, and what it is. Where the layers of a model are no chain, one that says so stands
    /// before them all.
    case other(name: String, what: String)
    /// A layer that can't be read.
    case unreadable(name: String, RecurrentError)
  }

  /// A model within the model, by whose name its recurrent layers can be taken.
  struct Group: Sendable {
    let name: String
    /// Its recurrent layers, in the order in which data flows through them.
    let layers: [String]
    /// Why they can't be taken together; nil if they can.
    let obstacle: String?
  }

  package init(path: String, parts: [Part], notes: [Sentence] = []) {
    self.init(path: path, parts: parts, isOrdered: true, notes: notes)
  }

  init(
    path: String, parts: [Part], groups: [Group] = [], isOrdered: Bool, notes: [Sentence] = [], question: Sentence? = nil
  ) {
    self.question = question
    self.path = path
    self.parts = parts
    self.groups = groups
    self.isOrdered = isOrdered
    self.notes = notes
  }

  /// The recurrent layers.
  public var layers: [FoundLayer] {
    parts.compactMap { if case .recurrent(let layer) = $0 { layer } else { nil } }
  }

  /// The layers that can't be read, with the reason.
  package var unreadable: [(name: String, error: RecurrentError)] {
    parts.compactMap { if case .unreadable(let name, let error) = $0 { (name, error) } else { nil } }
  }
}

extension LayerChain {
  /// The recurrent layers that `names` ask for, by their own names, those of their stacks or those of models within the model, one on
  /// top of the other.
  ///
  /// - Throws: ``RecurrentError`` if there is no such layer, it can't be read, or one does not read what the one before it gives.
  package func layers(named names: [String]) throws(RecurrentError) -> [RecurrentLayer] {
    try checkThereAreLayers()
    var chosen: [RecurrentLayer] = []
    for name in try names.map(expanded).joined() {
      if let (_, error) = unreadable.first(where: { $0.name == name }) { throw error }
      let matching = layers.filter { $0.layer.name == name || $0.stack == name }
      guard !matching.isEmpty else {
        let there = layers.map(\.layer.name).joined(separator: ", ")
        let models = groups.isEmpty ? "" : ", in the models \(groups.map(\.name).joined(separator: ", "))"
        throw RecurrentError(.interchange, "\(path) has no recurrent layer \(name.debugDescription); it has \(there)\(models)")
      }
      chosen += matching.map(\.layer)
    }
    try checkWidths(Plain(layers: chosen.map { .recurrent($0) }))
    return chosen
  }

  /// The recurrent layers of the model within the model that has the name, or the name itself.
  private func expanded(_ name: String) throws(RecurrentError) -> [String] {
    guard let group = groups.first(where: { $0.name == name }), !group.layers.isEmpty else { return [name] }
    if let obstacle = group.obstacle {
      throw RecurrentError(
        .interchange,
        "the recurrent layers of \(name), a model within \(path), can't be taken together: \(obstacle); name those that you want (\(group.layers.joined(separator: ", ")))"
      )
    }
    return group.layers
  }

  func refusal(_ reason: String) -> RecurrentError {
    RecurrentError(
      .interchange,
      naming:
        "\(path) can't become a network as a whole: \(reason). A network has an embedding, recurrent and dense layers one on top of the other, "
        + "and softmax on top; take recurrent layers alone with \(Setting("layers")) (\(layers.map(\.layer.name).joined(separator: ", ")))"
    )
  }

  func checkThereAreLayers() throws(RecurrentError) {
    guard layers.isEmpty else { return }
    if let (_, error) = unreadable.first { throw error }
    let others = parts.prefix(8).map { part in
      if case .other(let name, let what) = part { "\(name), \(what)" } else { part.name }
    }
    throw RecurrentError(
      .interchange,
      "\(path) has no recurrent layer, but "
        + (others.isEmpty ? "no layers at all" : others.joined(separator: "; ") + (parts.count > 8 ? "; …" : "")))
  }

  /// Tensors alone don't say how several stacks belong together, unless their names count them.
  func checkOrderIsKnown() throws(RecurrentError) {
    if let question { throw RecurrentError(.interchange, naming: question) }
    let stacks = Set(layers.map(\.stack)).sorted()
    if isOrdered || Self.follow(layers) { return }
    throw RecurrentError(
      .interchange,
      naming:
        "\(path) has several stacks of recurrent layers, and how they belong together is no part of it: name one, or layers in their "
        + "order, with \(Setting("layers")) (\(stacks.map { $0.isEmpty ? "(no name)" : $0 }.joined(separator: ", ")))")
  }

  /// Whether names alone say that some layers follow one another: they are one stack, or stacks that are counted.
  static func follow(_ layers: [FoundLayer]) -> Bool {
    Set(layers.map(\.family)).count <= 1
  }

  func checkWidths(_ plain: Plain) throws(RecurrentError) {
    var before = plain.embedding.map { (name: "embedding \($0.name)", width: $0.width) }
    for layer in plain.layers + plain.headLayers + (plain.head.map { [.dense($0)] } ?? []) {
      if let before, before.width != layer.inputs {
        throw RecurrentError(
          .interchange, "layer \(layer.name) reads \(layer.inputs) numbers, but \(before.name) before it gives \(before.width)")
      }
      before = (layer.name, layer.width)
    }
  }
}

extension LayerChain.Part {
  /// What the file calls it.
  var name: String {
    switch self {
    case .embedding(let layer): layer.name
    case .recurrent(let found): found.layer.name
    case .dense(let layer): layer.name
    case .pointwise(let layer): layer.name
    case .readout(let readout): "the \(readout.rawValue) of the steps"
    case .gain(let gain): gain.name
    case .shortcut: "the input that is added to the output"
    case .other(let name, _), .unreadable(let name, _): name
    }
  }
}
