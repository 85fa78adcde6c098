import Kernels
import Testing

struct OuterProductTests {
  struct Shape: CustomTestStringConvertible, Sendable {
    /// Rows of each shard.
    let shards: [Int]
    let n: Int, k: Int
    /// Floats between the end of a row of left and the next.
    var gap = 3
    var sources = 1

    var rows: Int { shards.reduce(0, +) }
    var testDescription: String { "shards of \(shards) rows, \(n) × \(k), gap \(gap), \(sources) sources" }

    /// Small ones of all kinds, and some that need several blocks of rows, of columns and of results, dense and far apart.
    static let all =
      [1, 2, 7, 8, 9, 17].flatMap { n in
        [1, 3, 8, 15, 16, 33, 50].map { k in
          Shape(shards: (0..<8).map { shard in shard % 3 == 2 ? 0 : 1 + (n * k + 5 * shard) % 11 }, n: n, k: k)
        }
      } + [
        Shape(shards: [128], n: 8, k: 48), Shape(shards: [0, 0, 300], n: 1, k: 300), Shape(shards: [129, 2], n: 65, k: 100),
        Shape(shards: [3, 300, 1], n: 12, k: 257), Shape(shards: [5, 0, 131, 1, 40], n: 70, k: 19, gap: 400),
        Shape(shards: [1, 257], n: 5, k: 40, gap: 1019), Shape(shards: [140, 7, 7, 0, 0, 1, 3], n: 129, k: 300, gap: 300),
        Shape(shards: [9, 8, 7, 6, 5, 4, 3, 2], n: 300, k: 20), Shape(shards: [2, 2, 0, 3], n: 270, k: 530, gap: 500),
        Shape(shards: [0, 0, 0], n: 9, k: 21), Shape(shards: Array(repeating: 1, count: 33), n: 3, k: 40),
        Shape(shards: [3, 0, 1, 20], n: 10, k: 30, sources: 2), Shape(shards: [2, 300, 0, 1, 4], n: 1, k: 20, sources: 3),
        Shape(shards: [4], n: 33, k: 17, gap: 600, sources: 5),
      ]
  }

  struct Operands {
    let shape: Shape
    let left: Memory, right: Memory, start: [Float]
    /// Each shard's rows, which lie anywhere.
    let rows: [[Int32]]
    var leftStride: Int { shape.n + shape.gap }
    var rightStride: Int { shape.k + 5 }
    var outStride: Int { shape.k + 2 }

    init(_ shape: Shape) {
      self.shape = shape
      var numbers = Numbers(seed: shape.rows * 10_000 + shape.n * 100 + shape.k)
      left = Memory(numbers.array(shape.sources * shape.rows * (shape.n + shape.gap)))
      right = Memory(numbers.array(shape.sources * shape.rows * (shape.k + 5)))
      start = numbers.array(shape.n * (shape.k + 2))
      var places = (0..<Int32(shape.rows)).map { (key: numbers.bits(), row: $0) }.sorted { $0.key < $1.key }.map(\.row)[...]
      rows = shape.shards.map { count in
        defer { places = places.dropFirst(count) }
        return Array(places.prefix(count))
      }
    }

    /// Sums up into `out` some results and columns over the rows of shards, from one source or all, which stand one after the
    /// other.
    func sum(
      _ kernels: rk_kernels, _ shards: [[Int32]], source: Int? = nil, accumulates: Bool = false, results: Range<Int>? = nil,
      columns: Range<Int>? = nil, into out: Memory
    ) {
      let results = results ?? 0..<shape.n, columns = columns ?? 0..<shape.k
      let rows = Array(shards.joined())
      var ends: [Int32] = []
      for shard in shards { ends.append((ends.last ?? 0) + Int32(shard.count)) }
      let sources = (source.map { [$0] } ?? Array(0..<shape.sources)).map { source in
        rk_outer_source(
          left: left.base + source * shape.rows * leftStride + results.lowerBound, left_stride: Int64(leftStride),
          right: right.base + source * shape.rows * rightStride + columns.lowerBound, right_stride: Int64(rightStride))
      }
      let size = rk_outer_scratch_size(Int32(shards.count), Int32(sources.count), Int64(results.count), Int64(columns.count))
      let scratch = Memory(count: Int(size))
      rows.withUnsafeBufferPointer { rows in
        ends.withUnsafeBufferPointer { ends in
          sources.withUnsafeBufferPointer { sources in
            var sum = rk_outer_sum(
              out: out.base + results.lowerBound * outStride + columns.lowerBound, out_stride: Int64(outStride),
              sources: sources.baseAddress, source_count: Int32(sources.count), shards: Int32(ends.count), rows: rows.baseAddress,
              ends: ends.baseAddress, accumulate: accumulates ? 1 : 0, n: Int64(results.count), k: Int64(columns.count))
            kernels.sum_outer_products(&sum, scratch.base)
          }
        }
      }
      for memory in [left, right, scratch] { #expect(memory.isUntouched()) }
    }

    /// The sums of all shards, where something stood before.
    func sums(_ kernels: rk_kernels) -> Memory {
      let out = Memory(start)
      sum(kernels, rows, into: out)
      return out
    }

    /// What is in a row of the result, and not beside it.
    func results(_ out: Memory) -> [UInt32] {
      (0..<shape.n).flatMap { row in (0..<shape.k).map { out.base[row * outStride + $0].bitPattern } }
    }
  }

  /// One product for each row and source, each product and each sum rounded (or both at once), and the sums of the shards'
  /// sources, are off by at most m u / (1 - m u) of the sum of the magnitudes, where m is the number of all these (Higham,
  /// Accuracy and Stability, 3.1 and 4.2); u is the roundoff.
  @Test(arguments: Level.all, Shape.all)
  func sumsAreWithinTheirBound(_ level: Level, shape: Shape) throws {
    try level.withKernels { kernels in
      let operands = Operands(shape)
      let out = operands.sums(kernels)
      let growth = Double(shape.sources * (shape.rows + shape.shards.count)) * roundoff
      for place in 0..<out.count {
        let (result, source) = place.quotientAndRemainder(dividingBy: operands.outStride)
        guard source < shape.k else {
          #expect(out.base[place].bitPattern == operands.start[place].bitPattern)
          continue
        }
        var exact = 0.0, magnitude = 0.0
        for row in 0..<shape.sources * shape.rows {
          let term =
            Double(operands.left.base[row * operands.leftStride + result])
            * Double(operands.right.base[row * operands.rightStride + source])
          exact += term
          magnitude += abs(term)
        }
        #expect(abs(Double(out.base[place]) - exact) <= growth / (1 - growth) * magnitude, "result \(result), source \(source)")
      }
      #expect(out.isUntouched())
    }
  }

  /// The result is that of each shard's rows one by one, added up by hand in a tree over the shards' numbers, below which there
  /// is one over the sources'.
  @Test(arguments: Level.all, Shape.all)
  func shardsAreSummedByThemselvesAndThenInATree(_ level: Level, shape: Shape) throws {
    try level.withKernels { kernels in
      let operands = Operands(shape)
      let shards = operands.rows.map { rows in
        tree(
          (0..<shape.sources).map { source -> [Float]? in
            if rows.isEmpty { return nil }
            let out = Memory(operands.start)
            for (place, row) in rows.enumerated() {
              operands.sum(kernels, [[row]], source: source, accumulates: place > 0, into: out)
            }
            return operands.results(out).map(Float.init(bitPattern:))
          })
      }
      let expected = tree(shards) ?? [Float](repeating: 0, count: shape.n * shape.k)
      #expect(operands.results(operands.sums(kernels)) == expected.map(\.bitPattern))
    }
  }

  private func tree(_ sums: [[Float]?]) -> [Float]? {
    var sums = sums
    while sums.count > 1 {
      sums = stride(from: 0, to: sums.count, by: 2).map { place in
        guard let right = place + 1 < sums.count ? sums[place + 1] : nil else { return sums[place] }
        guard let left = sums[place] else { return right }
        return zip(left, right).map { $0 + $1 }
      }
    }
    return sums.first ?? nil
  }

  /// The order of the sums is that of the rows, wherever a call ends and however many results and columns run side by side.
  @Test(arguments: Level.all, Shape.all)
  func sumsAreTheSameBitsHoweverTheWorkIsCut(_ level: Level, shape: Shape) throws {
    try level.withKernels { kernels in
      let operands = Operands(shape)
      let whole = operands.results(operands.sums(kernels))
      let byPart = Memory(operands.start)
      let cuts = [0..<shape.n / 3, shape.n / 3..<shape.n], columns = [0..<(shape.k + 1) / 2, (shape.k + 1) / 2..<shape.k]
      for results in cuts where !results.isEmpty {
        for columns in columns where !columns.isEmpty {
          operands.sum(kernels, operands.rows, results: results, columns: columns, into: byPart)
        }
      }
      #expect(operands.results(byPart) == whole)
      for rows in operands.rows where rows.count > 1 {
        let (atOnce, inTwo) = (Memory(operands.start), Memory(operands.start))
        operands.sum(kernels, [rows], source: 0, into: atOnce)
        let third = rows.count / 3
        operands.sum(kernels, [Array(rows[..<third])], source: 0, into: inTwo)
        operands.sum(kernels, [Array(rows[third...])], source: 0, accumulates: true, into: inTwo)
        #expect(operands.results(inTwo) == operands.results(atOnce))
      }
    }
  }

  /// What a row of left or right holds beside its columns takes no part, not even as 0 times a NaN; nor does what the result
  /// held.
  @Test(arguments: Level.all, Shape.all)
  func whatLiesBetweenTheRowsIsNotRead(_ level: Level, shape: Shape) throws {
    try level.withKernels { kernels in
      let operands = Operands(shape)
      let expected = operands.results(operands.sums(kernels))
      for place in 0..<operands.left.count where place % operands.leftStride >= shape.n { operands.left.base[place] = .nan }
      for place in 0..<operands.right.count where place % operands.rightStride >= shape.k { operands.right.base[place] = .nan }
      let out = Memory([Float](repeating: .nan, count: operands.start.count))
      operands.sum(kernels, operands.rows, into: out)
      #expect(operands.results(out) == expected)
    }
  }
}
