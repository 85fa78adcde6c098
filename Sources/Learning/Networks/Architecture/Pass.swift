import CellCompiler
package import CellLanguage

extension Architecture {
  /// A layer's way through its sequences in one direction.
  package struct Pass: Sendable, Hashable {
    /// Counted from 0 among the layers of its span.
    package let layer: Int
    /// Whether it begins at each sequence's last step.
    package let isReverse: Bool
    package let cell: Cell
    /// Whether the layer has another pass, in the other direction.
    package let isOneOfTwo: Bool
    /// Whether it runs over the steps, over what is read out of each sequence, or, as a bridge, over what is known of each before.
    package let span: NetworkGraph.Span

    /// What its weights' names begin with: `layers.0.`, or `layers.0.forward.` where there is another direction, or
    /// `layers.0.reverse.`; of a layer that reads what is read out `above.0.`; of a bridge `layers.0.bridge.` and so on.
    package var prefix: String {
      if span == .sequence { return "above.\(layer)." }
      return "layers.\(layer)." + (isReverse ? "reverse." : isOneOfTwo ? "forward." : "") + (span == .start ? "bridge." : "")
    }

    /// `layer 1`, or `layer 1, forward` where there is another direction, or `layer 1, reverse`: as people count.
    package var name: String {
      switch span {
      case .sequence: "layer \(layer + 1) above the readout"
      case .step: Self.name(layer: layer + 1, direction: direction)
      case .start, .source: "the bridge to " + Self.name(layer: layer + 1, direction: direction)
      }
    }

    /// The pass that gives what this one's states begin with.
    func bridge(_ cell: Cell) -> Pass {
      Pass(layer: layer, isReverse: isReverse, cell: cell, isOneOfTwo: isOneOfTwo, span: .start)
    }

    /// `reverse`, or `forward` where there is another direction; nil where the layer has no other.
    package var direction: String? { isReverse ? "reverse" : isOneOfTwo ? "forward" : nil }

    /// - Parameter layer: counted from 1.
    package static func name(layer: Int, direction: String?) -> String {
      "layer \(layer)" + (direction.map { ", \($0)" } ?? "")
    }
  }

  /// The passes of all layers over the steps, from the first layer up; of a bidirectional layer the forward one first.
  package var passes: [Pass] {
    layers.enumerated().flatMap { index, layer in
      layer.cells.enumerated().map { place, cell in
        Pass(
          layer: index, isReverse: layer.direction == .reverse || place == 1, cell: cell, isOneOfTwo: layer.cells.count == 2,
          span: .step)
      }
    }
  }

  /// The passes of the layers that read what is read out of each sequence.
  var headPasses: [Pass] {
    headLayers.enumerated().map {
      Pass(layer: $0, isReverse: false, cell: $1.cell, isOneOfTwo: false, span: .sequence)
    }
  }

  /// The cells of all layers, and of the networks that the input and the context have of their own.
  package var cells: [Cell] {
    (layers + headLayers).flatMap(\.cells) + input.encoding.networks.flatMap(\.cells)
      + (context.map { [$0.bridge] + ($0.encoder?.cells ?? []) } ?? [])
  }

  /// Whether a layer's cell reads what an encoder gives at each step of a source.
  package var readsMemory: Bool { layers.contains { $0.cells.contains { $0.memory != nil } } }

  /// Whether a layer reads sequences from their ends, so that it has to have them whole.
  package var readsInReverse: Bool { layers.contains { $0.direction != .forward } }
}

extension Architecture.Layer {
  /// The cell of each of its passes.
  package var cells: [Cell] {
    if case .bidirectional(_, let reverse) = direction { [cell, reverse ?? cell] } else { [cell] }
  }

  /// `reverse` or `bidirectional`, nil for the forward direction, which goes without saying.
  package var directionWord: String? {
    switch direction {
    case .forward: nil
    case .reverse: "reverse"
    case .bidirectional: "bidirectional"
    }
  }
}
