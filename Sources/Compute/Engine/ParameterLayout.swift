package import CellCompiler
package import CellLanguage
import Support

/// How a cell's parameters lie one after the other in one array of floats.
package struct ParameterLayout: Sendable {
  package struct Entry: Sendable {
    package let name: String
    /// `[rows, columns]` of a matrix, stored row by row; `[rows, columns / heads]` of a block-diagonal one, whose blocks stand one
    /// after the other; `[n]` of a vector or bias; `[1]` of a scalar.
    package let shape: [Int]
    /// How many blocks of rows a block-diagonal matrix has; 1 of anything else.
    package let blocks: Int
    package let range: Range<Int>

    package init(name: String, shape: [Int], blocks: Int = 1, range: Range<Int>) {
      self.name = name
      self.shape = shape
      self.blocks = blocks
      self.range = range
    }

    /// The rows of each block.
    package var rowsOfBlock: Int { shape[0] / blocks }
  }

  package let entries: [Entry]
  /// Floats of all parameters.
  package var count: Int { entries.last?.range.upperBound ?? 0 }

  /// In the order of the cell's parameters.
  package init(_ cell: Cell, dimensions: Dimensions) {
    var start = 0
    entries = cell.parameters.map { parameter in
      let shape: [Int]
      switch parameter.kind {
      case .matrix(let rows, let columns): shape = [dimensions[rows], columns.reduce(0) { $0 + dimensions[$1] }]
      case .blockDiagonal(let rows, let columns):
        shape = [dimensions[rows], columns.reduce(0) { $0 + dimensions[$1] } / cell.heads(dimensions)]
      case .vector(let size), .bias(let size): shape = [dimensions[size]]
      case .scalar: shape = [1]
      }
      let count = shape.reduce(1, *)
      defer { start += count }
      let blocks = parameter.kind.isBlockDiagonal ? cell.heads(dimensions) : 1
      return Entry(name: parameter.name, shape: shape, blocks: blocks, range: start..<start + count)
    }
  }

  /// Ends the program with a sentence unless there are as many parameters as the layout has.
  func check(_ parameters: [Float]) {
    ensure(parameters.count == count, "the cell has \(count) parameters; it was given \(parameters.count)")
  }

  /// Where row `row` and column `column` of a block stand, and how far its next row and column are.
  package func position(of block: Plan.Block) -> (start: Int, rowStride: Int, columnStride: Int) {
    let entry = entries[block.matrix]
    let columns = entry.shape[1]
    let first = entry.range.lowerBound + block.block * entry.rowsOfBlock * columns
    return block.isTransposed ? (first + block.offset * columns, 1, columns) : (first + block.offset, columns, 1)
  }

  /// Some of the parameters alone, one after the other; of the others, none has a number.
  func compacted(to parameters: Set<Int>) -> ParameterLayout {
    var start = 0
    return ParameterLayout(
      entries: entries.enumerated().map { index, entry in
        let count = parameters.contains(index) ? entry.range.count : 0
        defer { start += count }
        return Entry(name: entry.name, shape: entry.shape, blocks: entry.blocks, range: start..<start + count)
      })
  }

  private init(entries: [Entry]) { self.entries = entries }
}
