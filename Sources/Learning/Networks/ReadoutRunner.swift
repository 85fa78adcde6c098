import CellCompiler
import CellLanguage
import Engine

/// Makes one row of each sequence, `[B, width]`, of what the last layer gives at its steps, and of that row's gradient those of
/// the steps.
///
/// Steps may come a segment at a time: sums are added up from the first step on, so that segments give the same bits as all
/// steps at once.
final class ReadoutRunner {
  private let readout: Architecture.Readout
  private let layer: LayerRunner
  private let width: Int
  private let machine: Machine
  private var lengths = PackedLengths(steps: 0, batch: 0)
  /// While steps go on, the sums of a mean, the largest so far of a maximum. `[B, width]`
  private var values = FloatBuffer(count: 0)
  /// The steps at which a maximum was found first, `[B, width]`.
  private var places: [Int32] = []
  /// The gradient of ``rows``, `[B, width]`, for whoever knows it to write.
  private(set) var gradient = FloatBuffer(count: 0)

  /// Nil if every step is read out.
  ///
  /// - Parameter layer: the last one.
  init?(_ readout: Architecture.Readout, of layer: LayerRunner, machine: Machine) {
    if readout == .everyStep { return nil }
    self.readout = readout
    self.layer = layer
    width = layer.outputWidth
    self.machine = machine
  }

  /// Begins a batch.
  ///
  /// - Parameter takesGradient: whether ``gradient`` is wanted.
  func begin(_ lengths: PackedLengths, takesGradient: Bool) {
    self.lengths = lengths
    let count = lengths.batch * width
    values = values.grown(to: count)
    values.clear(0..<count)
    if readout == .max { places = [Int32](repeating: -1, count: count) }
    if takesGradient { gradient = gradient.grown(to: count) }
  }

  /// Takes in some steps, which the layer has just run and which follow those before.
  func add(_ steps: Range<Int>) {
    let width = width
    nonisolated(unsafe) let (output, target) = (layer.output, values.base)
    switch readout {
    case .everyStep: break
    case .last: layer.copyFinalOutput(to: target)
    case .mean:
      eachRow(of: steps) { row, sum, _ in
        for column in 0..<width { target[sum + column] += output[row + column] }
      }
      if steps.upperBound == lengths.steps {
        for (sequence, length) in lengths.perSequence.enumerated() where length > 0 {
          for place in sequence * width..<(sequence + 1) * width { target[place] /= Float(length) }
        }
      }
    case .max:
      places.withUnsafeMutableBufferPointer { places in
        nonisolated(unsafe) let places = places
        eachRow(of: steps) { row, largest, step in
          for column in 0..<width {
            let (value, place) = (output[row + column], largest + column)
            // What is not a number stays, for those to find who ask where it came from.
            guard places[place] < 0 || value > target[place] || value.isNaN else { continue }
            target[place] = value
            places[place] = Int32(step)
          }
        }
      }
    }
  }

  /// What the steps so far have come to, `[B, width]`; a mean only once all steps are in. Of a sequence without steps the last
  /// output is the one before the first step, mean and maximum are 0.
  var rows: UnsafePointer<Float> { UnsafePointer(values.base) }

  /// The gradient of the states after each sequence's last step, once ``gradient`` is known.
  ///
  /// - Parameter incoming: for each of the network's passes, `[B, width]`, the gradient of what else depends on its states; empty
  ///   for zero.
  func finalGradients(with incoming: [[[Float]]], of runners: [SequenceRunner]) -> [[[Float]]] {
    guard readout == .last else { return incoming }
    var all =
      incoming.isEmpty
      ? runners.map { runner in
        runner.plan.cell.states.indices.map { [Float](repeating: 0, count: lengths.batch * runner.plan.width(ofState: $0)) }
      } : incoming
    let first = all.count - layer.runners.count
    for (pass, own) in layer.finalOutputGradients(gradient.base).enumerated() {
      for (place, value) in own.enumerated() { all[first + pass][0][place] += value }
    }
    return all
  }

  /// Writes the gradient of what the layer gave at some steps, packed rows, once ``gradient`` is known.
  func spread(over steps: Range<Int>, into target: UnsafeMutablePointer<Float>) {
    let width = width
    nonisolated(unsafe) let (source, target) = (gradient.base, target)
    switch readout {
    case .everyStep: break
    // It goes into the last states.
    case .last: target.update(repeating: 0, count: lengths.rows(of: steps).count * width)
    case .mean:
      let lengths = lengths.perSequence
      eachRow(of: steps) { row, mean, _ in
        let count = Float(lengths[mean / width])
        for column in 0..<width { target[row + column] = source[mean + column] / count }
      }
    case .max:
      places.withUnsafeBufferPointer { places in
        nonisolated(unsafe) let places = places
        eachRow(of: steps) { row, largest, step in
          for column in 0..<width {
            target[row + column] = places[largest + column] == Int32(step) ? source[largest + column] : 0
          }
        }
      }
    }
  }

  /// Runs `body` with where the rows of some steps begin among those steps' rows, where their sequences' begin in `[B, width]`,
  /// and which step it is. A sequence's steps come one after the other; threads share the sequences.
  private func eachRow(of steps: Range<Int>, _ body: @Sendable (_ row: Int, _ sequence: Int, _ step: Int) -> Void) {
    let (lengths, width) = (lengths, width)
    let start = lengths.rows(of: steps).lowerBound
    // A few microseconds of adding are not worth waking a thread for.
    let grain = max(1, (1 << 15) / max(1, width * steps.count))
    machine.forEachPart(of: lengths.batch, grain: grain) { sequences in
      for step in steps {
        for sequence in sequences where lengths.perSequence[sequence] > step {
          body((lengths.row(step: step, sequence: sequence) - start) * width, sequence * width, step)
        }
      }
    }
  }

  /// Bytes that a run forward and back over `sequences` sequences holds.
  func plannedBytes(sequences: Int) -> Int { (readout == .max ? 3 : 2) * 4 * sequences * width }

  /// What it holds of that now.
  var allocatedBytes: Int { 4 * (values.count + gradient.count + places.count) }
}
