import Kernels
import Support

// Sums over rows that belong to shards. They are the same bits whatever part of the columns a call sums up.
extension InstructionSet {
  /// sums[n, k] = Σ left[row, n] · right[row, k] over the rows of each shard, and over the shards in the tree.
  ///
  /// - Parameter sources: rows of left and right; of several, each shard's sums are added first.
  package func sumOuterProducts(
    _ sources: [OuterSource], rows: ShardRows, to sums: UnsafeMutablePointer<Float>, n: Int, k: Int
  ) {
    rows.rows.withUnsafeBufferPointer { list in
      rows.ends.withUnsafeBufferPointer { sum(sources, list, $0, accumulates: false, to: sums, n, k) }
    }
  }

  /// sums[n, k] = Σ left[row, n] · right[row, k] over some rows of one shard, in their order.
  ///
  /// - Parameter accumulates: whether the sum goes on from what `sums` holds, that of the shard's rows before.
  package func sumOuterProducts(
    _ source: OuterSource, rowsOfOneShard rows: ArraySlice<Int32>, accumulates: Bool, to sums: UnsafeMutablePointer<Float>,
    n: Int, k: Int
  ) {
    rows.withUnsafeBufferPointer { list in
      [Int32(list.count)].withUnsafeBufferPointer { sum([source], list, $0, accumulates: accumulates, to: sums, n, k) }
    }
  }

  /// sums[width] += the column sums of some rows of matrix[rows, width], in their order.
  package func addColumnSums(
    of matrix: UnsafePointer<Float>, stride: Int, rows: ArraySlice<Int32>, width: Int, to sums: UnsafeMutablePointer<Float>
  ) {
    rows.withUnsafeBufferPointer { list in
      kernels.pointee.add_column_sums(sums, matrix, Int64(stride), list.baseAddress, Int64(list.count), Int64(width))
    }
  }

  private func sum(
    _ sources: [OuterSource], _ rows: UnsafeBufferPointer<Int32>, _ ends: UnsafeBufferPointer<Int32>, accumulates: Bool,
    to sums: UnsafeMutablePointer<Float>, _ n: Int, _ k: Int
  ) {
    let count = rk_outer_scratch_size(Int32(ends.count), Int32(sources.count), Int64(n), Int64(k))
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: Int(count) * MemoryLayout<Float>.stride, alignment: 64)
    defer { scratch.deallocate() }
    sources.map(\.kernels).withUnsafeBufferPointer { sources in
      var sum = rk_outer_sum(
        out: sums, out_stride: Int64(k), sources: sources.baseAddress, source_count: Int32(sources.count),
        shards: Int32(ends.count), rows: rows.baseAddress, ends: ends.baseAddress, accumulate: accumulates ? 1 : 0, n: Int64(n),
        k: Int64(k))
      kernels.pointee.sum_outer_products(&sum, scratch.assumingMemoryBound(to: Float.self))
    }
  }
}

/// Rows that are multiplied by each other: those of left become the rows of a matrix, those of right its columns.
package struct OuterSource {
  package let left: UnsafePointer<Float>
  package let leftStride: Int
  package let right: UnsafePointer<Float>
  package let rightStride: Int

  package init(left: UnsafePointer<Float>, leftStride: Int, right: UnsafePointer<Float>, rightStride: Int) {
    self.left = left
    self.leftStride = leftStride
    self.right = right
    self.rightStride = rightStride
  }

  fileprivate var kernels: rk_outer_source {
    rk_outer_source(left: left, left_stride: Int64(leftStride), right: right, right_stride: Int64(rightStride))
  }
}
