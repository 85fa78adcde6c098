import CellLanguage
import Engine

extension ReferenceCell {
  /// How far the numbers of a run of one sequence in Float, forward and back, may be from those of the reference.
  struct Roundings {
    /// For each state, `[T, width]`.
    fileprivate(set) var states: [[Rounded]]
    fileprivate(set) var final: [Rounded]
    /// The parts of `[T, I]`, one for each input.
    fileprivate(set) var inputGradients: [[Rounded]] = []
    fileprivate(set) var initialGradients: [Rounded]
    /// The gradient of the memory; nil without a memory.
    fileprivate(set) var memoryGradient: Rounded?
    /// The gradient of each state on its way from a step to the next, `[T, width]`.
    fileprivate(set) var stateGradients: [[Rounded]]
    /// In the order of the layout.
    fileprivate(set) var parameters: [Rounded]
  }

  /// - Parameters:
  ///   - inputs: `[T, I]`
  ///   - initial: each state before the first step.
  ///   - memory: row by row; empty without a memory.
  ///   - weights: the parameters in the order of the layout.
  ///   - zoneout: for each state and step what its units keep; empty where that is the state's fraction.
  ///   - outputs: the gradient of the output at each step.
  ///   - final: the gradient of each state after the last step.
  func roundings(
    _ inputs: [[Double]], initial: [[Double]], memory: [Double], weights: [[Double]], zoneout: [[[Double]]], outputs: [[Double]],
    final: [[Double]]
  ) -> Roundings {
    var states = initial.map { Rounded($0) }
    var tape: [[Rounded]] = []
    for (step, input) in inputs.enumerated() {
      let fractions = cell.states.indices.map { index in
        index < zoneout.count && !zoneout[index].isEmpty
          ? zoneout[index][step] : [cell.states[index].zoneout]
      }
      let values = rounded(
        input, states: states, fractions: fractions, memory: memory, weights: weights)
      states = next.map { values[$0] }
      tape.append(values)
    }
    var gradients = final.map { Rounded($0) }
    var result = Roundings(
      states: next.map { place in tape.map { $0[place] } }, final: states, initialGradients: [],
      stateGradients: gradients.map { _ in [] }, parameters: weights.map { Rounded([Double](repeating: 0, count: $0.count)) })
    result.memoryGradient = cell.memory.map { _ in Rounded([Double](repeating: 0, count: memory.count)) }
    for (values, output) in zip(tape, outputs).reversed() {
      var all = [Rounded?](repeating: nil, count: values.count)
      for (leaf, sum) in zip(parameterLeaves, result.parameters) { all[leaf] = sum }
      if let memoryLeaf { all[memoryLeaf] = result.memoryGradient }
      for (state, gradient) in gradients.enumerated() { result.stateGradients[state].insert(gradient, at: 0) }
      gradients[0] = gradients[0].adding(Rounded(output))
      for (place, gradient) in zip(next, gradients) { all[place] = all[place].map { $0.adding(gradient) } ?? gradient }
      graph.propagate(&all, values: values)
      func gradient(_ leaf: Int) -> Rounded { all[leaf] ?? Rounded([Double](repeating: 0, count: values[leaf].count)) }
      result.inputGradients.insert(inputLeaves.map(gradient), at: 0)
      gradients = stateLeaves.map(gradient)
      result.parameters = parameterLeaves.map(gradient)
      result.memoryGradient = memoryLeaf.map(gradient)
    }
    result.initialGradients = gradients
    return result
  }

  /// The states after one step.
  func roundedStates(
    after input: [Double], states: [[Double]], memory: [Double], weights: [[Double]]
  ) -> [Rounded] {
    let values = rounded(
      input, states: states.map { Rounded($0) }, fractions: cell.states.map { [$0.zoneout] },
      memory: memory, weights: weights)
    return next.map { values[$0] }
  }

  /// All values of a step.
  private func rounded(
    _ input: [Double], states: [Rounded], fractions: [[Double]], memory: [Double],
    weights: [[Double]]
  ) -> [Rounded] {
    let leaves = fractions + (cell.memory == nil ? [] : [memory]) + weights
    return graph.rounded(parts(of: input).map { Rounded($0) } + states + leaves.map { Rounded($0) })
  }
}
