import CellCompiler
import Engine
import Support

/// Sets a fraction of the recurrent matrices' weights to 0 for a batch.
package final class WeightDrop {
  private let fraction: Double
  /// The blocks of matrices that meet vectors of the past, once each: where they begin among the network's weights, their
  /// rows and columns, and how far these are apart.
  private let blocks: [Block]
  private var weights: [Float] = []
  private var mask: FloatBuffer
  /// Whether a batch is under way whose weights are not all there.
  private var drops = false

  private struct Block: Hashable {
    let start: Int
    let shape: [Int]
    let strides: [Int]
  }

  /// Nil if nothing is dropped.
  package init?(_ regularization: Regularization, _ network: Network) {
    if regularization.weightDrop == 0 { return nil }
    fraction = regularization.weightDrop
    var blocks: [Block] = []
    for (plan, range) in zip(network.plans, network.layout.passes) {
      let layout = ParameterLayout(plan.cell, dimensions: plan.dimensions)
      for product in plan.products where product.stage != nil {
        for block in product.blocks {
          let position = layout.position(of: block)
          let new = Block(
            start: range.lowerBound + position.start, shape: [block.rows, product.k],
            strides: [position.rowStride, position.columnStride])
          if !blocks.contains(new) { blocks.append(new) }
        }
      }
    }
    self.blocks = blocks
    mask = FloatBuffer(count: blocks.reduce(0) { $0 + $1.shape[0] * $1.shape[1] })
  }

  /// Takes over the network's weights as they are between batches.
  package func load(_ weights: [Float]) { self.weights = weights }

  /// The weights of a batch, whose zeros depend on `seed` only; nil for all of them. No array if those of the batch before hold.
  package func begin(seed: UInt64?) -> [Float]? {
    guard let seed else {
      defer { drops = false }
      return drops ? weights : nil
    }
    drops = true
    var draws = Dropout.Draws(.weightDrop, seed: seed)
    draws.fill(mask.base, count: mask.count, fraction: fraction)
    var dropped = weights
    dropped.withUnsafeMutableBufferPointer { dropped in
      eachWeight { place, factor in dropped[place] *= factor }
    }
    return dropped
  }

  /// The gradient of the batch's weights becomes that of the network's.
  package func backward(_ gradients: UnsafeMutablePointer<Float>) {
    if drops { eachWeight { place, factor in gradients[place] *= factor } }
  }

  private func eachWeight(_ body: (_ place: Int, _ factor: Float) -> Void) {
    var next = mask.base
    for block in blocks {
      for row in 0..<block.shape[0] {
        var place = block.start + row * block.strides[0]
        for _ in 0..<block.shape[1] {
          body(place, next.pointee)
          place += block.strides[1]
          next += 1
        }
      }
    }
  }
}
