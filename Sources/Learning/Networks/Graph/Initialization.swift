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
  /// one answer for each of its parts, which are as many as the vectors of the concatenation that it multiplies; the blocks of a
  /// block-diagonal matrix start alike.
  ///
  /// Customary are: for square blocks of vectors that depend on the past, orthogonal (Saxe, McClelland & Ganguli 2014), for
  /// other blocks uniform by Glorot & Bengio 2010; for biases and scalars 0; for vectors of n numbers uniform within ±1/√n.
  package func initializers(ofParameter index: Int) -> [Cell.Initializer] {
    let parameter = cell.parameters[index]
    if let initializer = parameter.initializer { return [initializer] }
    switch parameter.kind {
    case .matrix, .blockDiagonal: return parts(ofMatrix: index).filter { $0.block == 0 }.map(\.initializer)
    case .vector(let size):
      let bound = 1 / Double(dimensions[size]).squareRoot()
      return [.uniform(-bound, bound)]
    case .bias, .scalar: return [.constant(0)]
    }
  }

  /// Fresh parameters of the cell, one after the other as ``Engine/ParameterLayout`` says. Each block of a block-diagonal matrix starts
  /// as a matrix of its own.
  package func initialParameters(_ random: inout Random) -> [Float] {
    let entries = ParameterLayout(cell, dimensions: dimensions).entries
    return zip(cell.parameters, entries).enumerated().flatMap { index, parameter in
      let (rows, columns) = (parameter.1.rowsOfBlock, parameter.1.shape.dropFirst().first ?? 1)
      return (0..<parameter.1.blocks).flatMap { block in
        let matrix: Matrix
        if parameter.0.initializer == nil, parameter.0.kind.matrixSizes != nil {
          matrix = defaultMatrix(index, block: block, rows: rows, columns: columns, &random)
        } else {
          matrix = Matrix(initializers(ofParameter: index)[0], rows: rows, columns: columns, &random)
        }
        return matrix.elements.map(Float.init)
      }
    }
  }

  private func defaultMatrix(_ index: Int, block: Int, rows: Int, columns: Int, _ random: inout Random) -> Matrix {
    var matrix = Matrix(rows: rows, columns: columns)
    for part in parts(ofMatrix: index) where part.block == block {
      let (rows, columns) = part.isTransposed ? (part.k, part.n) : (part.n, part.k)
      let own = Matrix(part.initializer, rows: rows, columns: columns, &random)
      matrix.place(own, row: part.isTransposed ? part.offset : 0, column: part.isTransposed ? 0 : part.offset)
    }
    return matrix
  }

  /// A matrix's parts by the vectors that they are multiplied with, each part once, however often it is used.
  private func parts(ofMatrix index: Int) -> [InitialPart] {
    var parts: [InitialPart] = []
    for product in products {
      for block in product.blocks where block.matrix == index {
        let new = InitialPart(
          block: block.block, offset: block.offset, n: block.rows, k: product.k, isTransposed: block.isTransposed,
          readsThePast: product.stage != nil)
        if let same = parts.firstIndex(where: {
          $0.block == new.block && $0.offset == new.offset && $0.isTransposed == new.isTransposed
        }) {
          parts[same].readsThePast = parts[same].readsThePast || new.readsThePast
        } else {
          parts.append(new)
        }
      }
    }
    return parts.sorted { $0.offset < $1.offset }
  }
}

/// The columns (if transposed the rows) of a matrix, or of one of its blocks, from `offset` on: `k` of them give `n` numbers.
private struct InitialPart {
  let block: Int
  let offset: Int
  let n: Int
  let k: Int
  let isTransposed: Bool
  var readsThePast: Bool

  var initializer: Cell.Initializer { readsThePast && n == k ? .orthogonal(1) : .glorot }
}
