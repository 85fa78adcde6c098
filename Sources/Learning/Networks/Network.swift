package import CellCompiler
import CellLanguage
public import Engine
import Sequences
public import Support

/// A recurrent network: an architecture and its weights.
///
/// A network is a value: many threads may read one, and a copy trained further leaves the original as it was.
public struct Network: Sendable {
  /// What the network is made of.
  public let architecture: Architecture
  /// What the network is made of, compiled.
  package let graph: NetworkGraph
  /// Where each weight stands in ``parameters``.
  package let layout: NetworkLayout
  /// All weights, one tensor after the other; as many as the architecture asks for. A network that is given others stores them as
  /// 32-bit numbers, whatever it had before.
  public var parameters: [Float] {
    didSet {
      ensure(parameters.count == layout.count, "the network has \(layout.count) weights; it was given \(parameters.count)")
      form = .float32
    }
  }
  /// How the matrices among the weights are stored, of which ``parameters`` has what they stand for.
  package private(set) var form: WeightForm
  /// What the numbers that it reads and gives stand for, such as columns of a table and how they were scaled, as text that travels with the
  /// weights; nil if unknown.
  package var meaning: String?

  /// A network with fresh weights.
  ///
  /// - Parameters:
  ///   - tiesEmbedding: whether the matrix on top is the embedding, which must be as wide as what the last layer gives.
  ///   - seed: the same seed gives the same weights.
  /// - Throws: ``RecurrentError`` if there is no layer, a number is not positive, or the embedding can't be tied;
  ///   ``RecurrentError`` if a cell can't have the sizes asked for.
  public init(
    input: Architecture.Input, layers: [Architecture.Layer], readout: Architecture.Readout = .everyStep,
    output: Architecture.Output, tiesEmbedding: Bool = false, seed: UInt64 = 0
  ) throws {
    try self.init(
      Architecture(input: input, layers: layers, readout: readout, output: output, tiesEmbedding: tiesEmbedding), seed: seed)
  }

  /// A network of an architecture with fresh weights.
  public init(_ architecture: Architecture, seed: UInt64 = 0) throws {
    try self.init(architecture) { _ in [] }
    var random = Random(.weights, seed: seed)
    parameters = initialParameters(&random)
  }

  /// A network with given weights, which `parameters` returns in the layout that it gets.
  package init(_ architecture: Architecture, parameters: (NetworkLayout) throws -> [Float]) throws {
    try self.init(architecture) { (try parameters($0), .float32) }
  }

  /// A network with given weights, which `stored` returns in the layout that it gets, with how they are stored.
  package init(
    _ architecture: Architecture, stored: (NetworkLayout) throws -> (parameters: [Float], form: WeightForm)
  ) throws {
    var architecture = architecture
    graph = try NetworkGraph(architecture)
    architecture.output = Architecture.Output(try architecture.output.head.resolved(reading: architecture.input.encoding))
    self.architecture = architecture
    layout = NetworkLayout(graph, isTied: architecture.tiesEmbedding)
    (parameters, form) = try stored(layout)
  }

  /// Each of the architecture's passes, compiled: one for a layer that reads one way, two for one that reads both ways.
  package var plans: [Plan] { graph.passes.filter { $0.pass.span == .step }.map(\.plan) }
  /// The layers that read what is read out, compiled.
  package var headPlans: [Plan] { graph.passes.filter { $0.pass.span == .sequence }.map(\.plan) }

  /// The lengths of each pass's states.
  package var stateWidths: [[Int]] { plans.map { plan in plan.cell.states.indices.map { plan.width(ofState: $0) } } }

  /// One weight tensor, row by row.
  public subscript(name: String) -> [Float]? { layout[name].map { Array(parameters[$0.range]) } }
}

extension Network {
  /// In which numbers the weights of matrices are stored: those of 32 bits, unless ``narrowed(to:)`` made the network, or whatever
  /// made the file that it was loaded from.
  public var weightKind: WeightKind { form.kind }

  /// The network with the weights of its matrices rounded to other numbers, in which its file holds them and its streams read them.
  ///
  ///     let small = try network.narrowed(to: .int8)  // a fourth of the size
  ///     try small.save(to: "small.safetensors")
  ///
  /// What it computes is what the network with the rounded weights does: all sums are 32-bit numbers. It can't be trained. Of a
  /// network that has been narrowed, `.float32` makes one with the same weights as 32-bit numbers.
  ///
  /// - Throws: ``RecurrentError`` if there are no such numbers as large as one of the weights, or the network has been narrowed to
  ///   others.
  public func narrowed(to kind: WeightKind) throws(RecurrentError) -> Network {
    if kind == weightKind { return self }
    guard weightKind == .float32 || kind == .float32 else {
      throw RecurrentError(
        .unsuitable,
        "the network's weights are \(weightKind.rawValue) and would be rounded twice: narrow the network that they were rounded from"
      )
    }
    var network = self
    var weights = parameters
    let form = try WeightForm(rounding: &weights, of: layout.entries, to: kind)
    network.parameters = weights
    network.form = form
    return network
  }
}

extension Architecture {
  /// Floats of all weights of a network.
  ///
  /// - Throws: what ``Network`` throws of one that can't be built.
  package func weightCount() throws -> Int { try Network(self) { _ in [] }.layout.count }
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
