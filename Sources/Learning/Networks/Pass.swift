import CellCompiler
package import CellLanguage

extension Architecture {
  /// A layer's way through its sequences in one direction.
  package struct Pass: Sendable, Hashable {
    /// Counted from 0.
    package let layer: Int
    /// Whether it begins at each sequence's last step.
    package let isReverse: Bool
    package let cell: Cell
    /// Whether the layer has another pass, in the other direction.
    package let isOneOfTwo: Bool

    /// What its weights' names begin with: `layers.0.`, or `layers.0.forward.` where there is another direction, or
    /// `layers.0.reverse.`
    package var prefix: String {
      "layers.\(layer)." + (isReverse ? "reverse." : isOneOfTwo ? "forward." : "")
    }

    /// `layer 1`, or `layer 1, forward` where there is another direction, or `layer 1, reverse`: as people count.
    package var name: String { Self.name(layer: layer + 1, direction: direction) }

    /// `reverse`, or `forward` where there is another direction; nil where the layer has no other.
    package var direction: String? { isReverse ? "reverse" : isOneOfTwo ? "forward" : nil }

    /// - Parameter layer: counted from 1.
    package static func name(layer: Int, direction: String?) -> String {
      "layer \(layer)" + (direction.map { ", \($0)" } ?? "")
    }
  }

  /// The passes of all layers, from the first layer up; of a bidirectional layer the forward one first.
  package var passes: [Pass] {
    layers.enumerated().flatMap { index, layer in
      layer.cells.enumerated().map { place, cell in
        Pass(
          layer: index, isReverse: layer.direction == .reverse || place == 1, cell: cell, isOneOfTwo: layer.cells.count == 2)
      }
    }
  }

  /// What the names of the weights begin with that a layer above what is read out has.
  package static func prefix(headLayer index: Int) -> String { "above.\(index)." }

  /// The numbers that the last layer gives, of which one row or all are read out.
  ///
  /// - Parameter plans: of all passes.
  func readWidth(_ plans: [Plan]) -> Int {
    layers.last.map { $0.outputWidth(plans.suffix($0.cells.count).map { $0.width(ofState: 0) }) } ?? 0
  }

  /// The numbers that the head reads.
  ///
  /// - Parameter above: the plans of the layers above what is read out.
  func topWidth(_ plans: [Plan], headPlans: [Plan]) -> Int { headPlans.last?.width(ofState: 0) ?? readWidth(plans) }

  /// Whether a layer reads sequences from their ends, so that it has to have them whole.
  package var readsInReverse: Bool { layers.contains { $0.direction != .forward } }
}

extension Architecture.Layer {
  /// The cell of each of its passes.
  var cells: [Cell] {
    if case .bidirectional(_, let reverse) = direction { [cell, reverse ?? cell] } else { [cell] }
  }

  /// The numbers that the layer gives at a step, from those that each of its passes gives.
  func outputWidth(_ passes: [Int]) -> Int {
    if case .bidirectional(.concatenate, _) = direction { passes.reduce(0, +) } else { passes[0] }
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

extension Network {
  /// What a pass starts from, by the names of its cell's states: zero, or what it has learned.
  package func initialStates(ofPass pass: Int) -> [String: [Float]] {
    let plan = plans[pass]
    return Dictionary(
      uniqueKeysWithValues: plan.cell.states.enumerated().map { index, state in
        let learned = layout.initialStates[pass]
        return (
          state.name,
          learned.isEmpty ? [Float](repeating: 0, count: plan.width(ofState: index)) : Array(parameters[learned[index]])
        )
      })
  }
}
