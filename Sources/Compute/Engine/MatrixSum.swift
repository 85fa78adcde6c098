import CellCompiler
import CellLanguage

/// A sum of outer products, `[n, k]`, that is a gradient of one or several matrices, or of a part of one.
struct MatrixSum {
  let n: Int
  let k: Int
  let sources: [Source]
  /// Where its rows belong among the gradients of the parameters, some after the other.
  let places: [Place]

  /// Gradients of slots times the vector that a product multiplied.
  struct Source {
    let product: Int
    /// The first of the slots.
    let slot: Int
    /// The first of the vector's elements.
    let element: Int
    /// Whether the vector's elements are the sum's rows, and not its columns.
    let isTransposed: Bool
  }

  struct Place {
    let rows: Int
    let start: Int
    let rowStride: Int
    let columnStride: Int
  }
}

extension Plan.Product {
  /// Whether its slots start from biases.
  var hasBiases: Bool { blocks.contains { !$0.biases.isEmpty } }
}

extension Plan {
  /// The numbers of a row that are summed up in the steps for each vector and scalar.
  var summedWidths: [Int: Int] {
    Dictionary(gradients.parameters.map { ($0.parameter, graph[$0.value].width) }, uniquingKeysWith: max)
  }

  /// The sums that give the gradient of every matrix: one for each product, unless a part of a matrix is multiplied twice. That
  /// part has a sum of its own then, with a source for each time, so that no gradient is added up from several sums.
  func matrixSums(_ layout: ParameterLayout) -> [MatrixSum] {
    let parts = products.indices.flatMap { matrixParts(ofProduct: $0, layout) }
    let overlapping = parts.indices.filter { one in
      parts.indices.contains { $0 != one && parts[$0].overlaps(parts[one]) }
    }
    let split = Set(overlapping.map { parts[$0].product })
    let whole = products.indices.filter { !split.contains($0) }.map { index in
      let product = products[index]
      let places = product.blocks.map { block in
        let (start, rowStride, columnStride) = layout.position(of: block)
        return MatrixSum.Place(rows: block.rows, start: start, rowStride: rowStride, columnStride: columnStride)
      }
      let source = MatrixSum.Source(product: index, slot: product.start, element: 0, isTransposed: false)
      return MatrixSum(n: product.n, k: product.k, sources: [source], places: places)
    }
    let matrices = Dictionary(grouping: parts.filter { split.contains($0.product) }, by: \.matrix).sorted { $0.key < $1.key }
    return whole + matrices.flatMap { matrix, parts in sums(of: parts, layout.entries[matrix]) }
  }

  private func matrixParts(ofProduct index: Int, _ layout: ParameterLayout) -> [MatrixPart] {
    var slot = products[index].start
    return products[index].blocks.map { block in
      defer { slot += block.rows }
      let firstRow = block.block * layout.entries[block.matrix].rowsOfBlock
      return MatrixPart(block, of: index, k: products[index].k, slot: slot, firstRow: firstRow)
    }
  }

  /// A matrix, cut where one of its parts begins or ends.
  private func sums(of parts: [MatrixPart], _ entry: ParameterLayout.Entry) -> [MatrixSum] {
    func pieces(_ ranges: [Range<Int>]) -> [Range<Int>] {
      let bounds = Set(ranges.flatMap { [$0.lowerBound, $0.upperBound] }).sorted()
      return zip(bounds, bounds.dropFirst()).map { $0..<$1 }
    }
    return pieces(parts.map(\.rows)).flatMap { rows in
      pieces(parts.map(\.columns)).compactMap { columns in
        let sources = parts.compactMap { $0.source(rows, columns) }
        if sources.isEmpty { return nil }
        let start = entry.range.lowerBound + rows.lowerBound * entry.shape[1] + columns.lowerBound
        let place = MatrixSum.Place(rows: rows.count, start: start, rowStride: entry.shape[1], columnStride: 1)
        return MatrixSum(n: rows.count, k: columns.count, sources: sources, places: [place])
      }
    }
  }
}

/// The part of a matrix that a block of a product is made from.
private struct MatrixPart {
  let product: Int
  let matrix: Int
  let rows: Range<Int>
  let columns: Range<Int>
  private let slot: Int
  private let isTransposed: Bool

  /// - Parameter firstRow: that of the block, among the rows of a block-diagonal matrix as it is stored.
  init(_ block: Plan.Block, of product: Int, k: Int, slot: Int, firstRow: Int) {
    self.product = product
    self.slot = slot
    matrix = block.matrix
    isTransposed = block.isTransposed
    let (vector, slots) = (block.offset..<block.offset + k, 0..<block.rows)
    let own: Range<Int>
    (own, columns) = isTransposed ? (vector, slots) : (slots, vector)
    rows = firstRow + own.lowerBound..<firstRow + own.upperBound
  }

  func overlaps(_ other: MatrixPart) -> Bool {
    matrix == other.matrix && rows.overlaps(other.rows) && columns.overlaps(other.columns)
  }

  /// What the block gives to some rows and columns, nil if nothing.
  func source(_ rows: Range<Int>, _ columns: Range<Int>) -> MatrixSum.Source? {
    guard self.rows.overlaps(rows) && self.columns.overlaps(columns) else { return nil }
    let (down, right) = (rows.lowerBound - self.rows.lowerBound, columns.lowerBound - self.columns.lowerBound)
    let (slots, element) = isTransposed ? (right, down) : (down, right)
    return MatrixSum.Source(product: product, slot: slot + slots, element: element, isTransposed: isTransposed)
  }
}
