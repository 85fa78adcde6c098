import CellCompiler
import CellLanguage
package import Engine

/// A piece of work with weights and inputs, ready to run.
package final class BenchmarkSubject {
  package let work: BenchmarkWork
  package let data: BenchmarkData
  /// The peak of the process's memory after the run that was compared with the reference, before the reference ran.
  var peakBytes = 0
  private let engine: Engine
  private let parameters: FloatBuffer
  private let inputs: FloatBuffer
  private let memories: FloatBuffer
  private let outputGradients: FloatBuffer
  private let inputGradients: FloatBuffer
  private let parameterGradients: FloatBuffer
  private let memoryGradients: FloatBuffer
  private let outputWidth: Int

  private enum Engine {
    case sequences(SequenceRunner)
    case stream(CellStream)
  }

  /// - Parameters:
  ///   - form: how a stream's matrices are stored, which must hold the data's weights.
  ///   - activations: what a stream rounds the vectors to that meet them.
  package init(
    _ work: BenchmarkWork, _ data: BenchmarkData, on machine: Machine, form: WeightForm = .float32,
    activations: ActivationKind = .float32
  ) {
    self.work = work
    self.data = data
    outputWidth = work.plan.width(ofState: 0)
    parameters = FloatBuffer(copying: data.parameters)
    inputs = FloatBuffer(copying: data.inputs)
    memories = FloatBuffer(copying: data.memories)
    outputGradients = FloatBuffer(copying: data.outputGradients)
    inputGradients = FloatBuffer(count: work.mode == .train ? data.inputs.count : 0)
    parameterGradients = FloatBuffer(count: work.mode == .train ? data.parameters.count : 0)
    memoryGradients = FloatBuffer(count: work.mode == .train ? data.memories.count : 0)
    if work.mode == .step {
      let weights = StreamWeights(
        plan: work.plan, machine: machine, parameters: data.parameters, form: form, activations: activations)
      let stream = CellStream(weights, batch: work.batch, memoryRows: work.memoryRows ?? 0)
      if let count = work.memoryRows {
        for row in 0..<work.batch {
          stream.setMemory(StreamMemory(weights, rows: work.memory(row, of: data.memories), count: count), row: row)
        }
      }
      engine = .stream(stream)
    } else {
      let runner = SequenceRunner(plan: work.plan, machine: machine, servesBackward: work.mode == .train)
      runner.load(parameters.base)
      engine = .sequences(runner)
    }
  }

  /// Does the work `count` times.
  ///
  /// - Parameter traces: whether work that traces does so; otherwise it is the same run forward without traces.
  package func run(_ times: Int, traces: Bool = true) {
    switch engine {
    case .stream(let stream): step(stream, times)
    case .sequences(let runner):
      for _ in 0..<times {
        forward(runner, traces: traces && work.mode == .trace)
        if work.mode == .train { backward(runner) }
      }
    }
  }

  private func step(_ stream: CellStream, _ times: Int) {
    let count = work.batch * work.plan.inputWidth
    var done = 0
    while done < times {
      let steps = min(times - done, work.steps)
      for step in 0..<steps {
        stream.input.update(from: inputs.base + step * count, count: count)
        stream.step()
      }
      done += steps
    }
  }

  private func forward(_ runner: SequenceRunner, traces: Bool) {
    // As after each update of the weights in a training.
    if work.mode == .train { runner.load(parameters.base) }
    if let lengths = work.memoryLengths { runner.setMemory(memories.base, lengths, places: Array(0..<work.batch)) }
    runner.prepare(PackedLengths(steps: work.steps, batch: work.batch))
    for (state, values) in data.initialStates.enumerated() {
      runner.initialState(state).update(from: values, count: values.count)
    }
    if traces {
      _ = runner.trace(inputs.base)
    } else {
      runner.forward(inputs.base, keeping: work.mode == .train)
    }
  }

  private func backward(_ runner: SequenceRunner) {
    parameterGradients.clear(0..<data.parameters.count)
    runner.backward(
      outputGradient: outputGradients.base, inputGradient: inputGradients.base, parameterGradients: parameterGradients.base)
    if work.memoryRows == nil { return }
    memoryGradients.clear(0..<memoryGradients.count)
    runner.addMemoryGradient(to: memoryGradients.base)
  }
}

extension BenchmarkSubject {
  /// The results of a run.
  package struct Results: Sendable {
    /// The first state after each step, `[T, B, …]`.
    package var outputs: [Float] = []
    /// Gradients, in training: `[T, B, I]`; for each state `[B, …]`; laid out as ``Engine/ParameterLayout`` says.
    package var inputGradients: [Float] = []
    package var initialStateGradients: [[Float]] = []
    /// `[M, B, K]`
    package var memoryGradient: [Float] = []
    package var parameterGradients: [Float] = []
  }

  /// Does the work once, for a stream all of the sequence's steps from zero states, and returns the results.
  ///
  /// - Parameter gradients: the loss's gradient with respect to each output; nil for those of the data.
  package func results(outputGradients gradients: [Float]? = nil) -> Results {
    var results = Results()
    switch engine {
    case .stream(let stream):
      stream.reset()
      let count = work.batch * work.plan.inputWidth
      for step in 0..<work.steps {
        stream.input.update(from: inputs.base + step * count, count: count)
        results.outputs += UnsafeBufferPointer(start: stream.step(), count: work.batch * outputWidth)
      }
    case .sequences(let runner):
      outputGradients.copy(gradients ?? data.outputGradients)
      defer { outputGradients.copy(data.outputGradients) }
      run(1)
      results.outputs = Array(UnsafeBufferPointer(start: runner.states(0), count: work.batch * work.steps * outputWidth))
      guard work.mode == .train else { break }
      results.inputGradients = Array(UnsafeBufferPointer(start: inputGradients.base, count: data.inputs.count))
      results.parameterGradients = Array(UnsafeBufferPointer(start: parameterGradients.base, count: data.parameters.count))
      results.memoryGradient = Array(UnsafeBufferPointer(start: memoryGradients.base, count: memoryGradients.count))
      results.initialStateGradients = data.initialStates.enumerated().map { state, values in
        Array(UnsafeBufferPointer(start: runner.initialGradient(state), count: values.count))
      }
    }
    return results
  }
}

extension FloatBuffer {
  fileprivate convenience init(copying values: [Float]) {
    self.init(count: values.count)
    copy(values)
  }

  fileprivate func copy(_ values: [Float]) { base.update(from: values, count: values.count) }
}
