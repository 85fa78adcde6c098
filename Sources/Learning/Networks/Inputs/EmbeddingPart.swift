package import Engine
package import Sequences
package import Support

/// A symbol as its learned vector: a row of a matrix of weights.
package struct EmbeddingPart: InputPart {
  /// The symbols that have a row, in the order of the rows.
  private let names: [String]
  package let width: Int
  /// What a symbol is called in messages.
  let what: String

  static let weight = "embedding.weight"

  package init(_ vocabulary: Vocabulary, width: Int, what: String = "symbol") {
    names = vocabulary.symbols
    self.width = width
    self.what = what
  }

  package var symbols: Int { names.count }
  package var form: InputForm { .embedded(symbols: symbols, width: width, weight: Self.weight) }
  package var tensors: [WeightTensor] { [WeightTensor(Self.weight, [.named(names), .plain(width)])] }

  /// Normal numbers of deviation 1, or, where they are the output's matrix too, of 1/√width, so that outputs begin as small as
  /// without.
  package func initialWeights(isTied: Bool, using random: inout Random) -> [Float] {
    let deviation = isTied ? 1 / Double(width).squareRoot() : 1
    return (0..<symbols * width).map { _ in Float(deviation * random.normal()) }
  }

  package func fault(in rows: any InputRows, count: Int) -> String? {
    symbolFault(in: rows, count: count, symbols: symbols, of: what)
  }

  package func encoder(machine: Machine, trains: Bool, dropout: Double, isTied: Bool) -> any PartEncoder {
    EmbeddingEncoder(symbols: symbols, width: width, dropout: dropout, isTied: isTied)
  }
}

private final class EmbeddingEncoder: PartEncoder {
  private let width: Int
  private let table: FloatBuffer
  private var symbols: [Int32] = []
  /// The fraction of the symbols whose vectors are 0 in a batch of a training, and what the vector of each symbol is multiplied
  /// with in the batch at hand: none if nothing is dropped.
  private let dropout: Double
  private var factors: [Float] = []
  private var sums: SymbolSums
  private let isTied: Bool

  init(symbols: Int, width: Int, dropout: Double, isTied: Bool) {
    self.width = width
    self.isTied = isTied
    self.dropout = dropout
    table = FloatBuffer(count: symbols * width)
    sums = SymbolSums(symbols: symbols, width: width)
  }

  var isLearned: Bool { true }

  func load(_ weights: UnsafePointer<Float>) { table.base.update(from: weights, count: table.count) }

  func begin(_ rows: any InputRows, _ lengths: PackedLengths, seed: UInt64?) {
    symbols = rows.read(as: SymbolRows.self).symbols
    sums.begin(lengths)
    factors = []
    guard let seed, dropout > 0 else { return }
    var draws = Draws(.embeddingDropout, seed: seed)
    factors = [Float](repeating: 0, count: table.count / width)
    draws.fill(&factors, count: factors.count, fraction: dropout)
  }

  func write(_ rows: Range<Int>, to target: UnsafeMutablePointer<Float>, stride: Int) {
    for (place, symbol) in symbols[rows].enumerated() {
      let vector = target + place * stride
      vector.update(from: table.base + Int(symbol) * width, count: width)
      if !factors.isEmpty { for number in 0..<width { vector[number] *= factors[Int(symbol)] } }
    }
  }

  /// Takes in the last row first: segments of rows that come one before the other give the same bits as all of them at once.
  func backward(
    _ rows: Range<Int>, from source: UnsafePointer<Float>, stride: Int, _ gradients: UnsafeMutablePointer<Float>
  ) {
    for row in rows.reversed() {
      let symbol = Int(symbols[row])
      let factor = factors.isEmpty ? 1 : factors[symbol]
      sums.add(source + (row - rows.lowerBound) * stride, times: factor, to: symbol, ofRow: row)
    }
  }

  func finish(_ gradients: UnsafeMutablePointer<Float>) { sums.finish(gradients) }

  /// Where the matrix is the output's, too, its gradient has two sums, of which each is one over the whole batch.
  var sumCount: Int { isTied ? table.count : 0 }

  func addSums(to target: UnsafeMutablePointer<Float>) { sums.finish(target) }

  func finish(_ gradients: UnsafeMutablePointer<Float>, from sums: UnsafePointer<Float>) {
    for place in 0..<sumCount { gradients[place] += sums[place] }
  }
}
