import CellCompiler
import CellLanguage
import Support

/// The products of the input, which run for all steps at once.
extension SequenceRunner {
  /// Slots start with their biases and the input's products, and then come those that are added to them.
  func inputProducts(_ input: UnsafePointer<Float>) -> [Phase] {
    let all = plan.products.indices.filter { plan.products[$0].stage == nil }
    let first = all.filter { !plan.products[$0].accumulates }
    return [Phase(together: first.flatMap { multiplications(of: $0, input) })]
      + all.filter { plan.products[$0].accumulates }.map { Phase(together: multiplications(of: $0, input)) }
  }

  private func multiplications(of index: Int, _ input: UnsafePointer<Float>) -> [Phase] {
    let product = plan.products[index]
    return weights.parts[index].map { part in
      let first = part.rows.lowerBound
      return multiplication(
        part.panels, bias: weights.biases[index].map { $0.base + first }, input + inputColumn(of: product),
        stride: plan.inputWidth, into: slots.base + product.start + first, stride: plan.slotWidth,
        accumulates: product.accumulates)
    }
  }

  /// Where in a row of the input the vector begins that a product of it multiplies.
  private func inputColumn(of product: Plan.Product) -> Int {
    found(
      plan.graph.inputColumns(of: product.source), orFail: "a product that runs for all steps at once reads no input"
    ).lowerBound
  }

  /// The input's gradient: what `inputGradient` holds already is added to if the backward step wrote it.
  func inputGradients(
    into inputGradient: UnsafeMutablePointer<Float>, slotGradients: UnsafePointer<Float>
  ) -> [Phase] {
    let own = plan.products.indices.filter { plan.products[$0].stage == nil }
    var phases: [Phase] = []
    // The first product may write what others add to if it writes the whole row.
    if plan.gradients.input == nil && own.first.map({ plan.products[$0].k != plan.inputWidth }) ?? true {
      let count = lengths.rows * plan.inputWidth
      phases.append(Phase(parts: 1) { _ in inputGradient.update(repeating: 0, count: count) })
    }
    for index in own {
      let product = plan.products[index]
      phases.append(
        multiplication(
          weights.transposedPanels[index], bias: nil, slotGradients + product.start, stride: plan.slotWidth,
          into: inputGradient + inputColumn(of: product), stride: plan.inputWidth,
          accumulates: plan.gradients.input != nil || !phases.isEmpty))
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
