import CellCompiler
import CellLanguage
import Engine

extension NetworkLayout {
  /// Fresh weights, laid out as this layout says; the same for the same random numbers.
  ///
  /// Embeddings are normal with deviation 1, the head's matrix is Glorot uniform, its bias 0; layers as
  /// ``CellCompiler/Plan/initialParameters(_:)`` says.
  func initialParameters(_ plans: [Plan], _ random: inout Random) -> [Float] {
    var parameters: [Float] = []
    if let embedding { parameters += embedding.map { _ in Float(random.normal()) } }
    for plan in plans { parameters += plan.initialParameters(&random) }
    let output = entries[entries.count - 2].shape
    parameters += Matrix.glorot(rows: output[0], columns: output[1], &random).elements.map(Float.init)
    return parameters + outputBias.map { _ in 0 }
  }
}

extension Plan {
  /// Fresh parameters of the cell, one behind the other as ``Engine/ParameterLayout`` says.
  ///
  /// What the cell's text does not say starts as is customary: matrices block by block, one block for each vector of a
  /// concatenation, square blocks of vectors that depend on the past orthogonal (Saxe, McClelland & Ganguli 2014), other
  /// blocks uniform by Glorot & Bengio 2010; biases and scalars 0; vectors of n numbers uniform within ±1/√n.
  func initialParameters(_ random: inout Random) -> [Float] {
    let entries = ParameterLayout(cell, dimensions: dimensions).entries
    return zip(cell.parameters, entries).enumerated().flatMap { index, parameter in
      let (rows, columns) = (parameter.1.shape[0], parameter.1.shape.dropFirst().first ?? 1)
      let matrix: Matrix
      switch (parameter.0.initializer, parameter.0.kind) {
      case (let initializer?, _): matrix = Matrix(initializer, rows: rows, columns: columns, &random)
      case (nil, .matrix): matrix = customaryMatrix(index, rows: rows, columns: columns, &random)
      case (nil, .vector):
        let bound = 1 / Double(rows).squareRoot()
        matrix = Matrix(.uniform(-bound, bound), rows: rows, columns: columns, &random)
      case (nil, .bias), (nil, .scalar): matrix = Matrix(rows: rows, columns: columns)
      }
      return matrix.elements.map(Float.init)
    }
  }

  private func customaryMatrix(_ index: Int, rows: Int, columns: Int, _ random: inout Random) -> Matrix {
    var matrix = Matrix(rows: rows, columns: columns)
    for block in blocks(ofMatrix: index) {
      let (rows, columns) = block.isTransposed ? (block.k, block.n) : (block.n, block.k)
      let part =
        block.readsThePast && rows == columns
        ? Matrix.orthogonal(rows: rows, columns: columns, &random) : Matrix.glorot(rows: rows, columns: columns, &random)
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
}
