package import CellCompiler
import CellLanguage
package import Engine
import Sequences
import Support

/// A recurrent network: an architecture and its weights.
///
/// A network is a value: many threads may read one, and a copy trained further leaves the original as it was.
public struct Network: Sendable {
  public private(set) var architecture: Architecture
  /// Each of the architecture's passes, compiled: one for a layer that reads one way, two for one that reads both ways.
  package let plans: [Plan]
  /// Each layer above what is read out, compiled.
  package let headPlans: [Plan]
  /// The compiled passes of the network that spells words; empty if there is none.
  private let spellingPlans: [Plan]
  /// Where each weight stands in ``parameters``.
  package let layout: NetworkLayout
  /// All weights, one tensor after the other; as many as ``layout`` has.
  public var parameters: [Float] {
    didSet {
      ensure(parameters.count == layout.count, "the network has \(layout.count) weights; it was given \(parameters.count)")
    }
  }
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
    let plans = try architecture.plans()
    let headPlans = try architecture.headPlans(plans)
    let spelling = try architecture.spelling.map { ($0, try $0.plans()) }
    let layout = NetworkLayout(
      architecture, plans: plans, headPlans: headPlans, spelling: spelling.map { NetworkLayout($0, plans: $1) })
    self.init(
      architecture, plans: plans, headPlans: headPlans, spellingPlans: spelling?.1 ?? [], layout: layout,
      parameters: try parameters(layout))
  }

  private init(
    _ architecture: Architecture, plans: [Plan], headPlans: [Plan] = [], spellingPlans: [Plan], layout: NetworkLayout,
    parameters: [Float]
  ) {
    self.architecture = architecture
    if case .classes = architecture.output { self.architecture.output = .classes(architecture.outputWidth) }
    self.plans = plans
    self.headPlans = headPlans
    self.spellingPlans = spellingPlans
    self.layout = layout
    self.parameters = parameters
  }

  /// The network that spells words, with its weights as they are; nil if there is none.
  package var spelling: Network? { layout.spelling.flatMap { spelling(Array(parameters[$0])) } }

  /// The network that spells words, with given weights; nil if there is none.
  func spelling(_ parameters: [Float]) -> Network? {
    architecture.spelling.map {
      Network(
        $0, plans: spellingPlans, spellingPlans: [], layout: NetworkLayout($0, plans: spellingPlans), parameters: parameters)
    }
  }

  /// The lengths of each pass's states.
  package var stateWidths: [[Int]] { plans.map { plan in plan.cell.states.indices.map { plan.width(ofState: $0) } } }

  /// One weight tensor, row by row.
  public subscript(name: String) -> [Float]? { layout[name].map { Array(parameters[$0.range]) } }
}

extension Architecture {
  /// Floats of all weights of a network.
  ///
  /// - Throws: what ``Network`` throws of one that can't be built.
  package func weightCount() throws -> Int { try Network(self) { _ in [] }.layout.count }

  /// The length of the vector that the first layer reads.
  package var inputWidth: Int {
    switch input {
    case .tokens(let vocabulary, let embedding): embedding ?? vocabulary.count
    case .features(let count): count
    case .namedFeatures(let count, _, let embedding): embedding + count
    case .words(let words): words.width
    }
  }

  /// The network that gives a vector for the spelling of a word, if there is one.
  package var spelling: Architecture? { if case .words(let words) = input { words.spelling } else { nil } }

  /// The numbers of a row that the network gives. That of ``Output/lastLayer`` is 0 if the layers can't be built.
  package var outputWidth: Int {
    switch (output, input) {
    case (.values(let count), _), (.classes(let count?), _): count
    case (.distribution(let family, let targets), _): family.parameterCount * targets
    case (.classes(nil), .tokens(let vocabulary, _)): vocabulary.count
    case (.classes(nil), .features(let count)), (.classes(nil), .namedFeatures(let count, _, _)): count
    case (.classes(nil), .words(let words)): words.vocabulary.count
    case (.lastLayer, _): (try? widths().last).map { (try? widths(of: headLayers, reading: $0).last) ?? $0 } ?? 0
    }
  }

  /// The numbers of a row's target: as many as the network gives, unless it gives distributions.
  package var targetWidth: Int {
    if case .distribution(_, let targets) = output { targets } else { outputWidth }
  }

  /// The rows that the network gives, and of targets: one for each step, or, if it reads out sequences, for each sequence.
  package func outputRows(_ lengths: PackedLengths) -> Int { readout == .everyStep ? lengths.rows : lengths.batch }

  /// What each layer gives at a step, in numbers.
  func widths() throws -> [Int] { try widths(of: layers, reading: inputWidth) }

  /// - Parameter width: of what the first of the layers reads.
  private func widths(of layers: [Layer], reading width: Int) throws -> [Int] {
    var width = width
    return try layers.enumerated().map { index, layer in
      let directions = try layer.cells.map { cell in
        let dimensions = try cell.dimensions(inputs: width, units: layer.units, sizes: layer.sizes)
        return dimensions[cell.states[0].size]
      }
      if case .bidirectional(let merge, _) = layer.direction, merge != .concatenate, directions[0] != directions[1] {
        throw RecurrentError(
          .network,
          "layer \(index + 1) can't \(merge.rawValue) what its directions give, \(directions[0]) and \(directions[1]) numbers: "
            + "concatenate them")
      }
      width = layer.outputWidth(directions)
      return width
    }
  }

  /// Each pass compiled for its sizes.
  func plans() throws -> [Plan] {
    guard !layers.isEmpty else { throw RecurrentError(.network, "a network needs at least one recurrent layer") }
    switch (input, output) {
    case (.words(let words), _): try words.check()
    case (.features, .classes(nil)), (.namedFeatures, .classes(nil)):
      throw RecurrentError(.network, "a network that reads features has no symbols to give: say how many classes there are")
    case (.namedFeatures(let count, let names, let embedding), _): try check(features: count, names, embedding)
    case (.features, _), (.tokens, _): break
    }
    try check(inputWidth, "input")
    let widths = try widths()
    // Before the width, which is a product with it.
    if case .distribution(_, let targets) = output { try check(targets, "output") }
    try check(outputWidth, "output")
    if tiesEmbedding {
      try checkTies(topWidth: (try self.widths(of: headLayers, reading: widths.last ?? 0)).last ?? widths.last ?? 0)
    }
    if case .distribution(.quantiles(let levels), _) = output {
      guard levels.allSatisfy({ $0 > 0 && $0 < 1 }), zip(levels, levels.dropFirst()).allSatisfy(<) else {
        throw RecurrentError(.network, "the levels of quantiles are \(levels); they must rise, above 0 and below 1")
      }
    }
    return try plans(of: layers, reading: [inputWidth] + widths)
  }

  /// Each layer above what is read out, compiled.
  ///
  /// - Parameter plans: of the passes below.
  func headPlans(_ plans: [Plan]) throws -> [Plan] {
    if headLayers.isEmpty { return [] }
    guard readout != .everyStep else {
      throw RecurrentError(.network, "there are layers above what is read out, but each step is: put them among the other layers")
    }
    guard headLayers.allSatisfy({ $0.direction == .forward }) else {
      throw RecurrentError(
        .network, "a layer above what is read out reads one vector, so that it has no direction: let it read forward")
    }
    let width = readWidth(plans)
    return try self.plans(of: headLayers, reading: [width] + (try widths(of: headLayers, reading: width)))
  }

  private func plans(of layers: [Layer], reading widths: [Int]) throws -> [Plan] {
    try zip(layers, widths).flatMap { layer, width in
      func compiled(_ cell: Cell) throws -> Plan {
        Plan(compiling: cell, dimensions: try cell.dimensions(inputs: width, units: layer.units, sizes: layer.sizes))
      }
      let plan = try compiled(layer.cell)
      return try layer.cells.map { $0 == layer.cell ? plan : try compiled($0) }
    }
  }

  private func check(features: Int, _ names: Vocabulary, _ embedding: Int) throws(RecurrentError) {
    if names.kind != .words {
      throw RecurrentError(
        .network, "the names that stand beside features are a vocabulary of words, not of \(names.kind.rawValue)")
    }
    try check(embedding, "vector of a name")
    try check(features, "input beside a name")
  }

  private func checkTies(topWidth: Int) throws(RecurrentError) {
    guard case .tokens(let vocabulary, let embedding?) = input else {
      throw RecurrentError(.network, "a network without an embedding has none to tie to its output: give it one, or don't tie")
    }
    guard case .classes = output, outputWidth == vocabulary.count else {
      throw RecurrentError(.network, "an embedding can only be tied to an output that gives the symbols that the network reads")
    }
    guard embedding == topWidth else {
      throw RecurrentError(
        .network,
        "an embedding of \(embedding) numbers can't be tied to an output that reads the \(topWidth) numbers of the last layer: make "
          + "them equally many")
    }
  }

  private func check(_ width: Int, _ what: String) throws(RecurrentError) {
    if width < 1 { throw RecurrentError(.network, "the network's \(what) has \(width) numbers; it needs at least one") }
    if width > Size.largest {
      throw RecurrentError(.network, "the network's \(what) has \(width) numbers; it can have at most \(Size.largest)")
    }
  }
}
