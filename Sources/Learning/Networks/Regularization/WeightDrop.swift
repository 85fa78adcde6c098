import CellCompiler
import Engine
import Support

/// Sets a fraction of the recurrent matrices' weights to 0 for a batch (Merity, Keskar & Socher 2018). It stands before all
/// passes, whose weights it changes.
final class WeightDrop: NodeRunner {
  let span = NetworkGraph.Span.step
  private let fraction: Double
  private let passes: [PassRunner]
  /// The blocks of matrices that meet vectors of the past, once each: where they begin among the network's weights, their
  /// rows and columns, and how far these are apart.
  private let blocks: [Block]
  private var weights: [Float]
  private var mask: FloatBuffer
  /// Whether a batch is under way whose weights are not all there.
  private var drops = false

  private struct Block: Hashable {
    let start: Int
    let shape: [Int]
    let strides: [Int]
  }

  /// Nil if nothing is dropped.
  ///
  /// - Parameter count: of the network's weights.
  init?(_ fraction: Double, passes: [(runner: PassRunner, weights: Range<Int>)], count: Int) {
    if fraction == 0 { return nil }
    self.fraction = fraction
    self.passes = passes.map(\.runner)
    weights = [Float](repeating: 0, count: count)
    var blocks: [Block] = []
    for (runner, range) in passes {
      let plan = runner.runner.plan
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

  /// Takes over the weights as they are between batches.
  func load(_ weights: UnsafePointer<Float>) {
    self.weights.withUnsafeMutableBufferPointer { own in
      own.baseAddress?.update(from: weights, count: own.count)
    }
  }

  /// The weights of a batch, whose zeros depend on its seed only, or all of them.
  func begin(_ run: BatchRun) {
    guard let seed = run.seed else {
      if drops { for pass in passes { pass.load(weights) } }
      drops = false
      return
    }
    drops = true
    var draws = Draws(.weightDrop, seed: seed)
    draws.fill(mask.base, count: mask.count, fraction: fraction)
    var dropped = weights
    dropped.withUnsafeMutableBufferPointer { dropped in
      eachWeight { place, factor in dropped[place] *= factor }
    }
    for pass in passes { pass.load(dropped) }
  }

  func forward(_ segment: Segment) {}

  /// The gradient of the batch's weights becomes that of the network's.
  func finish(_ gradients: UnsafeMutablePointer<Float>) {
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
