extension Architecture {
  /// This architecture with the layers of another network, which reads and gives things of the same kinds.
  package func built(like other: Architecture) -> Architecture {
    var architecture = self
    architecture.input = Input(input.encoding.built(like: other.input.encoding))
    architecture.layers = other.layers
    architecture.top = other.top
    architecture.context = other.context
    architecture.headLayers = readout == .everyStep ? [] : other.headLayers
    architecture.outputReadsInput = other.outputReadsInput && readout == .everyStep && output.head.isLinear
    return architecture
  }
}
