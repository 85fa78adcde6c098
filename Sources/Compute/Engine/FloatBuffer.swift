import Platform

/// Floats at a fixed address, aligned to a cache line, zero at first.
package final class FloatBuffer {
  package let count: Int
  package let base: UnsafeMutablePointer<Float>

  package init(count: Int) {
    self.count = count
    let bytes = max(count, 16) * MemoryLayout<Float>.stride
    // With pages of 4 KB, most of the time to make a large buffer goes into its pages.
    let memory = System.allocate(bytes)
    base = memory.bindMemory(to: Float.self, capacity: max(count, 16))
    base.initialize(repeating: 0, count: max(count, 16))
  }

  deinit { base.deallocate() }

  /// The buffer itself if it holds `count` floats, else a larger one: what it held is then gone.
  package func grown(to count: Int) -> FloatBuffer { count <= self.count ? self : FloatBuffer(count: count) }

  package func clear(_ range: Range<Int>) { (base + range.lowerBound).update(repeating: 0, count: range.count) }
}
