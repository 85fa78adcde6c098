import CBLAS
import CellCompiler
import CellLanguage

/// The products that run for all steps at once: large ones, and so the work of BLAS, called with one thread on each of
/// our own slices so that two pools of threads never fight.
extension SequenceRunner {
  /// Slots start with their biases and the input's products.
  func multiplyInput(_ input: UnsafePointer<Float>) {
    BLAS.useOneThread()
    let slotWidth = plan.slotWidth
    let inputs = plan.dimensions.inputs
    nonisolated(unsafe) let memory = (input: input, slots: slots.base)
    for (index, product) in plan.products.enumerated() where product.stage == nil {
      nonisolated(unsafe) let matrix = weights.stacked[index].base
      nonisolated(unsafe) let bias = weights.biases[index]?.base
      machine.split(lengths.rows, grain: 8) { rows in
        let slots = memory.slots + rows.lowerBound * slotWidth + product.start
        if let bias {
          for row in 0..<rows.count { (slots + row * slotWidth).update(from: bias, count: product.n) }
        }
        BLAS.multiply(
          memory.input + rows.lowerBound * inputs, .asIs(stride: inputs), matrix, .transposed(stride: inputs), into: slots,
          stride: slotWidth, m: rows.count, n: product.n, k: inputs, adding: bias != nil)
      }
    }
  }

  /// The input's gradient: what `inputGradient` holds already is added to if the backward step wrote it.
  func pullInput(into inputGradient: UnsafeMutablePointer<Float>, slotGradients: UnsafePointer<Float>) {
    let inputs = plan.dimensions.inputs
    let slotWidth = plan.slotWidth
    var adding = plan.gradients.input != nil
    nonisolated(unsafe) let memory = (gradient: inputGradient, slots: slotGradients)
    for (index, product) in plan.products.enumerated() where product.stage == nil {
      nonisolated(unsafe) let matrix = weights.stacked[index].base
      machine.split(lengths.rows, grain: 8) { [adding] rows in
        BLAS.multiply(
          memory.slots + rows.lowerBound * slotWidth + product.start, .asIs(stride: slotWidth), matrix, .asIs(stride: inputs),
          into: memory.gradient + rows.lowerBound * inputs, stride: inputs, m: rows.count, n: inputs, k: product.n, adding: adding
        )
      }
      adding = true
    }
    if !adding { inputGradient.update(repeating: 0, count: lengths.rows * inputs) }
  }
}
