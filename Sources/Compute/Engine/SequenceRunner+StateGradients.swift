import CellCompiler

extension SequenceRunner {
  /// Where a backward run leaves each state's gradient if all of them are kept: initial states in front, then packed rows.
  func stateGradientBuffers(_ memory: BackwardMemory) -> [FloatBuffer] {
    states.indices.map { state in
      let width = plan.width(ofState: state)
      let gradients = FloatBuffer(count: (lengths.batch + lengths.rows) * width)
      for (sequence, length) in lengths.perSequence.enumerated() {
        let row = length == 0 ? sequence : lengths.batch + lengths.row(step: length - 1, sequence: sequence)
        (gradients.base + row * width).update(from: memory.states[state].base + sequence * width, count: width)
      }
      return gradients
    }
  }

  /// The loss's gradient with respect to a state on its way from each step to the next, packed rows of its width; after a
  /// backward run that kept state gradients. What a step's output does elsewhere than in the next step has no part in it; the
  /// rows of last steps are what ``setFinalGradient(_:_:)`` gave. Nil if the last backward run did not keep them.
  package func stateGradients(_ state: Int) -> UnsafePointer<Float>? {
    checkState(state)
    guard let buffers = backwardMemory?.kept, !buffers.isEmpty else { return nil }
    return UnsafePointer(buffers[state].base + lengths.batch * plan.width(ofState: state))
  }
}
