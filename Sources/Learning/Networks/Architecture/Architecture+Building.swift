extension Architecture {
  /// This architecture with the layers of another network, which reads and gives things of the same kinds.
  package func built(like other: Architecture) -> Architecture {
    var architecture = self
    architecture.input = Input(input.encoding.built(like: other.input.encoding))
    architecture.layers = other.layers
    architecture.top = other.top
    architecture.context = context?.built(like: other.context)
    architecture.headLayers = readout == .everyStep ? [] : other.headLayers
    architecture.outputReadsInput = other.outputReadsInput && readout == .everyStep && output.head.isLinear
    return architecture
  }
}

extension Architecture.Context {
  /// This context with the bridge of another one, and the layers and the readout of its encoder.
  fileprivate func built(like other: Architecture.Context?) -> Architecture.Context {
    guard let other else { return self }
    guard let own = encoder, let encoder = other.encoder else { return Architecture.Context(origin, bridge: other.bridge) }
    var built = own.built(like: encoder)
    built.readout = encoder.readout
    return Architecture.Context(.encoder(built), bridge: other.bridge)
  }
}
