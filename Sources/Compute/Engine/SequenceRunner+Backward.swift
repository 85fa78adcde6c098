import CellCompiler
import CellLanguage
import Kernels
import Support

/// What the backward run needs beside the forward run's memory.
struct BackwardMemory {
  /// The gradients of the pre-activations, if they can't stand in the pre-activations' own place.
  private var slotGradients = FloatBuffer(count: 0)
  /// Each state's gradient, `[2, B, width]`: as it comes in to a step and as it goes out, alternately.
  var states: [FloatBuffer]
  /// Whether the sums below hold those of later segments of the same sequences.
  var holdsSums = false
  /// Each state's gradient at all steps of the last backward run, if it was to keep them.
  var kept: [FloatBuffer] = []
  /// Sums for vector and scalar parameters, for each thread.
  let parameters: [[Int: FloatBuffer]]
  /// The gradient of each product's stacked matrix and of its biases.
  let matrices: [FloatBuffer]
  let biases: [FloatBuffer]
  /// The input's gradient where the caller does not want it.
  var discarded = FloatBuffer(count: 0)

  private let plan: Plan

  init(plan: Plan, threads: Int) {
    self.plan = plan
    states = plan.cell.states.map { _ in FloatBuffer(count: 0) }
    parameters = (0..<threads).map { _ in
      plan.gradients.parameters.reduce(into: [:]) { sums, sum in
        let width = plan.graph[sum.value].width
        sums[sum.parameter] = sums[sum.parameter]?.grown(to: width) ?? FloatBuffer(count: width)
      }
    }
    matrices = plan.products.map { FloatBuffer(count: $0.n * $0.k) }
    biases = plan.products.map { FloatBuffer(count: $0.n) }
  }

  mutating func prepare(_ lengths: PackedLengths) {
    if !plan.gradientsReplaceSlots { slotGradients = slotGradients.grown(to: lengths.rows * plan.slotWidth) }
    for state in states.indices {
      let count = 2 * lengths.batch * plan.width(ofState: state)
      states[state] = states[state].grown(to: count)
      states[state].clear(0..<count)
    }
  }

  /// Where the gradients of the pre-activations `slots` stand.
  func slotGradients(of slots: FloatBuffer) -> UnsafeMutablePointer<Float> {
    plan.gradientsReplaceSlots ? slots.base : slotGradients.base
  }

  /// What grows with the rows.
  var rowBuffers: [FloatBuffer] { [slotGradients, discarded] }

  func clearSums() {
    for sum in parameters.flatMap(\.values) + matrices + biases { sum.clear(0..<sum.count) }
  }
}

extension SequenceRunner {
  /// Sets the loss's gradient with respect to a state after each sequence's last step, `[B, width]`; zero unless set
  /// between ``prepare(_:)`` and ``backward(outputGradient:inputGradient:parameterGradients:)``.
  package func setFinalGradient(_ state: Int, _ gradient: UnsafePointer<Float>) {
    checkState(state)
    let count = lengths.batch * plan.width(ofState: state)
    guard let base = backwardMemory?.states[state].base else { return }
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
  package func initialGradient(_ state: Int) -> UnsafePointer<Float>? {
    checkState(state)
    return backwardMemory.map { UnsafePointer($0.states[state].base + lengths.batch * plan.width(ofState: state)) }
  }

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
    if lengths.rows == 0 { return }
    guard let memory = backwardMemory, let schedule = backwardSchedule else {
      fatalError("a runner that was not made to serve a backward run can't run back")
    }
    ensure(hasKept, "a backward run consumes the forward run before it: run forward again, keeping")
    hasKept = false
    let slotGradients = memory.slotGradients(of: slots)
    var buffers = buffers()
    func set(_ number: Int, _ base: UnsafeMutablePointer<Float>?, _ stride: Int, _ addressing: Int) {
      buffers[number] = rk_buffer(base: base, row_stride: Int64(stride), addressing: Int32(addressing))
    }
    set(BufferNumbers.slotGradients, slotGradients, plan.slotWidth, RK_STEP)
    set(BufferNumbers.outputGradient, UnsafeMutablePointer(mutating: outputGradient), plan.width(ofState: 0), RK_STEP)
    if inputGradient == nil && plan.gradients.input != nil {
      backwardMemory?.discarded = memory.discarded.grown(to: lengths.rows * plan.dimensions.inputs)
    }
    set(BufferNumbers.inputGradient, inputGradient ?? backwardMemory?.discarded.base, plan.dimensions.inputs, RK_STEP)
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
    if !memory.holdsSums { memory.clearSums() }
    backwardMemory?.holdsSums = parameterGradients == nil
    let steps = steps(schedule, forward: false, buffers: buffers) { [numbers] part, buffers in
      for (parameter, sum) in memory.parameters[part] {
        buffers[numbers.parameterGradient(parameter)] = rk_buffer(base: sum.base, row_stride: 0, addressing: Int32(RK_ROW))
      }
    }
    var phases = [steps, matrixGradients(memory, slotGradients: slotGradients)]
    if let inputGradient { phases += inputGradients(into: inputGradient, slotGradients: slotGradients) }
    machine.run(phases)
    for (state, gradients) in kept.enumerated() {
      let count = lengths.batch * plan.width(ofState: state)
      (memory.states[state].base + count).update(from: gradients.base, count: count)
    }
    backwardMemory?.kept = kept
    if let parameterGradients { addSums(of: memory, to: parameterGradients) }
  }

  /// Adds the gradients of vectors in the order of the threads, so that the result depends on their number only.
  private func addSums(of memory: BackwardMemory, to gradients: UnsafeMutablePointer<Float>) {
    for sums in memory.parameters.prefix(shares.count) {
      for (parameter, sum) in sums {
        let range = layout.entries[parameter].range
        for place in 0..<sum.count { gradients[range.lowerBound + (range.count == 1 ? 0 : place)] += sum.base[place] }
      }
    }
    for index in plan.products.indices {
      let biases = weights.biases[index].map { _ in UnsafePointer(memory.biases[index].base) }
      weights.scatter(gradientOf: index, matrix: memory.matrices[index].base, biases: biases, into: gradients)
    }
  }

  /// One product a matrix over all rows: gradient[n, k] += Σ slot gradient · vectorᵀ.
  private func matrixGradients(_ memory: BackwardMemory, slotGradients: UnsafeMutablePointer<Float>) -> Phase {
    let (rows, slotWidth, level) = (lengths.rows, plan.slotWidth, machine.instructionSet)
    return Phase(
      together: plan.products.indices.map { index in
        let product = plan.products[index]
        let vectors = vectors(of: product)
        let (matrix, bias) = (memory.matrices[index].base, weights.biases[index].map { _ in memory.biases[index].base })
        return Phase(machine.ranges(of: product.n, grain: max(16, (1 << 16) / (rows * product.k)))) { part in
          let gradients = slotGradients + product.start + part.lowerBound
          level.addOuterProducts(
            gradients, stride: slotWidth, vectors.base, stride: vectors.stride, rows: rows,
            to: matrix + part.lowerBound * product.k, n: part.count, k: product.k)
          if let bias {
            level.addColumnSums(of: gradients, stride: slotWidth, rows: rows, width: part.count, to: bias + part.lowerBound)
          }
        }
      })
  }

  /// The vectors that a product multiplied, one for each packed row.
  private func vectors(of product: Plan.Product) -> (base: UnsafePointer<Float>, stride: Int) {
    switch plan.backward.homes[product.source] {
    case .kept(let column): (UnsafePointer(kept.base + column), plan.keptWidth)
    case .slot(let column): (UnsafePointer(slots.base + column), plan.slotWidth)
    case .next(let state): (UnsafePointer(states(state)), product.k)
    case .previous(let state): (previousStates(state), product.k)
    default: (input ?? UnsafePointer(slots.base), product.k)
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
