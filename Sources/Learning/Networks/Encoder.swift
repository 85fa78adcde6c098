import CellCompiler
import CellLanguage
import Engine
import Sequences
import Support

/// Turns what a network reads into the vectors that the first layer takes, and their gradient into that of the embedding.
final class Encoder {
  private let width: Int
  /// Where the embedding stands among the weights, nil if symbols are encoded one-hot or the input is nothing but numbers.
  private let embedding: Range<Int>?
  /// The length of the embedding's vectors, with which a row's vector begins.
  private let embeddingWidth: Int
  private var table: FloatBuffer
  private var vectors = FloatBuffer(count: 0)
  private var gradient = FloatBuffer(count: 0)
  private var symbols: ArraySlice<Int32> = []
  /// The fraction of the symbols whose vectors are 0 in a batch of a training, and what the vector of each symbol is multiplied
  /// with in the batch at hand: none if nothing is dropped.
  private let dropout: Double
  private var factors: [Float] = []
  /// What follows the embedding where words are read; nil where they are not.
  private let spelling: SpellingRunner?

  init(_ network: Network, machine: Machine, trains: Bool, dropout: Double) {
    self.dropout = dropout
    width = network.architecture.inputWidth
    embedding = network.layout.embedding
    embeddingWidth = network.layout["embedding.weight"]?.shape[1] ?? 0
    if case .words(let words) = network.architecture.input {
      spelling = SpellingRunner(network, words, machine: machine, trains: trains)
    } else {
      spelling = nil
    }
    table = FloatBuffer(count: embedding?.count ?? 0)
  }

  func load(_ weights: UnsafePointer<Float>) {
    if let embedding { table.base.update(from: weights + embedding.lowerBound, count: embedding.count) }
    spelling?.load(weights)
  }

  /// Whether the vectors have a gradient.
  var isLearned: Bool { embedding != nil }
  /// What grows with the rows.
  var buffers: [FloatBuffer] { [vectors, gradient] }

  /// What the spelling of words takes, and will take for a batch's.
  var spelledBytes: Int { spelling?.allocatedBytes ?? 0 }
  func spelledBytes(planned inputs: Batch.Inputs) -> Int {
    if case .words(let words) = inputs { spelling?.plannedBytes(words) ?? 0 } else { 0 }
  }

  /// Begins a batch, whose dropped symbols depend on `seed` only; nil to drop none. Words that are dropped are still spelled.
  func begin(_ inputs: Batch.Inputs, seed: UInt64?) {
    if case .words(let words) = inputs { spelling?.begin(words) }
    factors = []
    guard let seed, let embedding, dropout > 0 else { return }
    var draws = Dropout.Draws(.embeddingDropout, seed: seed)
    factors = [Float](repeating: 0, count: embedding.count / embeddingWidth)
    draws.fill(&factors, count: factors.count, fraction: dropout)
  }

  /// Some rows of the inputs as `[rows, width]`, valid until the next call.
  func encode(_ inputs: Batch.Inputs, rows: Range<Int>) -> UnsafePointer<Float> {
    vectors = vectors.grown(to: rows.count * width)
    switch inputs {
    case .features(let values):
      values[rows.lowerBound * width..<rows.upperBound * width].withUnsafeBufferPointer {
        _ = UnsafeMutableBufferPointer(start: vectors.base, count: $0.count).update(from: $0)
      }
    case .namedFeatures(let values, let names):
      symbols = names[rows]
      embed()
      let count = width - embeddingWidth
      for (place, row) in rows.enumerated() {
        let target = vectors.base + place * width + embeddingWidth
        for number in 0..<count { target[number] = values[row * count + number] }
      }
    case .tokens(let tokens):
      symbols = tokens[rows]
      if embedding == nil {
        vectors.clear(0..<rows.count * width)
        for (row, symbol) in symbols.enumerated() { vectors.base[row * width + Int(symbol)] = 1 }
      } else {
        embed()
      }
    case .words(let words):
      symbols = words.tokens[rows]
      embed()
      spelling?.write(rows, to: vectors.base + embeddingWidth, stride: width)
    }
    return UnsafePointer(vectors.base)
  }

  private func embed() {
    for (row, symbol) in symbols.enumerated() {
      let vector = vectors.base + row * width
      vector.update(from: table.base + Int(symbol) * embeddingWidth, count: embeddingWidth)
      if !factors.isEmpty { for place in 0..<embeddingWidth { vector[place] *= factors[Int(symbol)] } }
    }
  }

  /// Lets `body` write the gradient of what ``encode(_:rows:)`` gave, if it is wanted, and adds it to the embedding's, the
  /// last row first: segments of rows that come one before the other give the same bits as all of them at once.
  func withInputGradient(gradients: UnsafeMutablePointer<Float>, _ body: (UnsafeMutablePointer<Float>?) -> Void) {
    guard let embedding else { return body(nil) }
    gradient = gradient.grown(to: symbols.count * width)
    body(gradient.base)
    for (row, symbol) in symbols.enumerated().reversed() {
      let target = gradients + embedding.lowerBound + Int(symbol) * embeddingWidth
      let factor = factors.isEmpty ? 1 : factors[Int(symbol)]
      for place in 0..<embeddingWidth { target[place] += factor * gradient.base[row * width + place] }
    }
    spelling?.add(symbols.indices, from: gradient.base + embeddingWidth, stride: width)
  }

  /// Ends a batch whose rows have all had their gradient: that of the network that spells words.
  func finish(gradients: UnsafeMutablePointer<Float>) { spelling?.finish(gradients) }
}
