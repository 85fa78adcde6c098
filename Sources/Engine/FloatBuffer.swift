#if canImport(Glibc)
  import Glibc
#endif

/// Floats at a fixed address, aligned to a cache line, zero at first.
package final class FloatBuffer {
  package let count: Int
  package let base: UnsafeMutablePointer<Float>

  package init(count: Int) {
    self.count = count
    let bytes = max(count, 16) * MemoryLayout<Float>.stride
    let memory = Self.allocate(bytes)
    base = memory.bindMemory(to: Float.self, capacity: max(count, 16))
    base.initialize(repeating: 0, count: max(count, 16))
  }

  deinit { base.deallocate() }

  /// Large ones in pages of 2 MB where the system has them for whoever asks: with pages of 4 KB, most of the time to make a
  /// buffer goes into its pages.
  private static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    #if canImport(Glibc)
      let page = 1 << 21
      if bytes >= page {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: page)
        // A wish: memory in small pages is as good, but slower.
        _ = madvise(memory, bytes, MADV_HUGEPAGE)
        return memory
      }
    #endif
    return .allocate(byteCount: bytes, alignment: 64)
  }

  /// The buffer itself if it holds `count` floats, else a larger one: what it held is then gone.
  package func grown(to count: Int) -> FloatBuffer { count <= self.count ? self : FloatBuffer(count: count) }

  package func clear(_ range: Range<Int>) { (base + range.lowerBound).update(repeating: 0, count: range.count) }
}
