import CellLanguage
import Support

/// Sums of products: pre-activations.
extension GraphBuilder {
  /// A sum of products, biases and other terms.
  mutating func sum(_ sum: Sum, width: Int) -> Graph.Value {
    let keepsBiasesApart = sharedSums.contains(Set(sum.products))
    let biases = keepsBiasesApart ? [] : sum.vectors(in: cell).map(parameter)
    var terms: [Graph.Term] = []
    for product in sum.products { terms += self.terms(of: product) }
    var total = graph.add(.affine(terms: terms, biases: biases), width: width)
    for term in sum.others(in: cell, withBiases: keepsBiasesApart) {
      let operand = value(of: term.expression, shape: Graph.Shape(width))
      total = graph.add(.apply(term.isNegative ? .subtract : .add, [total, operand]), width: width)
    }
    return total
  }

  /// `W [h, x]` is a term for each of the vectors, with its part of W's columns. A block-diagonal matrix has one for each head of these.
  private mutating func terms(of product: Expression) -> [Graph.Term] {
    guard case .product(let name, let isTransposed, let operand) = product else {
      fatalError("cell \(cell.name) adds up \(product) as a product, which it is not")
    }
    let parts: [Expression]
    if case .concatenation(let vectors) = operand { parts = vectors } else { parts = [operand] }
    let matrix = parameter(name)
    let blocks = cell.parameters[matrix].kind.isBlockDiagonal ? heads : 1
    let results = ownShape(of: product).width / blocks
    var offset = 0
    var terms: [Graph.Term] = []
    for part in parts {
      let length = ownShape(of: part)
      let (vector, own) = (vector(part, shape: length), length.width / blocks)
      for block in 0..<blocks {
        terms.append(
          Graph.Term(
            matrix: matrix, block: block, offset: offset, isTransposed: isTransposed,
            vector: slice(of: vector, block * own..<(block + 1) * own), results: block * results..<(block + 1) * results))
      }
      offset += own
    }
    return terms
  }

  /// What a product multiplies.
  private mutating func vector(_ expression: Expression, shape: Graph.Shape) -> Graph.Value {
    if masked.isEmpty { return value(of: expression, shape: shape) }
    let outer = environment
    defer { environment = outer }
    environment.merge(masked) { $1 }
    return value(of: expression, shape: shape)
  }
}
