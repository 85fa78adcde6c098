import Kernels

/// The calls of a stream's steps, those of even and of odd number, with all their addresses.
final class StreamCalls {
  private let bound: BoundSchedule
  private let kernels: rk_kernels
  private let lengths: PackedLengths
  private var buffers: [rk_buffer]
  private var tiles: FloatBuffer
  private let memories: StreamMemories?
  @exclusivity(unchecked) private(set) var even: UnsafeMutableRawPointer
  @exclusivity(unchecked) private(set) var odd: UnsafeMutableRawPointer
  private var size = 0
  /// Whether a memory has changed since the calls were bound.
  @exclusivity(unchecked) private(set) var isStale = false

  init(_ bound: BoundSchedule, _ kernels: rk_kernels, _ buffers: [rk_buffer], batch: Int, memories: StreamMemories?, rows: Int) {
    (self.bound, self.kernels, self.buffers, self.memories) = (bound, kernels, buffers, memories)
    lengths = PackedLengths(steps: 2, batch: batch)
    tiles = FloatBuffer(count: bound.tileSize)
    even = .allocate(byteCount: 0, alignment: 64)
    odd = .allocate(byteCount: 0, alignment: 64)
    grow(to: rows)
    bind()
  }

  deinit {
    even.deallocate()
    odd.deallocate()
  }

  /// Gives a row of the batch its memory.
  func set(_ memory: StreamMemory, row: Int, in memories: StreamMemories) {
    if memory.count > memories.capacity { grow(to: memory.count) }
    memories.set(memory, row: row)
    isStale = true
  }

  /// Makes room, that of the calls included, for memories with that many rows.
  private func grow(to rows: Int) {
    guard let memories else { return makeRoom() }
    memories.grow(to: rows, &buffers)
    tiles = tiles.grown(to: bound.tileSize(memoryRows: rows))
    let counts = Array(memories.counts)
    memories.counts.update(repeating: Int32(rows))
    makeRoom()
    _ = memories.counts.update(fromContentsOf: counts)
  }

  private func makeRoom() {
    let needed = Int(max(write(0, to: nil), write(1, to: nil)))
    if needed <= size { return }
    even.deallocate()
    odd.deallocate()
    (even, odd) = (.allocate(byteCount: needed, alignment: 64), .allocate(byteCount: needed, alignment: 64))
    size = needed
  }

  /// Binds the steps to the memories as they are: this allocates nothing.
  func bind() {
    _ = write(0, to: even)
    _ = write(1, to: odd)
    isStale = false
  }

  private func write(_ step: Int32, to calls: UnsafeMutableRawPointer?) -> Int64 {
    let counts = memories.flatMap { UnsafePointer($0.counts.baseAddress) }
    return bound.withSchedule(buffers, lengths, memoryRows: counts) { schedule in
      kernels.bind_step(schedule, step, Int32(lengths.batch), tiles.base, calls)
    }
  }
}
