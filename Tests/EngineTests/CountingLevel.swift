import Engine
import Kernels
import Synchronization

/// The fastest kernels, with a count of the multiply-adds that the engine has them do in matrix products.
enum CountingLevel {
  static let level = InstructionSet(UnsafePointer(table), description: "counting")

  private static let multiplyAdds = Atomic(0)

  /// The multiply-adds that `body` has done on ``level``; one caller at a time.
  static func count(_ body: () throws -> Void) rethrows -> Int {
    let before = multiplyAdds.load(ordering: .sequentiallyConsistent)
    try body()
    return multiplyAdds.load(ordering: .sequentiallyConsistent) - before
  }

  private static func add(_ rows: Int64, _ n: Int64, _ k: Int64) {
    multiplyAdds.add(Int(rows * n * k), ordering: .sequentiallyConsistent)
  }

  nonisolated(unsafe) private static let fastest = (0..<rk_level_count()).compactMap { rk_level($0) }.last.unsafelyUnwrapped

  nonisolated(unsafe) private static let table = {
    let table = UnsafeMutablePointer<rk_kernels>.allocate(capacity: 1)
    table.initialize(to: fastest.pointee)
    table.pointee.product = { matrix, bias, x, xStride, out, outStride, rows, accumulate in
      if let matrix = matrix?.pointee { add(rows, Int64(matrix.n), Int64(matrix.k)) }
      fastest.pointee.product(matrix, bias, x, xStride, out, outStride, rows, accumulate)
    }
    table.pointee.sum_outer_products = { sum, scratch in
      if let sum = sum?.pointee { add(Int64(sum.source_count * sum.ends[Int(sum.shards) - 1]), sum.n, sum.k) }
      fastest.pointee.sum_outer_products(sum, scratch)
    }
    // That a run does for each step what the schedule says for the rows that are live, and touches no other, is what the
    // kernels' own tests hold.
    table.pointee.run = { schedule, first, steps, direction, rowBegin, rowEnd, scratch in
      if let schedule = schedule?.pointee {
        let phases = UnsafeBufferPointer(start: schedule.phases, count: Int(schedule.phase_count))
        for step in (0..<steps).map({ Int(first + $0 * direction) }) {
          let rows = max(0, min(schedule.live[step], rowEnd) - rowBegin)
          for phase in phases where phase.is_program == 0 {
            let matrix = schedule.products[Int(phase.index)].matrix
            add(Int64(rows), Int64(matrix.n), Int64(matrix.k))
          }
        }
      }
      fastest.pointee.run(schedule, first, steps, direction, rowBegin, rowEnd, scratch)
    }
    return table
  }()
}
