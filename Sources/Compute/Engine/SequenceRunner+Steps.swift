import CellCompiler
import CellLanguage
import Kernels

// How the threads share a run.
extension SequenceRunner {
  /// A schedule over all steps: each thread with its share of the sequences, or, if these are few, all together with each its
  /// share of the units.
  ///
  /// - Parameter keeping: whether a forward run keeps what a backward run reads.
  func steps(_ schedule: SharedSchedule, forward: Bool, keeping: Bool = false, buffers: [rk_buffer]) -> Phase {
    let size = max(schedule.tileSize(memoryRows: memory?.capacity ?? 0), rebuildSchedule?.tileSize ?? 0)
    tiles = tiles.map { $0.grown(to: size) }
    if !matricesStay && !plan.rebuiltStates.isEmpty {
      return forward
        ? stepsOverMatrices(schedule, keeping: keeping, buffers: buffers) : stepsBackOverMatrices(schedule, buffers: buffers)
    }
    if sharesUnits && !schedule.parts.isEmpty { return stepsTogether(schedule, forward: forward, buffers: buffers) }
    let (shares, steps) = (self.shares, Int32(lengths.steps))
    return Phase(parts: shares.count) { [machine, tiles, lengths, memory] index in
      schedule.whole.withSchedule(buffers, lengths, memory: memory) { schedule in
        machine.instructionSet.kernels.pointee.run(
          schedule, forward ? 0 : steps - 1, steps, forward ? 1 : -1, Int32(shares[index].lowerBound),
          Int32(shares[index].upperBound), tiles[index].base)
      }
    }
  }

  /// The system may let some threads come late or not at all: then one runs all by itself, to the same bits.
  private func stepsTogether(_ schedule: SharedSchedule, forward: Bool, buffers: [rk_buffer]) -> Phase {
    let steps = Int32(lengths.steps)
    let (first, direction): (Int32, Int32) = forward ? (0, 1) : (steps - 1, -1)
    let count = Int32(schedule.parts.count)
    let barrier = Barrier()
    return Phase(parts: schedule.parts.count) { [machine, tiles, lengths, memory] index in
      let place = rk_barrier_join(barrier.base, count)
      if place == RK_GONE { return }
      let part = place == RK_ALONE ? schedule.whole : schedule.parts[Int(place)]
      let (kernels, tile) = (machine.instructionSet.kernels, tiles[index].base)
      part.withSchedule(buffers, lengths, memory: memory) { schedule in
        if place == RK_ALONE {
          kernels.pointee.run(schedule, first, steps, direction, 0, Int32(lengths.batch), tile)
        } else {
          kernels.pointee.run_together(schedule, first, steps, direction, tile, barrier.base, count)
        }
      }
    }
  }

  /// Whether all threads work on each step: for a few sequences that are worth more than waking the threads.
  var sharesUnits: Bool { lengths.batch < sequencesToShare && lengths.rows >= 16 * lengths.batch }

  /// The sequences that each thread runs, all of them if the threads share the units. Work of less than a few microseconds is not
  /// worth waking a thread for.
  var shares: [Range<Int>] {
    let memory = (self.memory?.longest ?? 0) * plan.memories.reduce(0) { $0 + plan.graph[$1].width } * 8
    let matrices = plan.rebuiltStates.reduce(0) { $0 + plan.width(ofState: $1) }
    let work = lengths.rows * plan.products.reduce((plan.slotWidth + matrices) * 8 + memory) { $0 + $1.n * $1.k }
    return lengths.shares(threads: work < 1 << 17 || sharesUnits ? 1 : machine.threads)
  }
}

extension BoundSchedule {
  /// Calls `body` with the schedule over the given buffers, all steps of `lengths` and the memories of the sequences.
  func withSchedule<Result>(
    _ buffers: [rk_buffer], _ lengths: PackedLengths, memory: RunnerMemory?, _ body: (UnsafePointer<rk_schedule>) -> Result
  ) -> Result {
    guard let memory else { return withSchedule(buffers, lengths, body) }
    return memory.rows.withUnsafeBufferPointer { withSchedule(buffers, lengths, memoryRows: $0.baseAddress, body) }
  }
}

/// Where the threads of one run meet.
private final class Barrier {
  let base = UnsafeMutablePointer<rk_barrier>.allocate(capacity: 1)

  init() { base.initialize(to: rk_barrier()) }

  deinit { base.deallocate() }
}

extension Plan {
  /// Batches of fewer sequences are faster if the threads share the units than if they share the sequences.
  ///
  /// Where a thread has no more than two sequences, a step takes as long as its weights take to come from the second-level cache
  /// or from beyond it: then each thread should read its share of them only. Against that stand two barriers a step and results
  /// that pass from core to core. Measured with an LSTM's steps on two cores with 1 MB of second-level cache: with 512 units,
  /// 0.56 times as long for one sequence, 0.61 for two, 0.69 for three, 0.86 for four, 1.1 for eight; with 256 units 0.66 for
  /// one, 0.75 for two, 0.93 for three, 1.14 for four; with 128 units nothing is gained. The machine was busy: these are the best
  /// of many runs, and rough. Whole runs with 512 units and 8 to 64 sequences then took 1.01 to 1.07 times as long with shared
  /// units, and those with 1024 units and 32 sequences 0.96 times.
  func sequencesToShare(threads: Int) -> Int {
    if threads < 2 || recurrentMultiplyAdds < 1 << 18 { return 0 }
    return recurrentMultiplyAdds < 1 << 20 ? threads + 1 : 2 * threads + 1
  }
}
