import CellLanguage
import Networks
import Sequences
import Support

/// A network's architecture as a model file says it.
struct NetworkDescription: Codable {
  static let version = "1"

  let input: Input
  let layers: [Layer]
  /// How sequences are read out; none if each step is.
  let readout: String?
  /// The layers above what is read out; none if there are none.
  let headLayers: [Layer]?
  let output: Output
  let tiesEmbedding: Bool?

  struct Input: Codable {
    let vocabulary: Vocabulary?
    let embedding: Int?
    let features: Int?
    /// The names of the features' series; each has a learned vector of ``embedding`` numbers.
    let names: Vocabulary?
    let words: WordInputDescription?

    init(
      vocabulary: Vocabulary? = nil, embedding: Int? = nil, features: Int? = nil, names: Vocabulary? = nil,
      words: WordInputDescription? = nil
    ) {
      (self.vocabulary, self.embedding, self.features) = (vocabulary, embedding, features)
      (self.names, self.words) = (names, words)
    }
  }

  struct Layer: Codable {
    /// The text of the cell's equations.
    let cell: String
    let units: Int
    let sizes: [String: Int]
    /// `reverse` or `bidirectional`; none for a layer that reads forward.
    let direction: String?
    /// What is made of the outputs of two directions.
    let merge: String?
    /// The equations of the reverse direction, if they are others.
    let reverseCell: String?
    let learnsInitialStates: Bool?
  }

  struct Output: Codable {
    let classes: Int?
    let values: Int?
    let lastLayer: Bool?
    /// The name of a family of distributions, for ``targets`` targets; the levels of quantiles.
    let distribution: String?
    let targets: Int?
    let levels: [Double]?

    init(
      classes: Int? = nil, values: Int? = nil, lastLayer: Bool? = nil, distribution: Distribution? = nil, targets: Int? = nil
    ) {
      self.classes = classes
      self.values = values
      self.lastLayer = lastLayer
      self.distribution = distribution?.name
      self.targets = targets
      levels = if case .quantiles(let levels)? = distribution { levels } else { nil }
    }

    /// The family of distributions, if it is a known one.
    fileprivate var family: Distribution? {
      guard let name = distribution else { return nil }
      let known: [Distribution] = [.normal, .studentT, .negativeBinomial, .bernoulli] + (levels.map { [.quantiles($0)] } ?? [])
      return known.first { $0.name == name }
    }
  }

  init(_ architecture: Architecture) {
    switch architecture.input {
    case .tokens(let vocabulary, let embedding): input = Input(vocabulary: vocabulary, embedding: embedding)
    case .features(let count): input = Input(features: count)
    case .namedFeatures(let count, let names, let embedding): input = Input(embedding: embedding, features: count, names: names)
    case .words(let words): input = Input(words: WordInputDescription(words))
    }
    layers = architecture.layers.map(Layer.init)
    readout = architecture.readout == .everyStep ? nil : architecture.readout.rawValue
    headLayers = architecture.headLayers.isEmpty ? nil : architecture.headLayers.map(Layer.init)
    tiesEmbedding = architecture.tiesEmbedding ? true : nil
    switch architecture.output {
    case .classes: output = Output(classes: architecture.outputWidth)
    case .values(let count): output = Output(values: count)
    case .lastLayer: output = Output(lastLayer: true)
    case .distribution(let family, let targets): output = Output(distribution: family, targets: targets)
    }
  }

  func architecture() throws -> Architecture {
    var architecture = try untied()
    architecture.tiesEmbedding = tiesEmbedding ?? false
    return architecture
  }

  private func untied() throws -> Architecture {
    let input = try input.architectureInput()
    let layers = try layers.enumerated().map { try $1.layer("layer \($0)") }
    let headLayers = try (headLayers ?? []).enumerated().map { try $1.layer("layer \($0) above the readout") }
    guard let readout = Architecture.Readout(rawValue: readout ?? Architecture.Readout.everyStep.rawValue) else {
      throw RecurrentError(
        .network, "what is read out of the layers is “\(readout ?? "")”, which this program does not know: use a newer program")
    }
    return Architecture(input: input, layers: layers, readout: readout, headLayers: headLayers, output: try architectureOutput())
  }

  private func architectureOutput() throws -> Architecture.Output {
    if let name = output.distribution {
      guard let family = output.family, let targets = output.targets else {
        throw RecurrentError(
          .network, "the output is a distribution “\(name)”, which this program does not know: use a newer program")
      }
      guard output.classes == nil, output.values == nil, output.lastLayer == nil else {
        throw RecurrentError(.network, "the output must be either classes, values, distributions or the last layer's")
      }
      return .distribution(family, targets: targets)
    }
    switch (output.classes, output.values, output.lastLayer ?? false) {
    case (let count?, nil, false): return .classes(count)
    case (nil, let count?, false): return .values(count)
    case (nil, nil, true): return .lastLayer
    default: throw RecurrentError(.network, "the output must be either classes, values or the last layer's")
    }
  }

  /// The names that files and readers of the first version know.
  private enum CodingKeys: String, CodingKey {
    case input, layers, readout, output, tiesEmbedding
    case headLayers = "above"
  }
}

extension NetworkDescription.Input {
  fileprivate func architectureInput() throws -> Architecture.Input {
    switch (vocabulary, features, names, words) {
    case (let vocabulary?, nil, nil, nil): return .tokens(vocabulary, embedding: embedding)
    case (nil, let count?, nil, nil): return .features(count)
    case (nil, let count?, let names?, nil):
      guard let embedding else { throw RecurrentError(.network, "the input has names, and no number of what stands for each") }
      return .namedFeatures(count, names: names, embedding: embedding)
    case (nil, nil, nil, let words?): return .words(try words.input())
    default:
      throw RecurrentError(.network, "the input must be either a vocabulary, a number of features, these with names, or words")
    }
  }
}

extension NetworkDescription.Layer {
  init(_ layer: Architecture.Layer) {
    cell = layer.cell.description
    units = layer.units
    sizes = layer.sizes
    learnsInitialStates = layer.learnsInitialStates ? true : nil
    switch layer.direction {
    case .forward: (direction, merge, reverseCell) = (nil, nil, nil)
    case .reverse: (direction, merge, reverseCell) = ("reverse", nil, nil)
    case .bidirectional(let merge, let reverse):
      (direction, self.merge, reverseCell) = ("bidirectional", merge.rawValue, reverse?.description)
    }
  }

  /// - Parameter name: of the layer, for messages.
  func layer(_ name: String) throws -> Architecture.Layer {
    let direction: Architecture.Direction
    switch (self.direction, merge.flatMap(Architecture.Merge.init), reverseCell) {
    case (nil, nil, nil) where merge == nil: direction = .forward
    case ("reverse", nil, nil) where merge == nil: direction = .reverse
    case ("bidirectional", let merge?, let text):
      direction = .bidirectional(merge, reverse: try text.map { try Cell(parsing: $0, file: "\(name), reverse") })
    default:
      throw RecurrentError(
        .network,
        "the direction of \(name) must be `reverse`, or `bidirectional` with one of the merges "
          + Architecture.Merge.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return Architecture.Layer(
      try Cell(parsing: cell, file: name), units: units, sizes: sizes, direction: direction,
      learnsInitialStates: learnsInitialStates ?? false)
  }
}
