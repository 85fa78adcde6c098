import CellCompiler
import Engine
import Support

/// Reads out the mean of each sequence's rows, or the largest number of each column. A sequence without steps has 0.
struct PooledReadoutNode: NetworkNode {
  private let isMean: Bool
  private let input: Int
  let width: Int

  init(isMean: Bool, reads: Int, width: Int) {
    self.isMean = isMean
    input = reads
    self.width = width
  }

  var name: String { "the readout of the \(isMean ? "mean" : "largest")" }
  var reads: [Int] { [input] }

  func runner(_ parts: RunnerParts) -> any NodeRunner {
    PooledReadoutRunner(isMean: isMean, reads: parts.edges[input], gives: parts.output, machine: parts.machine)
  }

  func stream(_ stream: StreamParts) throws(RecurrentError) -> StreamNode {
    PooledRows(isMean: isMean, reads: input, stream)
  }
}

/// Steps may come a segment at a time: sums are added up from the first step on, so that segments give the same bits as all
/// steps at once.
private final class PooledReadoutRunner: NodeRunner {
  let span = NetworkGraph.Span.step
  private let isMean: Bool
  private let input: EdgeRows
  private let output: EdgeRows
  private let machine: Machine
  /// While steps go on, the sums of a mean, the largest so far of a maximum. `[B, width]`
  private var values = FloatBuffer(count: 0)
  /// The steps at which a maximum was found first, `[B, width]`.
  private var places: [Int32] = []

  init(isMean: Bool, reads input: EdgeRows, gives output: EdgeRows, machine: Machine) {
    self.isMean = isMean
    (self.input, self.output) = (input, output)
    self.machine = machine
  }

  func begin(_ run: BatchRun) {
    let count = run.lengths.batch * output.width
    values = values.grown(to: count)
    values.clear(0..<count)
    if !isMean { places = [Int32](repeating: -1, count: count) }
    seen = 0
  }

  /// How many steps have been read out. On the way back they are run forward again, and must not count twice.
  private var seen = 0

  func forward(_ segment: Segment) {
    output.values = UnsafePointer(values.base)
    if segment.steps.upperBound <= seen && !segment.steps.isEmpty { return }
    seen = segment.steps.upperBound
    let width = output.width
    nonisolated(unsafe) let (source, target) = (input.values, values.base)
    if isMean {
      eachRow(of: segment) { row, sum, _ in
        for column in 0..<width { target[sum + column] += source[row + column] }
      }
      if segment.isLast {
        for (sequence, length) in segment.whole.perSequence.enumerated() where length > 0 {
          for place in sequence * width..<(sequence + 1) * width { target[place] /= Float(length) }
        }
      }
      return
    }
    places.withUnsafeMutableBufferPointer { places in
      nonisolated(unsafe) let places = places
      eachRow(of: segment) { row, largest, step in
        for column in 0..<width {
          let (value, place) = (source[row + column], largest + column)
          // What is not a number stays, for those to find who ask where it came from.
          guard places[place] < 0 || value > target[place] || value.isNaN else { continue }
          target[place] = value
          places[place] = Int32(step)
        }
      }
    }
  }

  func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    let width = output.width
    nonisolated(unsafe) let source = output.keptGradient(rows: segment.whole.batch)
    input.addGradient(rows: segment.lengths.rows) { target in
      nonisolated(unsafe) let target = target
      if isMean {
        let lengths = segment.whole.perSequence
        eachRow(of: segment) { row, mean, _ in
          let count = Float(lengths[mean / width])
          for column in 0..<width { target[row + column] = source[mean + column] / count }
        }
        return
      }
      places.withUnsafeBufferPointer { places in
        nonisolated(unsafe) let places = places
        eachRow(of: segment) { row, largest, step in
          for column in 0..<width {
            target[row + column] = places[largest + column] == Int32(step) ? source[largest + column] : 0
          }
        }
      }
    }
  }

  /// Runs `body` with where the rows of some steps begin among those steps' rows, where their sequences' begin in `[B, width]`,
  /// and which step it is. A sequence's steps come one after the other; threads share the sequences.
  private func eachRow(of segment: Segment, _ body: @Sendable (_ row: Int, _ sequence: Int, _ step: Int) -> Void) {
    let (lengths, width, steps) = (segment.whole, output.width, segment.steps)
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

  func plannedBytes(_ plan: MemoryPlan) -> Int { (isMean ? 1 : 2) * 4 * plan.sequences * output.width }
  var allocatedBytes: Int { 4 * (values.count + places.count) }
}
