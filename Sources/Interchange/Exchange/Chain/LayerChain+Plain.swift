import Networks
import Support

extension LayerChain {
  /// The whole chain as the parts that a network has.
  ///
  /// - Throws: ``RecurrentError`` if it has something that a network has not.
  func plain() throws(RecurrentError) -> Plain {
    try checkThereAreLayers()
    try checkOrderIsKnown()
    var plain = Plain()
    for part in parts {
      switch part {
      case .other(let name, let what): throw refusal("\(name) is \(what)")
      case .unreadable(_, let error): throw refusal(error.description)
      case .readout(let readout):
        // A layer without a memory does to each step what it does to the last; of a mean it would make something else.
        if readout == .last, plain.readout == .everyStep { plain.liftLayersWithoutMemory() }
        guard plain.readout == .everyStep, plain.layers.last?.isRecurrent == true else {
          throw refusal("\(part.name) is not made of what the last recurrent layer gives")
        }
        plain.readout = readout
      case .embedding(let embedding):
        guard plain.embedding == nil, plain.layers.isEmpty else {
          throw refusal("embedding \(embedding.name) is not the first layer")
        }
        plain.embedding = embedding
      case .recurrent(let found):
        if plain.readout != .everyStep {
          throw refusal("\(found.layer.name) reads only the \(plain.readout.rawValue) of the steps of the layer before it")
        }
        try checkNothingIsAdded(plain, before: found.layer.name)
        plain.layers.append(.recurrent(found.layer))
      case .dense(let dense):
        try checkNothingIsAdded(plain, before: dense.name)
        plain.append(.dense(dense))
      case .pointwise(let layer):
        try checkNothingIsAdded(plain, before: layer.name)
        plain.append(.pointwise(layer))
      case .gain(let gain): plain.append(gain)
      case .shortcut(let matrix): plain.shortcut = matrix
      }
    }
    plain.takeHead()
    let softmax = (plain.layers + plain.headLayers).first {
      if case .dense(let dense) = $0 { dense.function.givesClasses } else { false }
    }
    if let softmax { throw refusal("dense layer \(softmax.name) has softmax and is not the last layer") }
    try checkWidths(plain)
    try workIn(&plain)
    return plain
  }

  /// What a network is made of.
  struct Plain {
    var embedding: EmbeddingLayer?
    var layers: [Layer] = []
    var readout = Architecture.Readout.everyStep
    /// The layers above what is read out.
    var headLayers: [Layer] = []
    var head: DenseLayer?
    /// What the head multiplies beside the last layer, `[outputs, inputs]`: what the first layer reads; nil for nothing.
    var shortcut: [Float]?
    /// Factors of what the first layer reads and of what the network gives, before they are worked into the matrices.
    var inputGains: [Gain] = []
    var outputGains: [Gain] = []

    enum Layer {
      case recurrent(RecurrentLayer)
      case dense(DenseLayer)
      case pointwise(PointwiseLayer)
    }

    /// - Parameter layer: one without a memory.
    mutating func append(_ layer: Layer) {
      if readout == .everyStep { layers.append(layer) } else { headLayers.append(layer) }
    }

    /// Takes the layers after the last recurrent one to be above the readout.
    mutating func liftLayersWithoutMemory() {
      let below = layers.lastIndex(where: \.isRecurrent).map { $0 + 1 } ?? layers.count
      headLayers = Array(layers[below...])
      layers.removeSubrange(below...)
    }

    /// Makes the last layer the head if it is a dense one that a head can be: without a function, or with softmax.
    mutating func takeHead() {
      guard case .dense(let dense)? = readout == .everyStep ? layers.last : headLayers.last,
        dense.function.givesClasses || dense.function == .elementwise(.linear)
      else { return }
      head = dense
      if readout == .everyStep { layers.removeLast() } else { headLayers.removeLast() }
    }
  }
}

extension LayerChain.Plain.Layer {
  /// What the file calls it.
  var name: String {
    switch self {
    case .recurrent(let layer): layer.name
    case .dense(let layer): layer.name
    case .pointwise(let layer): layer.name
    }
  }

  var inputs: Int {
    switch self {
    case .recurrent(let layer): layer.description.inputs
    case .dense(let layer): layer.inputs
    case .pointwise(let layer): layer.width
    }
  }

  /// The numbers that it gives.
  var width: Int {
    switch self {
    case .recurrent(let layer): layer.description.width
    case .dense(let layer): layer.outputs
    case .pointwise(let layer): layer.width
    }
  }

  var isRecurrent: Bool { if case .recurrent = self { true } else { false } }

  /// The layer of a network that does what this layer does.
  func layer() throws(RecurrentError) -> Architecture.Layer {
    switch self {
    case .recurrent(let layer): try layer.layer()
    case .dense(let layer): try layer.layer()
    case .pointwise(let layer): try layer.layer()
    }
  }

  /// Its weights as a network has them, learned initial states after those of each direction.
  func parameters() throws(RecurrentError) -> [Float] {
    switch self {
    case .dense(let layer): return layer.parameters
    case .pointwise(let layer): return try layer.parameters()
    case .recurrent(let layer):
      var all: [Float] = []
      for (direction, weights) in layer.weights.enumerated() {
        all += try layer.parameters(direction: direction) + weights.initialStates.flatMap { $0 }
      }
      return all
    }
  }
}
