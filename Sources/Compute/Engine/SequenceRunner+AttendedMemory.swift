import CellCompiler
import CellLanguage

extension SequenceRunner {
  /// Gives each sequence of the next runs its memory. It stays in force for further segments of the same sequences.
  ///
  /// - Parameters:
  ///   - rows: packed rows of the sources, `[rows, K]`, K the plan's ``Plan/memoryWidth``; they are copied.
  ///   - lengths: of the sources, the longest first; each has at least one row if its sequence has steps.
  ///   - places: which sequence of the run each source belongs to.
  package func setMemory(_ rows: UnsafePointer<Float>, _ lengths: PackedLengths, places: [Int]) {
    attended.set(rows, lengths, places: places)
    let width = max(constantWidth, attended.capacity)
    if width > constantWidth { makeConstants(width) }
  }

  /// Adds the gradient of the memories' rows, packed as the sources are, to `target`; after the first segment was run back.
  package func addMemoryGradient(to target: UnsafeMutablePointer<Float>) { attended.addGradient(to: target) }

  private var attended: RunnerMemory {
    guard let memory else { fatalError("cell \(plan.cell.name) has no memory") }
    return memory
  }
}
