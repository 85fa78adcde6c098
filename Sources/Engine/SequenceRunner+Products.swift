import CellCompiler
import CellLanguage
import Kernels

/// The products of the input, which run for all steps at once.
extension SequenceRunner {
  /// Slots start with their biases and the input's products.
  func multiplyInput(_ input: UnsafePointer<Float>) {
    for (index, product) in plan.products.enumerated() where product.stage == nil {
      multiply(
        weights.panels[index], bias: weights.biases[index], input, stride: product.k, into: slots.base + product.start,
        stride: plan.slotWidth, k: product.k, n: product.n, accumulates: false)
    }
  }

  /// The input's gradient: what `inputGradient` holds already is added to if the backward step wrote it.
  func pullInput(into inputGradient: UnsafeMutablePointer<Float>, slotGradients: UnsafePointer<Float>) {
    var accumulates = plan.gradients.input != nil
    for (index, product) in plan.products.enumerated() where product.stage == nil {
      multiply(
        weights.transposedPanels[index], bias: nil, slotGradients + product.start, stride: plan.slotWidth, into: inputGradient,
        stride: product.k, k: product.n, n: product.k, accumulates: accumulates)
      accumulates = true
    }
    if !accumulates { inputGradient.update(repeating: 0, count: lengths.rows * plan.dimensions.inputs) }
  }

  /// All packed rows times one packed matrix, each thread with its share of the rows.
  private func multiply(
    _ panels: FloatBuffer, bias: FloatBuffer?, _ source: UnsafePointer<Float>, stride sourceStride: Int,
    into target: UnsafeMutablePointer<Float>, stride targetStride: Int, k: Int, n: Int, accumulates: Bool
  ) {
    let product = machine.level.kernels.pointee.product
    nonisolated(unsafe) let memory = (panels: panels.base, bias: bias?.base, source: source, target: target)
    machine.split(lengths.rows, grain: max(8, (1 << 15) / (n * k) * 8)) { rows in
      product?(
        memory.panels, memory.bias, memory.source + rows.lowerBound * sourceStride, Int64(sourceStride),
        memory.target + rows.lowerBound * targetStride, Int64(targetStride), Int64(rows.count), Int64(k), Int64(n),
        accumulates ? 1 : 0)
    }
  }
}
