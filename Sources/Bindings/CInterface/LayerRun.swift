import CRecurrent
import CellCompiler
import CellLanguage
import Engine
import Platform

/// Memory in which a layer is run, forward and back. It belongs to one caller at a time.
final class LayerRun: @unchecked Sendable {
  let servesBackward: Bool
  /// The process that has its threads.
  let process = System.processNumber
  private let runner: SequenceRunner
  private let machine: Machine
  /// The parameters as they were packed.
  private let parameters: FloatBuffer
  private var isLoaded = false
  /// The rows that change places where sequences are read from their ends; empty where they are not.
  private var reversal: [Int] = []
  private var reversedInput = FloatBuffer(count: 0)
  private var gradient = FloatBuffer(count: 0)
  private var reversedGradient = FloatBuffer(count: 0)
  /// The gradients of the parameters, one after the other.
  private var sums = FloatBuffer(count: 0)

  init(_ layer: Layer, on machine: Machine, servesBackward: Bool) {
    self.servesBackward = servesBackward
    self.machine = machine
    runner = SequenceRunner(plan: layer.plan, machine: machine, servesBackward: servesBackward)
    parameters = FloatBuffer(count: layer.layout.count)
  }

  private var plan: Plan { runner.plan }
  private var outputs: Int { plan.width(ofState: 0) }
  private var states: Range<Int> { plan.cell.states.indices }

  /// Runs a call that has been checked.
  func forward(_ call: recurrent_layer_call, _ lengths: PackedLengths, _ arrays: CallArrays) {
    load(arrays.parameters)
    runner.prepare(lengths)
    reversal = call.reverse != 0 ? lengths.reversal : []
    for state in states {
      if let initial = call.initial_states?[state] {
        runner.initialState(state).update(from: initial, count: lengths.batch * plan.width(ofState: state))
      }
      if let zoneout = call.zoneouts?[state], let own = runner.zoneout(state) {
        own.update(from: zoneout, count: lengths.rows * plan.width(ofState: state))
      }
    }
    runner.forward(inReadingOrder(arrays.input, width: plan.dimensions.inputs, &reversedInput), keeping: servesBackward)
    copy(runner.states(0), width: outputs, to: arrays.output)
    for state in states {
      if let final = call.final_states?[state] { runner.copyFinalState(state, to: final) }
    }
  }

  /// Runs back what was run forward last.
  func backward(_ call: recurrent_gradients) {
    let lengths = runner.lengths
    if let input = call.input, reversal.isEmpty { runner.moveInput(to: input) }
    for state in states {
      if let final = call.final_states?[state] { runner.setFinalGradient(state, final) }
    }
    sums = sums.grown(to: runner.layout.count)
    sums.clear(0..<runner.layout.count)
    let inputGradient = call.input_gradient.map { target in
      reversal.isEmpty ? target : buffer(&reversedGradient, rows: lengths.rows, width: plan.dimensions.inputs)
    }
    runner.backward(
      outputGradient: outputGradient(call.output), inputGradient: inputGradient, parameterGradients: sums.base)
    if !reversal.isEmpty, let inputGradient, let target = call.input_gradient {
      copy(inputGradient, width: plan.dimensions.inputs, to: target)
    }
    for state in states {
      if let target = call.initial_states?[state] {
        target.update(from: runner.initialGradient(state), count: lengths.batch * plan.width(ofState: state))
      }
    }
    for (index, entry) in runner.layout.entries.enumerated() {
      call.parameters?[index]?.update(from: sums.base + entry.range.lowerBound, count: entry.range.count)
    }
  }

  /// Packs the parameters if a bit of them has changed: to compare them costs less than to pack them, and unlike a number that
  /// counts changes it sees all of them.
  private func load(_ sources: [UnsafePointer<Float>]) {
    var isSame = isLoaded
    for (entry, source) in zip(runner.layout.entries, sources) {
      let own = parameters.base + entry.range.lowerBound
      if isSame && memcmp(own, source, entry.range.count * MemoryLayout<Float>.stride) == 0 { continue }
      isSame = false
      own.update(from: source, count: entry.range.count)
    }
    if !isSame { runner.load(UnsafePointer(parameters.base)) }
    isLoaded = true
  }

  private func outputGradient(_ given: UnsafePointer<Float>?) -> UnsafePointer<Float> {
    if let given { return inReadingOrder(given, width: outputs, &gradient) }
    let zeros = buffer(&gradient, rows: runner.lengths.rows, width: outputs)
    zeros.update(repeating: 0, count: runner.lengths.rows * outputs)
    return UnsafePointer(zeros)
  }

  private func buffer(_ buffer: inout FloatBuffer, rows: Int, width: Int) -> UnsafeMutablePointer<Float> {
    buffer = buffer.grown(to: rows * width)
    return buffer.base
  }

  /// Rows in the order in which they are read, where they are if that is the order of the steps.
  private func inReadingOrder(
    _ rows: UnsafePointer<Float>, width: Int, _ memory: inout FloatBuffer
  ) -> UnsafePointer<Float> {
    if reversal.isEmpty { return rows }
    let target = buffer(&memory, rows: reversal.count, width: width)
    copy(rows, width: width, to: target)
    return UnsafePointer(target)
  }

  /// Copies rows from the order in which they are read to that of the steps, or the other way round.
  private func copy(_ rows: UnsafePointer<Float>, width: Int, to target: UnsafeMutablePointer<Float>) {
    if reversal.isEmpty {
      target.update(from: rows, count: runner.lengths.rows * width)
    } else {
      for (row, other) in reversal.enumerated() {
        (target + row * width).update(from: rows + other * width, count: width)
      }
    }
  }
}
