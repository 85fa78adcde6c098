import CellLanguage
import Networks
import Sequences

/// A network's architecture as a model file says it.
struct NetworkDescription: Codable {
  static let version = "1"

  let input: Input
  let layers: [Layer]
  let output: Output

  struct Input: Codable {
    let vocabulary: Vocabulary?
    let embedding: Int?
    let features: Int?
  }

  struct Layer: Codable {
    /// The text of the cell's equations.
    let cell: String
    let units: Int
    let sizes: [String: Int]
  }

  struct Output: Codable {
    let classes: Int?
    let values: Int?
  }

  init(_ architecture: Architecture) {
    switch architecture.input {
    case .tokens(let vocabulary, let embedding): input = Input(vocabulary: vocabulary, embedding: embedding, features: nil)
    case .features(let count): input = Input(vocabulary: nil, embedding: nil, features: count)
    }
    layers = architecture.layers.map { Layer(cell: $0.cell.description, units: $0.units, sizes: $0.sizes) }
    switch architecture.output {
    case .classes: output = Output(classes: architecture.outputWidth, values: nil)
    case .values(let count): output = Output(classes: nil, values: count)
    }
  }

  func architecture() throws -> Architecture {
    let input: Architecture.Input
    switch (self.input.vocabulary, self.input.features) {
    case (let vocabulary?, nil): input = .tokens(vocabulary, embedding: self.input.embedding)
    case (nil, let count?): input = .features(count)
    default: throw NetworkError("the input must be either a vocabulary or a number of features")
    }
    let layers = try layers.enumerated().map { index, layer in
      Architecture.Layer(try Cell(parsing: layer.cell, file: "layer \(index)"), units: layer.units, sizes: layer.sizes)
    }
    switch (output.classes, output.values) {
    case (let count?, nil): return Architecture(input: input, layers: layers, output: .classes(count))
    case (nil, let count?): return Architecture(input: input, layers: layers, output: .values(count))
    default: throw NetworkError("the output must be either classes or values")
    }
  }
}
