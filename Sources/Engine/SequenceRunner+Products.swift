import CellCompiler
import CellLanguage

/// The products of the input, which run for all steps at once.
extension SequenceRunner {
  /// Slots start with their biases and the input's products.
  func multiplyInput(_ input: UnsafePointer<Float>) {
    for (index, product) in plan.products.enumerated() where product.stage == nil {
      multiply(
        weights.panels[index], bias: weights.biases[index], input, stride: product.k, into: slots.base + product.start,
        stride: plan.slotWidth, accumulates: false)
    }
  }

  /// The input's gradient: what `inputGradient` holds already is added to if the backward step wrote it.
  func pullInput(into inputGradient: UnsafeMutablePointer<Float>, slotGradients: UnsafePointer<Float>) {
    var accumulates = plan.gradients.input != nil
    for (index, product) in plan.products.enumerated() where product.stage == nil {
      multiply(
        weights.transposedPanels[index], bias: nil, slotGradients + product.start, stride: plan.slotWidth, into: inputGradient,
        stride: product.k, accumulates: accumulates)
      accumulates = true
    }
    if !accumulates { inputGradient.update(repeating: 0, count: lengths.rows * plan.dimensions.inputs) }
  }

  /// All packed rows times one packed matrix, each thread with its share of the rows.
  private func multiply(
    _ panels: Panels, bias: FloatBuffer?, _ source: UnsafePointer<Float>, stride sourceStride: Int,
    into target: UnsafeMutablePointer<Float>, stride targetStride: Int, accumulates: Bool
  ) {
    nonisolated(unsafe) let memory = (panels: panels, bias: bias?.base, source: source, target: target)
    machine.split(lengths.rows, grain: max(8, (1 << 15) / (panels.n * panels.k) * 8)) { rows in
      memory.panels.multiply(
        memory.source + rows.lowerBound * sourceStride, stride: sourceStride, rows: rows.count, bias: memory.bias,
        into: memory.target + rows.lowerBound * targetStride, stride: targetStride, accumulates: accumulates)
    }
  }
}
