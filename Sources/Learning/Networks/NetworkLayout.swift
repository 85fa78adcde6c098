import CellCompiler
import CellLanguage
package import Engine
import Sequences

/// How a network's weights lie one after the other, and what they are called.
///
/// `embedding.weight` is `[symbols, embedding]`; what stands for words by their spelling is a network of its own, whose weights
/// are `spelling.embedding.weight`, `spelling.layers.0.W_f` and so on; the parameters of layer 0 are `layers.0.W_f` and so on, as
/// the cell's equations name them; `output.weight` is `[outputs, width of the last layer]`, `output.bias` is `[outputs]`. A
/// bidirectional layer has `layers.0.forward.W_f` and `layers.0.reverse.W_f`, one that reads in reverse only the latter. Where
/// initial states are learned, that of `c` is `layers.0.initial.c`, `[its width]`, or `layers.0.forward.initial.c` and so on.
/// Where the embedding is also the matrix on top, there is no `output.weight`. Layers above what is read out have `above.0.W` and
/// so on.
package struct NetworkLayout: Sendable {
  package typealias Entry = ParameterLayout.Entry

  package let entries: [Entry]
  /// The weights of each of the architecture's passes, learned initial states after the parameters of the cell.
  package let passes: [Range<Int>]
  /// The weights of each layer above what is read out.
  package let headLayerWeights: [Range<Int>]
  /// Each pass's learned initial states, in the order of the cell's states; none if they are zero.
  package let initialStates: [[Range<Int>]]
  /// The matrix and the bias of the layer on top; nil if there is none.
  package let head: (weight: Entry, bias: Entry)?
  /// The weights of the network that spells words, laid out as its own layout says; nil if there is none.
  let spelling: Range<Int>?
  /// Floats of all weights.
  package var count: Int { entries.last?.range.upperBound ?? 0 }

  /// - Parameter spelling: the layout of the network that spells words.
  init(_ architecture: Architecture, plans: [Plan], headPlans: [Plan] = [], spelling: NetworkLayout? = nil) {
    var entries: [Entry] = []
    var passes: [Range<Int>] = []
    var initialStates: [[Range<Int>]] = []
    func add(_ name: String, _ shape: [Int]) -> Entry {
      let start = entries.last?.range.upperBound ?? 0
      let entry = Entry(name: name, shape: shape, range: start..<start + shape.reduce(1, *))
      entries.append(entry)
      return entry
    }
    switch architecture.input {
    case .tokens(let vocabulary, let embedding?): _ = add("embedding.weight", [vocabulary.count, embedding])
    case .words(let words): _ = add("embedding.weight", [words.vocabulary.count, words.embedding])
    case .namedFeatures(_, let names, let embedding): _ = add("embedding.weight", [names.count, embedding])
    case .tokens, .features: break
    }
    self.spelling = spelling.map { own in
      let start = entries.last?.range.upperBound ?? 0
      for entry in own.entries { _ = add("spelling." + entry.name, entry.shape) }
      return start..<start + own.count
    }
    for (pass, plan) in zip(architecture.passes, plans) {
      let start = entries.last?.range.upperBound ?? 0
      for entry in ParameterLayout(plan.cell, dimensions: plan.dimensions).entries {
        _ = add(pass.prefix + entry.name, entry.shape)
      }
      let isLearned = architecture.layers[pass.layer].learnsInitialStates
      initialStates.append(
        (isLearned ? plan.cell.states : []).enumerated().map { state in
          add("\(pass.prefix)initial.\(state.element.name)", [plan.width(ofState: state.offset)]).range
        })
      passes.append(start..<(entries.last?.range.upperBound ?? 0))
    }
    headLayerWeights = headPlans.enumerated().map { index, plan in
      let own = ParameterLayout(plan.cell, dimensions: plan.dimensions).entries.map { entry in
        add(Architecture.prefix(headLayer: index) + entry.name, entry.shape)
      }
      return (own.first?.range.lowerBound ?? 0)..<(own.last?.range.upperBound ?? 0)
    }
    if architecture.output == .lastLayer {
      head = nil
    } else {
      let outputs = architecture.outputWidth
      let tied = architecture.tiesEmbedding ? entries.first : nil
      head = (
        tied ?? add("output.weight", [outputs, architecture.topWidth(plans, headPlans: headPlans)]), add("output.bias", [outputs])
      )
    }
    self.entries = entries
    self.passes = passes
    self.initialStates = initialStates
  }

  /// The tensor of that name.
  package subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  var embedding: Range<Int>? { self["embedding.weight"]?.range }

  /// The matrices: what weight decay acts on. Vectors, such as biases, and learned initial states are left alone.
  package var matrices: [Range<Int>] { entries.filter { $0.shape.count == 2 }.map(\.range) }
}
