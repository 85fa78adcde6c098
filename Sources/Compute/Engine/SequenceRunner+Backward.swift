import CellCompiler
import CellLanguage
import Kernels
import Support

extension SequenceRunner {
  /// Sets the loss's gradient with respect to a state after each sequence's last step, `[B, width]`; zero unless set
  /// between ``prepare(_:)`` and ``backward(outputGradient:inputGradient:parameterGradients:)``.
  package func setFinalGradient(_ state: Int, _ gradient: UnsafePointer<Float>) {
    checkState(state)
    let count = lengths.batch * plan.width(ofState: state)
    let base = memoryForBackward.states[state].base
    base.update(from: gradient, count: count)
    (base + count).update(from: gradient, count: count)
  }

  /// Sets the loss's gradient with respect to a state after each sequence's last step, `[B, width]`; zero unless set
  /// between ``prepare(_:)`` and ``backward(outputGradient:inputGradient:parameterGradients:)``.
  package func setFinalGradient(_ state: Int, _ gradient: [Float]) {
    checkState(state)
    let (count, width) = (lengths.batch, plan.width(ofState: state))
    ensure(
      gradient.count == count * width,
      "the gradient of state \(state) has \(gradient.count) numbers; \(count) sequences of \(width) have \(count * width)")
    gradient.withUnsafeBufferPointer { if let base = $0.baseAddress { setFinalGradient(state, base) } }
  }

  /// The loss's gradient with respect to a state before the first step, `[B, width]`, after the backward run.
  package func initialGradient(_ state: Int) -> UnsafePointer<Float> {
    checkState(state)
    return UnsafePointer(memoryForBackward.states[state].base + lengths.batch * plan.width(ofState: state))
  }

  private var memoryForBackward: BackwardMemory {
    guard let backwardMemory else {
      fatalError("a runner of \(plan.cell.name) was made without memory for gradients: make it with servesBackward")
    }
    return backwardMemory
  }

  /// Says where the input of the last forward run stands now, packed rows with the same numbers, if it has moved since.
  package func moveInput(to place: UnsafePointer<Float>) { input = place }

  /// Runs all steps back, after a forward run that kept what is needed, which this run uses up.
  ///
  /// - Parameters:
  ///   - outputGradient: the loss's gradient with respect to each step's output, packed rows.
  ///   - inputGradient: receives that of the input, packed rows; nil if it is not wanted.
  ///   - parameterGradients: receives, added to what it holds, that of the parameters, laid out as ``layout`` says. Nil if
  ///     the steps are a segment of longer sequences, and the segment before it comes next: the sums go on there. Summed so, they
  ///     are the same bits as those of the whole.
  ///   - keepingStateGradients: whether ``stateGradients(_:)`` will be asked for.
  package func backward(
    outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?,
    parameterGradients: UnsafeMutablePointer<Float>?, keepingStateGradients: Bool = false
  ) {
    let memory = memoryForBackward
    guard let schedule = backwardSchedule else {
      fatalError("a runner with memory for gradients has no schedule for the steps back")
    }
    if lengths.rows == 0 { return }
    ensure(hasKept, "a backward run consumes the forward run before it: run forward again, keeping")
    hasKept = false
    let slotGradients = memory.slotGradients(of: slots)
    memory.sums.begin(lengths, isLast: parameterGradients != nil)
    self.memory?.prepare(plan.backward, lengths)
    self.memory?.begin(goesOn: memory.sums.goesOn)
    var buffers = buffers()
    func set(_ number: Int, _ base: UnsafeMutablePointer<Float>?, _ stride: Int, _ addressing: Int) {
      buffers[number] = rk_buffer(base: base, row_stride: Int64(stride), addressing: Int32(addressing))
    }
    set(BufferNumbers.slotGradients, slotGradients, plan.slotWidth, RK_STEP)
    set(BufferNumbers.outputGradient, UnsafeMutablePointer(mutating: outputGradient), plan.width(ofState: 0), RK_STEP)
    if inputGradient == nil && plan.gradients.input != nil {
      backwardMemory?.discarded = memory.discarded.grown(to: lengths.rows * plan.inputWidth)
    }
    set(BufferNumbers.inputGradient, inputGradient ?? backwardMemory?.discarded.base, plan.inputWidth, RK_STEP)
    let kept = keepingStateGradients ? stateGradientBuffers(memory) : []
    for state in states.indices {
      let width = plan.width(ofState: state)
      if keepingStateGradients {
        set(numbers.incomingGradient(state), kept[state].base + lengths.batch * width, width, RK_STEP)
        set(numbers.outgoingGradient(state), kept[state].base, width, RK_PREVIOUS)
      } else {
        set(numbers.incomingGradient(state), memory.states[state].base, width, RK_ALTERNATE)
        set(numbers.outgoingGradient(state), memory.states[state].base, width, RK_ALTERNATE_OTHER)
      }
    }
    for vector in memory.sums.vectors {
      set(numbers.parameterGradient(vector.parameter), vector.sums.base, vector.width, RK_ROW)
    }
    var phases = [
      steps(schedule, forward: false, buffers: buffers),
      memory.sums.sumRows(slotGradients, vectors: plan.products.map(vectors), machine),
    ]
    let projections = parameterGradients == nil ? [:] : projectionSums
    if parameterGradients != nil { phases += self.memory?.finish(lengths, projections) ?? [] }
    if let inputGradient { phases += inputGradients(into: inputGradient, slotGradients: slotGradients) }
    machine.run(phases)
    for (state, gradients) in kept.enumerated() {
      let count = lengths.batch * plan.width(ofState: state)
      (memory.states[state].base + count).update(from: gradients.base, count: count)
    }
    backwardMemory?.kept = kept
    if let parameterGradients {
      memory.sums.add(to: parameterGradients, machine.instructionSet)
      for (value, sum) in projections {
        let target = parameterGradients + weights.projectionEntry(of: value).range.lowerBound
        for place in 0..<sum.count { target[place] += sum.base[place] }
      }
    }
  }

  /// Room for the gradient of each parameter that the rows of a memory are multiplied by.
  private var projectionSums: [Graph.Value: FloatBuffer] {
    Dictionary(
      uniqueKeysWithValues: weights.projections.keys.map {
        ($0, FloatBuffer(count: weights.projectionEntry(of: $0).range.count))
      })
  }

  /// The vectors that a product multiplied, one for each packed row.
  private func vectors(of product: Plan.Product) -> (base: UnsafePointer<Float>, stride: Int) {
    vectors(at: plan.backward.home(of: product))
  }

  private func vectors(at home: Plan.Place) -> (base: UnsafePointer<Float>, stride: Int) {
    switch home {
    case .part(let whole, let column):
      let (base, stride) = vectors(at: whole)
      return (base + column, stride)
    case .kept(let column): return (UnsafePointer(kept.base + column), plan.keptWidth)
    case .slot(let column): return (UnsafePointer(slots.base + column), plan.slotWidth)
    case .next(let state): return (UnsafePointer(states(state)), plan.width(ofState: state))
    case .previous(let state): return (previousStates(state), plan.width(ofState: state))
    // The same for every row.
    case .parameter(let index):
      let vector = found(weights.vectors[index], orFail: "the vector parameter \(index) of \(plan.cell.name) has no memory")
      return (UnsafePointer(vector.base), 0)
    case .input:
      if let input { return (input, plan.inputWidth) }
      fatalError(
        "a backward run of \(plan.cell.name) has lost its input: run forward again, keeping")
    default:
      fatalError(
        "a product of \(plan.cell.name) multiplies what is not kept for every row, but \(home)")
    }
  }

  /// A state before each packed row's step. With equal lengths that is the state's memory as it stands; else the rows of
  /// sequences that ended lie between.
  func previousStates(_ state: Int) -> UnsafePointer<Float> {
    let width = plan.width(ofState: state)
    if lengths.areEqual { return UnsafePointer(states[state].base) }
    let gathered = gathered[state, default: FloatBuffer(count: 0)].grown(to: lengths.rows * width)
    self.gathered[state] = gathered
    for step in 0..<lengths.steps {
      let target = gathered.base + Int(lengths.offsets[step]) * width
      let source = states[state].base + Int(lengths.previousOffsets[step]) * width
      target.update(from: source, count: Int(lengths.live[step]) * width)
    }
    return UnsafePointer(gathered.base)
  }
}
