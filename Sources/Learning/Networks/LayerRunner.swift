import CellCompiler
import CellLanguage
import Engine

/// Runs one layer over a batch: in its direction, or in both, of which it merges what they give.
///
/// A reverse pass runs over sequences whose rows have changed places, so that the engine knows of one direction only. What it
/// reads is copied for that; what it gives would have to be copied in any case to be merged.
final class LayerRunner {
  /// The forward pass first.
  let runners: [SequenceRunner]
  let outputWidth: Int
  private let direction: Architecture.Direction
  /// Nil of a layer that reads forward only.
  private let merging: (any Merging)?
  private let machine: Machine
  /// Where the rows of a reverse pass stand.
  private var reversal: [Int] = []
  private var reversedInput = FloatBuffer(count: 0)
  private var merged = FloatBuffer(count: 0)
  /// The gradient of what each pass gives, where it is not that of the layer's output, and that of what a reverse one reads.
  private var outputGradients = [FloatBuffer(count: 0), FloatBuffer(count: 0)]
  private var reversedInputGradient = FloatBuffer(count: 0)

  /// - Parameter plans: of its passes.
  init(_ layer: Architecture.Layer, plans: ArraySlice<Plan>, machine: Machine, trains: Bool) {
    runners = plans.map { SequenceRunner(plan: $0, machine: machine, servesBackward: trains) }
    outputWidth = layer.outputWidth(runners.map(\.width))
    direction = layer.direction
    merging = layer.direction.merging(runners.map(\.width))
    self.machine = machine
  }

  /// The length of the vector that it reads.
  var inputWidth: Int { runners[0].plan.dimensions.inputs }

  /// Makes room for a batch. The initial states of all passes are zero afterwards.
  ///
  /// - Parameter reversal: of the rows; not used by a layer that reads forward only.
  func prepare(_ lengths: PackedLengths, reversal: [Int]) {
    for runner in runners { runner.prepare(lengths) }
    if direction == .forward { return }
    self.reversal = reversal
    reversedInput = reversedInput.grown(to: lengths.rows * inputWidth)
    merged = merged.grown(to: lengths.rows * outputWidth)
  }

  private var rows: Int { runners[0].lengths.rows }

  /// What the layer gives, packed rows.
  var output: UnsafePointer<Float> { UnsafePointer(direction == .forward ? runners[0].states(0) : merged.base) }

  /// Runs each pass by `run` on what it reads, and merges what they give.
  ///
  /// - Parameter input: packed rows. Must stay unchanged until the backward run if there is one.
  func forward(_ input: UnsafePointer<Float>, run: (SequenceRunner, UnsafePointer<Float>) -> Void) {
    if direction != .reverse { run(runners[0], input) }
    guard let merging else { return }
    let width = inputWidth
    nonisolated(unsafe) let (source, target) = (input, reversedInput.base)
    eachRow(of: width) { row, other in (target + other * width).update(from: source + row * width, count: width) }
    run(runners[runners.count - 1], UnsafePointer(reversedInput.base))
    merge(by: merging)
  }

  /// What the layer gives where its passes end: the forward one at each sequence's last step, the reverse one at its first. `[B,
  /// width]`
  func copyFinalOutput(to target: UnsafeMutablePointer<Float>) {
    let batch = runners[0].lengths.batch
    guard let merging else { return runners[0].copyFinalState(0, to: target) }
    let (width, ends) = (outputWidth, finalOutputs)
    let (forward, reverse) = (ends[0], ends[ends.count - 1])
    for sequence in 0..<batch {
      merging.merge(
        forward.base + sequence * runners[0].width, reverse.base + sequence * runners[runners.count - 1].width,
        into: target + sequence * width)
    }
  }

  /// The gradient of what each pass ends with, `[B, width]`, from that of what ``copyFinalOutput(to:)`` gave.
  func finalOutputGradients(_ gradient: UnsafePointer<Float>) -> [[Float]] {
    let batch = runners[0].lengths.batch
    guard let merging else { return [Array(UnsafeBufferPointer(start: gradient, count: batch * outputWidth))] }
    let (ends, last) = (finalOutputs, runners.count - 1)
    let (ahead, back) = (runners[0].width, runners[last].width)
    let gradients = runners.map { FloatBuffer(count: batch * $0.width) }
    for sequence in 0..<batch {
      merging.split(
        gradient + sequence * outputWidth, ends[0].base + sequence * ahead, ends[last].base + sequence * back,
        intoForward: gradients[0].base + sequence * ahead, intoReverse: gradients[last].base + sequence * back)
    }
    return zip(gradients, runners).map { Array(UnsafeBufferPointer(start: $0.base, count: batch * $1.width)) }
  }

  /// The output with which each pass ends, `[B, width]`.
  private var finalOutputs: [FloatBuffer] {
    runners.map { runner in
      let rows = FloatBuffer(count: runner.lengths.batch * runner.width)
      runner.copyFinalState(0, to: rows.base)
      return rows
    }
  }

  private func merge(by merging: any Merging) {
    let (width, last) = (outputWidth, runners.count - 1)
    let (ahead, back) = (runners[0].width, runners[last].width)
    nonisolated(unsafe) let (target, forward, reverse) = (merged.base, runners[0].states(0), runners[last].states(0))
    eachRow(of: width) { row, other in
      merging.merge(forward + row * ahead, reverse + other * back, into: target + row * width)
    }
  }

  /// Runs the passes back.
  ///
  /// - Parameters:
  ///   - gradient: of what the layer gave, packed rows.
  ///   - inputGradient: receives that of what it read; nil if it is not wanted.
  ///   - parameterGradients: receives, added to what each holds, that of the passes' parameters; nil as
  ///     ``Engine/SequenceRunner/backward(outputGradient:inputGradient:parameterGradients:keepingStateGradients:)`` has it.
  ///   - keepingStateGradients: as it has it there.
  func backward(
    _ gradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?,
    parameterGradients: [UnsafeMutablePointer<Float>]?, keepingStateGradients: Bool = false
  ) {
    let gradients = split(gradient)
    if direction != .reverse {
      runners[0].backward(
        outputGradient: gradients[0], inputGradient: inputGradient, parameterGradients: parameterGradients?[0],
        keepingStateGradients: keepingStateGradients)
    }
    if direction == .forward { return }
    let (width, last) = (inputWidth, runners.count - 1)
    if inputGradient != nil { reversedInputGradient = reversedInputGradient.grown(to: rows * width) }
    runners[last].backward(
      outputGradient: gradients[last], inputGradient: inputGradient.map { _ in reversedInputGradient.base },
      parameterGradients: parameterGradients?[last], keepingStateGradients: keepingStateGradients)
    guard let inputGradient else { return }
    nonisolated(unsafe) let (target, source) = (inputGradient, reversedInputGradient.base)
    let isAdded = direction != .reverse
    eachRow(of: width) { row, other in
      for place in 0..<width {
        target[row * width + place] = (isAdded ? target[row * width + place] : 0) + source[other * width + place]
      }
    }
  }

  /// The gradient of what each pass gave, in the order in which it read.
  private func split(_ gradient: UnsafePointer<Float>) -> [UnsafePointer<Float>] {
    guard let merging else { return [gradient] }
    let (width, last) = (outputWidth, runners.count - 1)
    let (ahead, back) = (runners[0].width, runners[last].width)
    for pass in runners.indices {
      outputGradients[pass] = outputGradients[pass].grown(to: rows * runners[pass].width)
    }
    nonisolated(unsafe) let (ofForward, ofReverse) = (outputGradients[0].base, outputGradients[last].base)
    nonisolated(unsafe) let (source, forward, reverse) = (gradient, runners[0].states(0), runners[last].states(0))
    eachRow(of: width) { row, other in
      merging.split(
        source + row * width, forward + row * ahead, reverse + other * back, intoForward: ofForward + row * ahead,
        intoReverse: ofReverse + other * back)
    }
    return outputGradients.prefix(runners.count).map { UnsafePointer($0.base) }
  }

  /// Bytes that runs forward and back over such segments hold, as ``Engine/SequenceRunner`` has it for each pass.
  func plannedBytes(_ segments: [PackedLengths], takesInputGradient: Bool) -> Int {
    let passes = runners.reduce(0) { $0 + $1.plannedBytes(segments, takesInputGradient: takesInputGradient) }
    if direction == .forward { return passes }
    let rows = segments.map(\.rows).max() ?? 0
    let given = runners.reduce(outputWidth) { $0 + $1.width }
    return passes + 4 * rows * (given + inputWidth * (takesInputGradient ? 2 : 1))
  }

  /// What it holds of that now.
  var allocatedBytes: Int {
    let own = [reversedInput, merged, reversedInputGradient] + outputGradients
    return runners.reduce(0) { $0 + $1.allocatedBytes } + 4 * own.reduce(0) { $0 + $1.count }
  }

  /// Runs `body` for each row with the row that it changes places with, spread over the threads.
  private func eachRow(of width: Int, _ body: @Sendable (_ row: Int, _ other: Int) -> Void) {
    // A few microseconds of copying are not worth waking a thread for.
    reversal.withUnsafeBufferPointer { reversal in
      nonisolated(unsafe) let reversal = reversal
      machine.forEachPart(of: rows, grain: max(1, (1 << 15) / max(1, width))) { rows in
        for row in rows { body(row, reversal[row]) }
      }
    }
  }
}

extension SequenceRunner {
  /// The length of the output vector.
  var width: Int { plan.width(ofState: 0) }
}
