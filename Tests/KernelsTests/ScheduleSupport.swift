import Kernels

/// Negative numbers are tile registers, others are buffers; unused sources repeat the first.
func instruction(
  _ name: String, _ destination: Int32, _ a: Int32, _ b: Int32? = nil, sourceColumn: Int32 = 0, span: Int32 = 1,
  parts: Int32 = 1
) -> rk_instruction {
  let first = rk_operand(buffer: a, column: sourceColumn)
  let second = b.map { rk_operand(buffer: $0, column: 0) } ?? first
  return rk_instruction(
    operation: rk_operation(name), span: span, parts: parts,
    destination: rk_operand(buffer: destination, column: 0), sources: (first, second, first), destination_part: 0,
    source_parts: (0, 0, 0))
}

/// Calls `body` with a schedule of the given parts.
func withSchedule(
  phases: [rk_phase], products: [rk_product], programs: [rk_program], buffers: [rk_buffer], batch: Int, stepOffset: [Int64],
  previousOffset: [Int64], live: [Int32], _ body: (UnsafePointer<rk_schedule>) -> Void
) {
  phases.withUnsafeBufferPointer { phases in
    products.withUnsafeBufferPointer { products in
      programs.withUnsafeBufferPointer { programs in
        buffers.withUnsafeBufferPointer { buffers in
          stepOffset.withUnsafeBufferPointer { stepOffset in
            previousOffset.withUnsafeBufferPointer { previousOffset in
              live.withUnsafeBufferPointer { live in
                var schedule = rk_schedule(
                  phases: phases.baseAddress, phase_count: Int32(phases.count), products: products.baseAddress,
                  programs: programs.baseAddress, buffers: buffers.baseAddress, buffer_count: Int32(buffers.count),
                  batch: Int32(batch), step_offset: stepOffset.baseAddress, previous_offset: previousOffset.baseAddress,
                  live: live.baseAddress, ring_start: 0, ring_rows: 0, ring_first: 0, memory_rows: nil)
                body(&schedule)
              }
            }
          }
        }
      }
    }
  }
}

/// A step's calls, bound once.
final class BoundStep {
  private let memory: UnsafeMutableRawPointer
  private let kernels: rk_kernels

  init(
    _ kernels: rk_kernels, _ schedule: UnsafePointer<rk_schedule>, step: Int32, rows: Int32, scratch: UnsafeMutablePointer<Float>
  ) {
    self.kernels = kernels
    let size = kernels.bind_step(schedule, step, rows, scratch, nil)
    memory = .allocate(byteCount: Int(size), alignment: 8)
    _ = kernels.bind_step(schedule, step, rows, scratch, memory)
  }

  deinit { memory.deallocate() }

  func run() { withExtendedLifetime(self) { kernels.run_bound(memory) } }
}
