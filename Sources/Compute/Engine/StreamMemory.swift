import CellCompiler
import CellLanguage
import Kernels
import Support

/// The memory that streams read: the rows of a source and what depends on them alone, made once and shared by any number of streams on
/// any threads.
package final class StreamMemory: Sendable {
  /// How many rows there are.
  package let count: Int
  /// By ``Plan/memories``, `[count, width]`.
  nonisolated(unsafe) let values: [Graph.Value: FloatBuffer]

  /// - Parameters:
  ///   - weights: of the streams that will read it.
  ///   - rows: `[count, K]`, K the plan's ``Plan/memoryWidth``; they are copied.
  ///   - count: at least one.
  package init(_ weights: StreamWeights, rows: UnsafePointer<Float>, count: Int) {
    let plan = weights.plan
    let width = found(plan.memoryWidth, orFail: "cell \(plan.cell.name) has no memory")
    ensure(count > 0, "a memory of cell \(plan.cell.name) has \(count) rows; it needs at least one")
    self.count = count
    var values: [Graph.Value: FloatBuffer] = [:]
    for value in plan.memories {
      let buffer = FloatBuffer(count: count * plan.graph[value].width)
      if let panels = weights.weights.projections[value]?.panels {
        panels.multiply(rows, stride: width, rows: count, bias: nil, into: buffer.base, stride: panels.n)
      } else {
        buffer.base.update(from: rows, count: count * width)
      }
      values[value] = buffer
    }
    self.values = values
  }
}

/// The memories of a stream's rows, and the room that its steps need for each of their rows.
final class StreamMemories {
  private let plan: Plan
  private let numbers: BufferNumbers
  /// How many rows the memory of each row of the batch has.
  let counts: UnsafeMutableBufferPointer<Int32>
  /// The most rows that there is room for.
  private(set) var capacity = 0
  /// Held, since the kernels read them at their addresses.
  private var held: [StreamMemory?]
  private var tables: [Graph.Value: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>?>] = [:]
  private var scratch: [Graph.Value: FloatBuffer] = [:]
  private var constants = FloatBuffer(count: 0)

  init(_ plan: Plan, _ numbers: BufferNumbers, batch: Int) {
    (self.plan, self.numbers) = (plan, numbers)
    counts = .allocate(capacity: batch)
    counts.initialize(repeating: 0)
    held = Array(repeating: nil, count: batch)
    for value in plan.memories {
      let table = UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>?>.allocate(capacity: batch)
      table.initialize(repeating: nil)
      tables[value] = table
    }
  }

  deinit {
    counts.deallocate()
    for table in tables.values { table.deallocate() }
  }

  func set(_ memory: StreamMemory, row: Int) {
    ensure(held.indices.contains(row), "a stream has no row \(row); it has \(held.count), counted from 0")
    held[row] = memory
    counts[row] = Int32(memory.count)
    for (value, table) in tables {
      table[row] = found(memory.values[value], orFail: "a memory was made for another cell than \(plan.cell.name)").base
    }
  }

  /// Makes room for memories with that many rows.
  func grow(to rows: Int, _ buffers: inout [rk_buffer]) {
    capacity = rows
    for case .scratchOfMemory(let value) in plan.inference.homes.values {
      scratch[value] = FloatBuffer(count: held.count * rows * plan.graph[value].width)
    }
    let width = max(plan.longestValue, rows)
    constants = FloatBuffer(count: width * numbers.constants.count)
    for (index, number) in numbers.constants.enumerated() {
      let base = constants.base + index * width
      base.update(repeating: Float(number), count: width)
      buffers[numbers.constant(index)].base = base
    }
    for (value, buffer) in scratch {
      buffers[numbers.scratchOfMemory(value)] = rk_buffer(
        base: buffer.base, row_stride: Int64(rows * plan.graph[value].width), addressing: Int32(RK_ROW))
    }
    for (value, table) in tables {
      buffers[numbers.memory(value)] = rk_buffer(
        base: UnsafeMutableRawPointer(table.baseAddress)?.assumingMemoryBound(to: Float.self), row_stride: 0,
        addressing: Int32(RK_ELSEWHERE))
    }
  }
}
