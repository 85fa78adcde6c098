import CellCompiler
import CellLanguage
import Engine
import Sequences

/// Turns what a network reads into the vectors that the first layer takes, and their gradient into that of the embedding.
final class Encoder {
  private let width: Int
  /// Where the embedding stands among the weights, nil if symbols are encoded one-hot or the input is vectors.
  private let embedding: Range<Int>?
  private var table: FloatBuffer
  private var vectors = FloatBuffer(count: 0)
  private var gradient = FloatBuffer(count: 0)
  private var symbols: ArraySlice<Int32> = []

  init(_ network: Network) {
    width = network.architecture.inputWidth
    embedding = network.layout.embedding
    table = FloatBuffer(count: embedding?.count ?? 0)
  }

  func load(_ weights: UnsafePointer<Float>) {
    if let embedding { table.base.update(from: weights + embedding.lowerBound, count: embedding.count) }
  }

  /// Whether the vectors have a gradient.
  var isLearned: Bool { embedding != nil }
  /// What grows with the rows.
  var buffers: [FloatBuffer] { [vectors, gradient] }

  /// Some rows of the inputs as `[rows, width]`, valid until the next call.
  func encode(_ inputs: Batch.Inputs, rows: Range<Int>) -> UnsafePointer<Float> {
    vectors = vectors.grown(to: rows.count * width)
    switch inputs {
    case .features(let values):
      values[rows.lowerBound * width..<rows.upperBound * width].withUnsafeBufferPointer {
        _ = UnsafeMutableBufferPointer(start: vectors.base, count: $0.count).update(from: $0)
      }
    case .tokens(let tokens):
      symbols = tokens[rows]
      if embedding == nil { vectors.clear(0..<rows.count * width) }
      for (row, symbol) in symbols.enumerated() {
        let vector = vectors.base + row * width
        if embedding == nil {
          vector[Int(symbol)] = 1
        } else {
          vector.update(from: table.base + Int(symbol) * width, count: width)
        }
      }
    }
    return UnsafePointer(vectors.base)
  }

  /// Lets `body` write the gradient of what ``encode(_:rows:)`` gave, if it is wanted, and adds it to the embedding's, the
  /// last row first: stretches of rows that come one before the other give the same bits as all of them at once.
  func withInputGradient(gradients: UnsafeMutablePointer<Float>, _ body: (UnsafeMutablePointer<Float>?) -> Void) {
    guard let embedding else { return body(nil) }
    gradient = gradient.grown(to: symbols.count * width)
    body(gradient.base)
    for (row, symbol) in symbols.enumerated().reversed() {
      let target = gradients + embedding.lowerBound + Int(symbol) * width
      for place in 0..<width { target[place] += gradient.base[row * width + place] }
    }
  }
}
