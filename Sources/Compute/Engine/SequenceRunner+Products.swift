import CellCompiler
import CellLanguage

/// The products of the input, which run for all steps at once.
extension SequenceRunner {
  /// Slots start with their biases and the input's products.
  func inputProducts(_ input: UnsafePointer<Float>) -> Phase {
    Phase(
      together: plan.products.indices.filter { plan.products[$0].stage == nil }.flatMap { index in
        let product = plan.products[index]
        return weights.parts[index].map { part in
          let first = part.rows.lowerBound
          return multiplication(
            part.panels, bias: weights.biases[index].map { $0.base + first }, input, stride: product.k,
            into: slots.base + product.start + first, stride: plan.slotWidth, accumulates: false)
        }
      })
  }

  /// The input's gradient: what `inputGradient` holds already is added to if the backward step wrote it.
  func inputGradients(
    into inputGradient: UnsafeMutablePointer<Float>, slotGradients: UnsafePointer<Float>
  ) -> [Phase] {
    var phases: [Phase] = []
    for (index, product) in plan.products.enumerated() where product.stage == nil {
      phases.append(
        multiplication(
          weights.transposedPanels[index], bias: nil, slotGradients + product.start, stride: plan.slotWidth,
          into: inputGradient, stride: product.k, accumulates: plan.gradients.input != nil || !phases.isEmpty))
    }
    if phases.isEmpty && plan.gradients.input == nil {
      let count = lengths.rows * plan.dimensions.inputs
      phases.append(Phase(parts: 1) { _ in inputGradient.update(repeating: 0, count: count) })
    }
    return phases
  }

  /// All packed rows times one packed matrix, each thread with its share of the rows.
  private func multiplication(
    _ panels: Panels, bias: UnsafeMutablePointer<Float>?, _ source: UnsafePointer<Float>, stride sourceStride: Int,
    into target: UnsafeMutablePointer<Float>, stride targetStride: Int, accumulates: Bool
  ) -> Phase {
    Phase(machine.ranges(of: lengths.rows, grain: max(8, (1 << 15) / (panels.n * panels.k) * 8))) { rows in
      panels.multiply(
        source + rows.lowerBound * sourceStride, stride: sourceStride, rows: rows.count, bias: bias,
        into: target + rows.lowerBound * targetStride, stride: targetStride, accumulates: accumulates)
    }
  }
}
