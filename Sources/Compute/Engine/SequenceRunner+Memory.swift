import CellCompiler
import CellLanguage

extension SequenceRunner {
  /// Bytes that runs forward and back over such segments, one after the other, hold beside the weights and what does not depend
  /// on the steps, as the plan says.
  ///
  /// - Parameters:
  ///   - takesInputGradient: whether the caller has a place for the input's gradient.
  ///   - memories: the lengths of the memories that the sequences read; nil of a cell that reads none, or if they are not known.
  package func plannedBytes(_ segments: [PackedLengths], takesInputGradient: Bool, memories: PackedLengths? = nil) -> Int {
    let states = plan.cell.states.indices.map { plan.width(ofState: $0) }
    let rows = segments.map(\.rows).max() ?? 0
    let discarded = takesInputGradient || plan.gradients.input == nil ? 0 : plan.inputWidth
    let matrices = plan.rebuiltStates.reduce(0) { $0 + states[$1] }
    let ring = (Plan.stepsBetweenMatrices + 1) * plan.sequencesOfRing * matrices
    let initial = (segments.first?.batch ?? 0) * (states.reduce(0, +) + matrices) + machine.threads * ring
    // Where sequences end at different steps, the states before each row's step are gathered.
    let gathered = (segments.map { $0.areEqual ? 0 : $0.rows }.max() ?? 0) * plan.gatheredStates.reduce(0) { $0 + states[$1] }
    let attended = memories.map { RunnerMemory.plannedCount(plan, $0, segments) } ?? 0
    return rows * (plan.trainingBytes + 4 * discarded)
      + 4 * (initial + gathered + attended + ParameterSums.plannedCount(plan, segments))
  }

  /// What it holds of that now.
  package var allocatedBytes: Int {
    let forward = ([slots, kept] + states + zoneouts.values + gathered.values).reduce(0) { $0 + $1.count }
    return 4 * (forward + matrixMemory.count + (backwardMemory?.count ?? 0) + (memory?.count ?? 0))
  }
}

extension Plan {
  /// The states whose values before a step a product multiplies.
  fileprivate var gatheredStates: Set<Int> {
    Set(
      products.compactMap { product in
        var source = product.source
        if case .slice(let vector, _) = graph[source].operation { source = vector }
        if case .previous(let state) = graph[source].operation { return state } else { return nil }
      })
  }
}
