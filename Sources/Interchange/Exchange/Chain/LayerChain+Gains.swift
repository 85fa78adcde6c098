import Networks
import Platform
import Support

extension LayerChain {
  /// A factor of numbers on their way into a network or out of it, which is worked into the matrix that multiplies them.
  package struct Gain: Sendable, Hashable {
    /// What the file calls it.
    package let name: String
    package let factor: Float
    /// How many of the first numbers of a row it multiplies; nil for all.
    package let columns: Int?

    package init(_ name: String, factor: Float, columns: Int? = nil) {
      (self.name, self.factor, self.columns) = (name, factor, columns)
    }

    /// The factor of an amplitude, from its decibels.
    package init(_ name: String, decibels: Double, columns: Int? = nil) {
      self.init(name, factor: Float(pow(10, decibels / 20)), columns: columns)
    }

    /// A matrix with its columns times the factor, as far as this multiplies them.
    func times(_ matrix: [Float], columns count: Int) -> [Float] {
      matrix.enumerated().map { $0 % count < columns ?? count ? $1 * factor : $1 }
    }
  }

  func checkNothingIsAdded(_ plain: Plain, before name: String) throws(RecurrentError) {
    if plain.shortcut != nil { throw refusal("the input is added to what \(name) reads") }
    if let gain = plain.outputGains.first { throw refusal("\(gain.name) multiplies what \(name) reads") }
  }

  /// Works gains into the first matrices and the head, and makes sure that there is a head where one is needed.
  func workIn(_ plain: inout Plain) throws(RecurrentError) {
    let hasEnds = plain.shortcut != nil || !plain.outputGains.isEmpty
    if !hasEnds && plain.inputGains.isEmpty { return }
    guard plain.embedding == nil, plain.readout == .everyStep || plain.shortcut == nil, let first = plain.layers.first else {
      throw refusal("its input is no vector of numbers at each step that could be multiplied or added")
    }
    for gain in plain.inputGains {
      switch first {
      case .recurrent(let layer): plain.layers[0] = .recurrent(try layer.reading(times: gain))
      case .dense(let layer): plain.layers[0] = .dense(try layer.reading(times: gain))
      case .pointwise(let layer): throw refusal("\(gain.name) multiplies what \(layer.name) reads, which has no matrix")
      }
      plain.shortcut = plain.shortcut.map { gain.times($0, columns: first.inputs) }
    }
    if !hasEnds { return }
    var head = plain.head
    if head == nil, let width = (plain.headLayers.last ?? plain.layers.last)?.width {
      // Its square must not be more than memory has.
      guard width <= 4096 else {
        throw refusal("the \(width) numbers that its last layer gives are multiplied or have the input added")
      }
      // Ones on the diagonal: what the last layer gives, as it is.
      let identity = (0..<width * width).map { $0 / width == $0 % width ? Float(1) : 0 }
      head = try DenseLayer("output", inputs: width, outputs: width, weight: identity, bias: nil)
    }
    guard let head, head.function == .elementwise(.linear) else {
      throw refusal("what softmax gives is multiplied, or has the input added to it")
    }
    if let shortcut = plain.shortcut, shortcut.count != head.outputs * first.inputs {
      throw refusal("the input, \(first.inputs) numbers, is added to \(head.outputs)")
    }
    let factor = plain.outputGains.reduce(Float(1)) { $0 * $1.factor }
    plain.head = try head.giving(times: factor)
    plain.shortcut = plain.shortcut.map { $0.map { $0 * factor } }
  }
}

extension LayerChain.Plain {
  /// Takes in a factor, of the input if no layer is there yet.
  mutating func append(_ gain: LayerChain.Gain) {
    if layers.isEmpty { inputGains.append(gain) } else { outputGains.append(gain) }
  }
}

extension RecurrentLayer {
  fileprivate func reading(times gain: LayerChain.Gain) throws(RecurrentError) -> RecurrentLayer {
    let scaled = weights.map { direction in
      var own = direction
      for gate in own.gates.indices { own.gates[gate].input = gain.times(own.gates[gate].input, columns: description.inputs) }
      return own
    }
    return try RecurrentLayer(name, description, weights: scaled)
  }
}

extension DenseLayer {
  fileprivate func reading(times gain: LayerChain.Gain) throws(RecurrentError) -> DenseLayer {
    try DenseLayer(
      name, inputs: inputs, outputs: outputs, weight: gain.times(weight, columns: inputs), bias: bias, function: function)
  }

  /// A layer without a function, with all that it gives multiplied by `factor`.
  fileprivate func giving(times factor: Float) throws(RecurrentError) -> DenseLayer {
    try DenseLayer(name, inputs: inputs, outputs: outputs, weight: weight.map { $0 * factor }, bias: bias?.map { $0 * factor })
  }
}
