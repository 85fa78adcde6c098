import CellCompiler
public import Engine
import Sequences

/// How a network's weights lie one behind the other, and what they are called.
///
/// `embedding.weight` is `[symbols, embedding]`; the parameters of layer 0 are `layers.0.W_f` and so on, as the cell's
/// equations name them; `output.weight` is `[outputs, width of the last layer]`, `output.bias` is `[outputs]`.
public struct NetworkLayout: Sendable {
  public typealias Entry = ParameterLayout.Entry

  public let entries: [Entry]
  /// The weights of each layer.
  public let layers: [Range<Int>]
  /// Floats of all weights.
  public var count: Int { entries.last?.range.upperBound ?? 0 }

  init(_ architecture: Architecture, plans: [Plan]) {
    var entries: [Entry] = []
    var layers: [Range<Int>] = []
    func add(_ name: String, _ shape: [Int]) {
      let start = entries.last?.range.upperBound ?? 0
      entries.append(Entry(name: name, shape: shape, range: start..<start + shape.reduce(1, *)))
    }
    if case .tokens(let vocabulary, let embedding?) = architecture.input {
      add("embedding.weight", [vocabulary.count, embedding])
    }
    for (index, plan) in plans.enumerated() {
      let start = entries.last?.range.upperBound ?? 0
      for entry in ParameterLayout(plan.cell, dimensions: plan.dimensions).entries {
        add("layers.\(index).\(entry.name)", entry.shape)
      }
      layers.append(start..<(entries.last?.range.upperBound ?? 0))
    }
    let width = plans.last?.width(ofState: 0) ?? 0
    add("output.weight", [architecture.outputWidth, width])
    add("output.bias", [architecture.outputWidth])
    self.entries = entries
    self.layers = layers
  }

  /// The tensor of that name.
  public subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  var embedding: Range<Int>? { self["embedding.weight"]?.range }
  var outputWeight: Range<Int> { entries[entries.count - 2].range }
  var outputBias: Range<Int> { entries[entries.count - 1].range }
}
