import CellCompiler
import CellLanguage
import Engine
import Support

/// Which weights of recurrent matrices a batch goes without (Merity, Keskar & Socher 2018). Matrices that training leaves as they are stay whole.
package struct WeightMask {
  private let fraction: Double
  /// The blocks of matrices that meet vectors of the past, once each: where they begin among the network's weights, their
  /// rows and columns, and how far these are apart.
  private let blocks: [Block]
  private let factors: FloatBuffer

  private struct Block: Hashable {
    let start: Int
    let shape: [Int]
    let strides: [Int]
  }

  /// Nil if nothing is dropped.
  package init?(_ fraction: Double, _ network: Network) {
    if fraction == 0 { return nil }
    self.fraction = fraction
    var blocks: [Block] = []
    for (plan, range) in zip(network.plans, network.layout.passes) {
      let layout = ParameterLayout(plan.cell, dimensions: plan.dimensions)
      for product in plan.products where product.stage != nil {
        for block in product.blocks where !plan.cell.parameters[block.matrix].isFixed {
          let position = layout.position(of: block)
          let new = Block(
            start: range.lowerBound + position.start, shape: [block.rows, product.k],
            strides: [position.rowStride, position.columnStride])
          if !blocks.contains(new) { blocks.append(new) }
        }
      }
    }
    self.blocks = blocks
    factors = FloatBuffer(count: blocks.reduce(0) { $0 + $1.shape[0] * $1.shape[1] })
  }

  /// Draws which weights a batch goes without.
  package func draw(seed: UInt64) {
    var draws = Draws(.weightDrop, seed: seed)
    draws.fill(factors.base, count: factors.count, fraction: fraction)
  }

  /// Sets what was drawn to 0 and scales the rest of the recurrent matrices up: their weights, or on the way back their gradients.
  package func apply(to weights: UnsafeMutablePointer<Float>) {
    var next = factors.base
    for block in blocks {
      for row in 0..<block.shape[0] {
        var place = block.start + row * block.strides[0]
        for _ in 0..<block.shape[1] {
          weights[place] *= next.pointee
          place += block.strides[1]
          next += 1
        }
      }
    }
  }
}

/// Runs batches of a training with some weights of recurrent matrices set to 0. It stands before all passes, whose weights it
/// changes.
final class WeightDrop: NodeRunner {
  let span = NetworkGraph.Span.step
  private let mask: WeightMask
  private let passes: [PassRunner]
  private var weights: [Float]
  /// Whether a batch is under way whose weights are not all there.
  private var drops = false
  /// Whether it is a part of a batch.
  private var isPart = false

  /// Nil if nothing is dropped.
  init?(_ fraction: Double, _ network: Network, passes: [PassRunner]) {
    guard let mask = WeightMask(fraction, network) else { return nil }
    self.mask = mask
    self.passes = passes
    weights = network.parameters
  }

  /// Takes over the weights as they are between batches.
  func load(_ weights: UnsafePointer<Float>) {
    self.weights = Array(UnsafeBufferPointer(start: weights, count: self.weights.count))
  }

  /// The weights of a batch, whose zeros depend on its seed only, or all of them.
  func begin(_ run: BatchRun) {
    if let seed = run.seed {
      mask.draw(seed: seed)
      var dropped = weights
      dropped.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { mask.apply(to: base) } }
      for pass in passes { pass.load(dropped) }
    } else if drops {
      for pass in passes { pass.load(weights) }
    }
    drops = run.seed != nil
    isPart = run.whole != nil
  }

  func forward(_ segment: Segment) {}

  /// The gradient of the batch's weights becomes that of the network's.
  func finish(_ gradients: UnsafeMutablePointer<Float>) { if !isPart { finishWhole(gradients) } }

  /// Products of sums are not the sums of products.
  func finishWhole(_ gradients: UnsafeMutablePointer<Float>) { if drops { mask.apply(to: gradients) } }
}
