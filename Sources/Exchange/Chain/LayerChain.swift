public import Networks

/// A model of another system: its layers in the order in which data flows through them.
///
/// It is what every reader of foreign files makes. Where the chain is plain, a network can be made of the whole; otherwise of the
/// recurrent layers that somebody names.
public struct LayerChain: Sendable {
  /// The file, for messages.
  public let path: String
  public let parts: [Part]
  /// Whether the order of the recurrent layers is known, which names of tensors alone don't say of several stacks.
  let isOrdered: Bool
  /// What whoever runs the network of the whole chain must know, such as what its layers mask.
  public let notes: [String]

  /// A layer, or what happens between two.
  public enum Part: Sendable {
    case embedding(EmbeddingLayer)
    case recurrent(FoundLayer)
    case dense(DenseLayer)
    /// From here on each sequence has one vector, made of what the recurrent layer before gives at its steps; never of every step.
    case readout(Architecture.Readout)
    /// What no network here can do: its name, and what it is.
    case other(name: String, what: String)
  }

  public init(path: String, parts: [Part], notes: [String] = []) {
    self.init(path: path, parts: parts, isOrdered: true, notes: notes)
  }

  init(path: String, parts: [Part], isOrdered: Bool, notes: [String] = []) {
    self.path = path
    self.parts = parts
    self.isOrdered = isOrdered
    self.notes = notes
  }

  /// The recurrent layers.
  public var layers: [FoundLayer] {
    parts.compactMap { if case .recurrent(let layer) = $0 { layer } else { nil } }
  }
}

extension LayerChain {
  /// The recurrent layers that `names` ask for, by their own names or those of their stacks, one on top of the other.
  ///
  /// - Throws: ``ExchangeError`` if there is no such layer, or one does not read what the one before it gives.
  public func layers(named names: [String]) throws(ExchangeError) -> [RecurrentLayer] {
    try checkThereAreLayers()
    var chosen: [RecurrentLayer] = []
    for name in names {
      let matching = layers.filter { $0.layer.name == name || $0.stack == name }
      guard !matching.isEmpty else {
        let there = layers.map(\.layer.name).joined(separator: ", ")
        throw ExchangeError("\(path) has no recurrent layer \(name.debugDescription); it has \(there)")
      }
      chosen += matching.map(\.layer)
    }
    try checkWidths(chosen)
    return chosen
  }

  /// The whole chain as the parts that a network has.
  ///
  /// - Throws: ``ExchangeError`` if it has something that a network has not.
  func plain() throws(ExchangeError) -> Plain {
    try checkThereAreLayers()
    try checkOrderIsKnown()
    var plain = Plain()
    var isBehindHead = false
    for part in parts {
      switch part {
      case .other(let name, let what): throw refusal("\(name) is \(what)")
      case .readout(let readout):
        // A dense layer does to each step what it does to the last.
        guard !plain.layers.isEmpty, plain.readout == .everyStep, readout == .last || !isBehindHead else {
          throw refusal("\(part.name) is not made of what the last recurrent layer gives")
        }
        plain.readout = readout
      case _ where isBehindHead: throw refusal("\(part.name) stands behind the dense layer \(plain.head?.name ?? "")")
      case .embedding(let embedding):
        guard plain.embedding == nil, plain.layers.isEmpty else {
          throw refusal("embedding \(embedding.name) is not the first layer")
        }
        plain.embedding = embedding
      case .recurrent(let found):
        if plain.readout != .everyStep {
          throw refusal("\(found.layer.name) reads only the \(plain.readout.rawValue) of the steps of the layer before it")
        }
        plain.layers.append(found.layer)
      case .dense(let dense):
        guard !plain.layers.isEmpty else { throw refusal("dense layer \(dense.name) stands before the recurrent layers") }
        guard dense.function == .softmax || dense.function == .elementwise(.linear) else {
          throw refusal("dense layer \(dense.name) has the function \(dense.function)")
        }
        plain.head = dense
        isBehindHead = true
      }
    }
    try checkWidths(plain.layers)
    if let embedding = plain.embedding, let first = plain.layers.first, embedding.width != first.description.inputs {
      throw ExchangeError(
        "layer \(first.name) reads \(first.description.inputs) numbers, but embedding \(embedding.name) before it gives \(embedding.width)"
      )
    }
    if let head = plain.head, let last = plain.layers.last, head.inputs != last.description.width {
      throw ExchangeError(
        "dense layer \(head.name) reads \(head.inputs) numbers, but \(last.name) before it gives \(last.description.width)")
    }
    return plain
  }

  /// What a network is made of.
  struct Plain {
    var embedding: EmbeddingLayer?
    var layers: [RecurrentLayer] = []
    var readout = Architecture.Readout.everyStep
    var head: DenseLayer?
  }

  private func refusal(_ reason: String) -> ExchangeError {
    ExchangeError(
      "\(path) can't become a network as a whole: \(reason), and a network has an embedding, recurrent layers and one dense layer "
        + "without a function or with softmax; take recurrent layers alone with --layers (\(layers.map(\.layer.name).joined(separator: ", ")))"
    )
  }

  private func checkThereAreLayers() throws(ExchangeError) {
    guard layers.isEmpty else { return }
    let others = parts.prefix(8).map { part in
      if case .other(let name, let what) = part { "\(name), \(what)" } else { part.name }
    }
    throw ExchangeError(
      "\(path) has no recurrent layer, but "
        + (others.isEmpty ? "no layers at all" : others.joined(separator: "; ") + (parts.count > 8 ? "; …" : "")))
  }

  /// Tensors alone don't say how several stacks belong together, unless their names count them.
  private func checkOrderIsKnown() throws(ExchangeError) {
    let stacks = Set(layers.map(\.stack)).sorted()
    let prefixes = Set(layers.map { $0.numberedStack.number == nil ? $0.stack : $0.numberedStack.prefix + "." })
    guard !isOrdered, prefixes.count > 1 else { return }
    throw ExchangeError(
      "\(path) has several stacks of recurrent layers, and how they belong together is no part of it: name one, or layers in their "
        + "order, with --layers (\(stacks.map { $0.isEmpty ? "(no name)" : $0 }.joined(separator: ", ")))")
  }

  private func checkWidths(_ layers: [RecurrentLayer]) throws(ExchangeError) {
    for (below, above) in zip(layers, layers.dropFirst()) where above.description.inputs != below.description.width {
      throw ExchangeError(
        "layer \(above.name) reads \(above.description.inputs) numbers, but \(below.name) before it gives \(below.description.width)"
      )
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
    case .readout(let readout): "the \(readout.rawValue) of the steps"
    case .other(let name, _): name
    }
  }
}
