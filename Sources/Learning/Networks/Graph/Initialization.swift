package import CellCompiler
package import CellLanguage
import Engine
package import Support

extension Network {
  /// Fresh weights, laid out as the layout says; the same for the same random numbers. How a kind of node starts, it says itself
  /// (``NetworkNode/initialWeights(isTied:using:)``).
  func initialParameters(_ random: inout Random) -> [Float] {
    graph.nodes.flatMap { $0.initialWeights(isTied: architecture.tiesEmbedding, using: &random) }
  }
}

extension Plan {
  /// How a parameter starts: as the cell's text says, or else by default. A matrix of which the text says nothing has
  /// one answer for each of its blocks, which are as many as the vectors of the concatenation that it multiplies.
  ///
  /// Customary are: for square blocks of vectors that depend on the past, orthogonal (Saxe, McClelland & Ganguli 2014), for
  /// other blocks uniform by Glorot & Bengio 2010; for biases and scalars 0; for vectors of n numbers uniform within ±1/√n.
  package func initializers(ofParameter index: Int) -> [Cell.Initializer] {
    let parameter = cell.parameters[index]
    if let initializer = parameter.initializer { return [initializer] }
    switch parameter.kind {
    case .matrix: return blocks(ofMatrix: index).map(\.initializer)
    case .vector(let size):
      let bound = 1 / Double(dimensions[size]).squareRoot()
      return [.uniform(-bound, bound)]
    case .bias, .scalar: return [.constant(0)]
    }
  }

  /// Fresh parameters of the cell, one after the other as ``Engine/ParameterLayout`` says.
  package func initialParameters(_ random: inout Random) -> [Float] {
    let entries = ParameterLayout(cell, dimensions: dimensions).entries
    return zip(cell.parameters, entries).enumerated().flatMap { index, parameter in
      let (rows, columns) = (parameter.1.shape[0], parameter.1.shape.dropFirst().first ?? 1)
      let matrix: Matrix
      if case (nil, .matrix) = (parameter.0.initializer, parameter.0.kind) {
        matrix = defaultMatrix(index, rows: rows, columns: columns, &random)
      } else {
        matrix = Matrix(initializers(ofParameter: index)[0], rows: rows, columns: columns, &random)
      }
      return matrix.elements.map(Float.init)
    }
  }

  private func defaultMatrix(_ index: Int, rows: Int, columns: Int, _ random: inout Random) -> Matrix {
    var matrix = Matrix(rows: rows, columns: columns)
    for block in blocks(ofMatrix: index) {
      let (rows, columns) = block.isTransposed ? (block.k, block.n) : (block.n, block.k)
      let part = Matrix(block.initializer, rows: rows, columns: columns, &random)
      matrix.place(part, row: block.isTransposed ? block.offset : 0, column: block.isTransposed ? 0 : block.offset)
    }
    return matrix
  }

  /// A matrix's parts by the vectors that they are multiplied with, each part once, however often it is used.
  private func blocks(ofMatrix index: Int) -> [InitialBlock] {
    var blocks: [InitialBlock] = []
    for product in products {
      for block in product.blocks where block.matrix == index {
        let new = InitialBlock(
          offset: block.offset, n: block.rows, k: product.k, isTransposed: block.isTransposed, readsThePast: product.stage != nil)
        if let same = blocks.firstIndex(where: { $0.offset == new.offset && $0.isTransposed == new.isTransposed }) {
          blocks[same].readsThePast = blocks[same].readsThePast || new.readsThePast
        } else {
          blocks.append(new)
        }
      }
    }
    return blocks.sorted { $0.offset < $1.offset }
  }
}

/// The columns (if transposed the rows) of a matrix from `offset` on: `k` of them give `n` numbers.
private struct InitialBlock {
  let offset: Int
  let n: Int
  let k: Int
  let isTransposed: Bool
  var readsThePast: Bool

  var initializer: Cell.Initializer { readsThePast && n == k ? .orthogonal(1) : .glorot }
}
