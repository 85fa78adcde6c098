public import CellLanguage
import Support

extension Architecture {
  /// What a network knows of each sequence before its first step: what an encoder has read of another sequence, the source, or a vector.
  ///
  /// A cell with a memory reads what the encoder's last layer gives at all steps of the source, at each of its own steps: attention
  /// (Bahdanau, Cho & Bengio 2015).
  ///
  /// Of what is known each cell's states begin: a dense layer, the bridge, gives as many numbers as all states of the cell together have. By
  /// default a state s begins with `tanh(W e + b)`, e being the context's vector (Bahdanau, Cho & Bengio 2015, appendix A.2.2, with a
  /// bias), to which comes what the layer has learned to begin with, if it learns that.
  public struct Context: Sendable, Hashable {
    package let origin: Origin
    /// The equations of the bridge, a cell with one input, whose first state is what the states begin with.
    public var bridge: Cell

    /// Where the vector comes from.
    package indirect enum Origin: Sendable, Hashable {
      /// It is given with each sequence; the number is its length.
      case vector(Int)
      /// It is what a network of its own reads out of a source.
      case encoder(Architecture)
    }

    package init(_ origin: Origin, bridge: Cell? = nil) {
      self.origin = origin
      self.bridge = bridge ?? .bridge
    }

    /// A vector of numbers that comes with each sequence, such as what another system says of a picture that is to be described
    /// (Vinyals et al. 2015, Show and tell).
    public static func vector(_ count: Int) -> Context { Context(.vector(count)) }

    /// What an encoder reads out of a sequence, the source, which has steps of its own: as many as it likes, of another kind of input
    /// (Cho et al. 2014; Sutskever, Vinyals & Le 2014).
    ///
    ///     let context = Architecture.Context.encoder(
    ///       input: .tokens(english, embedding: 128),
    ///       layers: [.init(.gru, units: 128, direction: .bidirectional(.concatenate))])
    ///
    /// - Parameters:
    ///   - input: what a step of a source is.
    ///   - layers: from the one that reads the source up.
    ///   - readout: what of the last layer's outputs is the vector; not each step.
    public static func encoder(input: Input, layers: [Layer], readout: Readout = .last) -> Context {
      Context(.encoder(Architecture(input: input, layers: layers, readout: readout, output: .lastLayer)))
    }

    /// The encoder; nil of a vector that is given.
    package var encoder: Architecture? { if case .encoder(let encoder) = origin { encoder } else { nil } }

    /// The numbers of what a step of a source is to the encoder's first layer, or of the vector.
    package var inputWidth: Int {
      switch origin {
      case .vector(let count): count
      case .encoder(let encoder): encoder.inputWidth
      }
    }

    /// What it is, as messages say it.
    package var summary: String {
      switch origin {
      case .vector(let count): "a vector of \(count) numbers"
      case .encoder: "what an encoder reads of a source"
      }
    }

    /// - Throws: ``RecurrentError`` if it can't be built.
    func check() throws {
      if bridge.inputs.count != 1 {
        throw RecurrentError(
          .network,
          "the bridge \(bridge.name) reads \(bridge.inputs.map(\.name).joined(separator: ", ")); it can only read one vector")
      }
      if bridge.memory != nil {
        throw RecurrentError(.network, "the bridge \(bridge.name) has a memory, and a bridge reads one vector alone")
      }
      switch origin {
      case .vector(let count): try Architecture.check(count, "context")
      case .encoder(let encoder):
        if encoder.context != nil { throw RecurrentError(.network, "the network's encoder can't have an encoder of its own") }
        guard encoder.readout != .everyStep, encoder.output == .lastLayer, encoder.headLayers.isEmpty else {
          throw RecurrentError(
            .network,
            "the network's encoder must read out of its last layer one vector for a source: read out the last step, the mean or the largest"
          )
        }
        try encoder.check()
      }
    }
  }
}

extension Cell {
  /// What makes of a context what a cell's states begin with.
  static let bridge: Cell = {
    do throws(Diagnostic) { return try Cell(parsing: bridgeText, file: "bridge") } catch {
      fatalError("the bridge from a context to states is no cell: \(error)")
    }
  }()

  private static let bridgeText = """
    # Bridge: what a network's states begin with, made of what is known of a sequence before its first step.
    # Bahdanau, Cho & Bengio 2015, Neural Machine Translation by Jointly Learning to Align and Translate, appendix A.2.2.
    cell bridge
    input x
    state h
    h' = tanh(W x + b)

    """
}
