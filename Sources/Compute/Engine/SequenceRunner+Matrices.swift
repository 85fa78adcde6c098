import CellCompiler
import CellLanguage
import Kernels
import Support

/// States that are matrices, of which a run keeps those before every few steps. On the way back those between are computed again,
/// a few sequences at a time, so that they are still in the cache when the steps back read them.
struct MatrixMemory {
  /// The matrices before every few steps, of the sequences that are still going on then, by state.
  private(set) var starts: [Int: FloatBuffer] = [:]
  /// Where the rows of each such step begin.
  private(set) var startRows: [Int] = []
  /// For each part of the work and state the matrices of a few steps of a few sequences.
  private(set) var rings: [[Int: FloatBuffer]] = []

  mutating func prepare(_ plan: Plan, _ lengths: PackedLengths) {
    startRows = []
    var rows = 0
    for step in stride(from: 0, to: lengths.steps, by: Plan.stepsBetweenMatrices) {
      startRows.append(rows)
      rows += Int(lengths.live[step])
    }
    for state in plan.rebuiltStates {
      starts[state] = starts[state, default: FloatBuffer(count: 0)].grown(to: rows * plan.width(ofState: state))
    }
  }

  mutating func prepareRings(_ plan: Plan, parts: Int) {
    while rings.count < parts { rings.append([:]) }
    for (part, state) in rings.indices.flatMap({ part in plan.rebuiltStates.map { (part, $0) } }) {
      let count = (Plan.stepsBetweenMatrices + 1) * plan.sequencesOfRing * plan.width(ofState: state)
      rings[part][state] = rings[part][state, default: FloatBuffer(count: 0)].grown(to: count)
    }
  }

  var count: Int { starts.values.reduce(0) { $0 + $1.count } + rings.joined().reduce(0) { $0 + $1.value.count } }
}

extension Plan {
  /// As many sequences as have the matrices of a few steps in a megabyte. Where a step multiplies weights, they should not come from
  /// the second-level cache for each sequence by itself.
  var sequencesOfRing: Int {
    let floats = rebuiltStates.reduce(0) { $0 + width(ofState: $1) }
    return max(recurrentMultiplyAdds > 0 ? 4 : 1, (1 << 18) / max(1, (Self.stepsBetweenMatrices + 1) * floats))
  }
}

extension SequenceRunner {
  /// Room for the matrices after all steps, behind the initial ones.
  func makeRoomForAllMatrices() {
    for state in plan.rebuiltStates {
      let width = plan.width(ofState: state)
      let needed = (lengths.batch + lengths.rows) * width
      if states[state].count >= needed { continue }
      let grown = FloatBuffer(count: needed)
      grown.base.update(from: states[state].base, count: lengths.batch * width)
      states[state] = grown
    }
  }

  /// Some sequences of each share, and for each of these the first steps of every few that they have.
  private func blocks(of share: Range<Int>) -> [(sequences: Range<Int>, starts: [Int])] {
    stride(from: share.lowerBound, to: share.upperBound, by: plan.sequencesOfRing).map { first in
      let steps = lengths.perSequence[first]
      return (
        first..<min(first + plan.sequencesOfRing, share.upperBound),
        Array(stride(from: 0, to: steps, by: Plan.stepsBetweenMatrices))
      )
    }
  }

  /// All steps of each thread's sequences, a few sequences at a time, whose matrices alternate between two places.
  ///
  /// - Parameter keeping: whether the matrices before every few steps are kept.
  func stepsOverMatrices(_ schedule: SharedSchedule, keeping: Bool, buffers: [rk_buffer]) -> Phase {
    let (shares, rebuilt) = (self.shares, plan.rebuiltStates.map { ($0, plan.width(ofState: $0)) })
    return Phase(parts: shares.count) { [machine, tiles, lengths, states, matrixMemory, memory] index in
      schedule.whole.withSchedule(buffers, lengths, memory: memory) { schedule in
        for (sequences, starts) in self.blocks(of: shares[index]) {
          for start in starts {
            for (state, width) in keeping ? rebuilt : [] {
              let live = sequences.clamped(to: 0..<Int(lengths.live[start]))
              let target = found(matrixMemory.starts[state], orFail: "the matrices of state \(state) have no memory").base
              (target + (matrixMemory.startRows[start / Plan.stepsBetweenMatrices] + live.lowerBound) * width)
                .update(from: states[state].base + live.lowerBound * width, count: live.count * width)
            }
            machine.instructionSet.kernels.pointee.run(
              schedule, Int32(start), Int32(min(Plan.stepsBetweenMatrices, lengths.steps - start)), 1,
              Int32(sequences.lowerBound), Int32(sequences.upperBound), tiles[index].base)
          }
        }
      }
    }
  }

  /// All steps back of each thread's sequences, a few sequences and steps at a time, for which the matrices are made again first.
  func stepsBackOverMatrices(_ schedule: SharedSchedule, buffers: [rk_buffer]) -> Phase {
    let rebuild = found(rebuildSchedule, orFail: "a runner that serves a backward run can't make matrices again")
    let (shares, rebuilt) = (self.shares, plan.rebuiltStates.map { ($0, plan.width(ofState: $0)) })
    matrixMemory.prepareRings(plan, parts: shares.count)
    return Phase(parts: shares.count) { [machine, tiles, lengths, matrixMemory, numbers, memory] index in
      let (ring, kernels) = (matrixMemory.rings[index], machine.instructionSet.kernels)
      func base(_ buffers: [Int: FloatBuffer], _ state: Int) -> UnsafeMutablePointer<Float> {
        found(buffers[state], orFail: "the matrices of state \(state) have no memory").base
      }
      var own = buffers
      for (state, width) in rebuilt {
        own[numbers.previous(state)] = rk_buffer(base: base(ring, state), row_stride: Int64(width), addressing: Int32(RK_RING))
        own[numbers.next(state)] = rk_buffer(base: base(ring, state), row_stride: Int64(width), addressing: Int32(RK_RING_NEXT))
      }
      rebuild.withSchedule(own, lengths, memory: memory) { again in
        schedule.whole.withSchedule(own, lengths, memory: memory) { back in
          var (again, back) = (again.pointee, back.pointee)
          for (sequences, starts) in self.blocks(of: shares[index]) {
            let (first, end) = (Int32(sequences.lowerBound), Int32(sequences.upperBound))
            for start in starts.reversed() {
              for (state, width) in rebuilt {
                let live = sequences.clamped(to: 0..<Int(lengths.live[start]))
                let row = matrixMemory.startRows[start / Plan.stepsBetweenMatrices] + live.lowerBound
                base(ring, state).update(from: base(matrixMemory.starts, state) + row * width, count: live.count * width)
              }
              let count = Int32(min(Plan.stepsBetweenMatrices, lengths.steps - start))
              again.setRing(start: start, sequences)
              back.setRing(start: start, sequences)
              kernels.pointee.run(&again, Int32(start), count, 1, first, end, tiles[index].base)
              kernels.pointee.run(&back, Int32(start) + count - 1, count, -1, first, end, tiles[index].base)
            }
          }
        }
      }
    }
  }
}

extension rk_schedule {
  fileprivate mutating func setRing(start: Int, _ sequences: Range<Int>) {
    (ring_start, ring_rows, ring_first) = (Int32(start), Int32(sequences.count), Int32(sequences.lowerBound))
  }
}
