import CellLanguage
import Support

extension Architecture.Context: Codable {
  private enum CodingKeys: CodingKey { case vector, encoder, bridge }
  private enum EncoderKeys: CodingKey { case input, layers, readout }

  /// A context as a model file says it: its bridge, too, as the text of its equations.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let bridge = try Cell(parsing: try container.decode(String.self, forKey: .bridge), file: "the bridge")
    let vector = try container.decodeIfPresent(Int.self, forKey: .vector)
    switch (vector, container.contains(.encoder)) {
    case (let count?, false): self.init(.vector(count), bridge: bridge)
    case (nil, true):
      let encoder = try container.nestedContainer(keyedBy: EncoderKeys.self, forKey: .encoder)
      self = .encoder(
        input: try encoder.decode(Architecture.Input.self, forKey: .input),
        layers: try encoder.decode([Architecture.Layer].self, forKey: .layers),
        readout: try encoder.decode(Architecture.Readout.self, forKey: .readout))
      self.bridge = bridge
    default: throw RecurrentError(.network, "the context must be either a `vector` or an `encoder`")
    }
  }

  public func encode(to coder: any Encoder) throws {
    var container = coder.container(keyedBy: CodingKeys.self)
    try container.encode(bridge.description, forKey: .bridge)
    switch origin {
    case .vector(let count): try container.encode(count, forKey: .vector)
    case .encoder(let architecture):
      var encoder = container.nestedContainer(keyedBy: EncoderKeys.self, forKey: .encoder)
      try encoder.encode(architecture.input, forKey: .input)
      try encoder.encode(architecture.layers, forKey: .layers)
      try encoder.encode(architecture.readout, forKey: .readout)
    }
  }
}
