import CellCompiler
import CellLanguage
import Support

/// The sums over the rows of a batch that become the gradients of a layer's parameters, made as ``ShardRows`` says.
///
/// Matrices are summed up after the steps, all shards in one go if all steps are there. Vectors and scalars are summed up in
/// the steps, for each sequence by itself, so that threads may share the sequences as they like. Where a batch comes in
/// segments of its steps, the sums of each shard are kept from one to the next.
final class ParameterSums {
  private let plan: Plan
  private let layout: ParameterLayout
  private let sums: [MatrixSum]
  /// Vectors, biases and scalars, of which a shard may have several sums.
  private let small: Set<Int>
  /// Where they stand in what a shard has summed up of them.
  private let smallLayout: ParameterLayout

  private var lengths = PackedLengths(steps: 0, batch: 0)
  private var rows = ShardRows([])
  private var sequences = ShardRows([])
  /// The sequences whose later steps have been summed up before these; nil if there are none.
  private var begun: PackedLengths?
  /// Whether the sums go on from those of later steps, and whether earlier steps come next.
  private(set) var (goesOn, isLast) = (false, true)

  /// Each sum of matrices over the whole batch, and over each shard, if these are kept: one for each source, as many as they are
  /// filled up to.
  private let matrices: [FloatBuffer]
  private var shardMatrices: [[FloatBuffer?]]
  /// The sums of each product's biases, `[shards, n]`.
  private var biases: [FloatBuffer]
  private(set) var vectors: [VectorSums]
  /// What each shard has summed up of the small parameters.
  private var smallSums = FloatBuffer(count: 0)

  init(plan: Plan, layout: ParameterLayout) {
    self.plan = plan
    self.layout = layout
    sums = plan.matrixSums(layout)
    vectors = plan.summedWidths.sorted { $0.key < $1.key }.map { VectorSums(parameter: $0.key, width: $0.value) }
    small = Set(plan.products.flatMap { $0.blocks.flatMap(\.biases) } + vectors.map(\.parameter))
    smallLayout = layout.compacted(to: small)
    matrices = sums.map { FloatBuffer(count: $0.n * $0.k) }
    shardMatrices = sums.map { _ in [] }
    biases = plan.products.map { _ in FloatBuffer(count: 0) }
  }

  /// Makes ready for a run back over some sequences.
  ///
  /// - Parameter isLast: whether no segment of earlier steps comes next.
  func begin(_ lengths: PackedLengths, isLast: Bool) {
    if let begun {
      ensure(
        begun.numbers == lengths.numbers && begun.shards == lengths.shards,
        "a segment's sums are not complete: run back the segment before it, of the same sequences, first")
    }
    (goesOn, self.isLast) = (begun != nil, isLast)
    begun = isLast ? nil : lengths
    if lengths != self.lengths {
      self.lengths = lengths
      rows = lengths.rowsByShard()
      sequences = lengths.sequencesByShard
    }
    if goesOn { return }
    for index in vectors.indices { vectors[index].clear(lengths.batch) }
    for (index, product) in plan.products.enumerated() where product.hasBiases {
      biases[index] = biases[index].grown(to: lengths.shards * product.n)
      biases[index].clear(0..<lengths.shards * product.n)
    }
    if keepsShards { makeRoomForShards() }
  }

  private var keepsShards: Bool { goesOn || !isLast }

  private func makeRoomForShards() {
    for (index, sum) in sums.enumerated() {
      let leaves = sum.sources.count.roundedUpToPowerOfTwo
      var kept = shardMatrices[index]
      kept += Array(repeating: nil, count: max(0, lengths.shards * leaves - kept.count))
      for shard in sequences.occupied {
        for leaf in shard * leaves..<shard * leaves + sum.sources.count where kept[leaf] == nil {
          kept[leaf] = FloatBuffer(count: sum.n * sum.k)
        }
      }
      shardMatrices[index] = kept
    }
  }

  /// Sums up the rows of matrices and biases.
  ///
  /// - Parameters:
  ///   - gradients: of the slots, packed rows.
  ///   - vectors: what each product multiplied, packed rows of some stride.
  func sumRows(
    _ gradients: UnsafePointer<Float>, vectors: [(base: UnsafePointer<Float>, stride: Int)], _ machine: Machine
  ) -> Phase {
    let level = machine.instructionSet
    let matrices = sums.enumerated().map { index, sum in
      let sources = sum.sources.map { source in
        let (base, stride) = vectors[source.product]
        let (slots, vector) = (gradients + source.slot, base + source.element)
        return source.isTransposed
          ? OuterSource(left: vector, leftStride: stride, right: slots, rightStride: plan.slotWidth)
          : OuterSource(left: slots, leftStride: plan.slotWidth, right: vector, rightStride: stride)
      }
      return Phase(machine.ranges(of: sum.n, grain: max(16, (1 << 16) / (lengths.rows * sum.k)))) { [self] part in
        sumMatrix(index, part, sources.map { $0.part(from: part.lowerBound) }, level)
      }
    }
    let biases = plan.products.enumerated().filter { $1.hasBiases }.map { index, product in
      Phase(machine.ranges(of: product.n, grain: max(64, (1 << 18) / lengths.rows))) { [self] part in
        sumBiases(index, part, gradients + product.start + part.lowerBound, level)
      }
    }
    return Phase(together: matrices + biases)
  }

  private func sumMatrix(_ index: Int, _ part: Range<Int>, _ sources: [OuterSource], _ level: InstructionSet) {
    let (k, first) = (sums[index].k, part.lowerBound * sums[index].k)
    let target = matrices[index].base + first
    if !keepsShards { return level.sumOuterProducts(sources, rows: rows, to: target, n: part.count, k: k) }
    let leaves = sources.count.roundedUpToPowerOfTwo
    let kept = shardMatrices[index].map { $0.map { $0.base + first } }
    var parts = [UnsafeMutablePointer<Float>?](repeating: nil, count: lengths.shards * leaves)
    for shard in sequences.occupied {
      for (place, source) in sources.enumerated() {
        guard let sum = kept[shard * leaves + place] else { fatalError("shard \(shard) of a batch has sequences and no sums") }
        level.sumOuterProducts(source, rowsOfOneShard: rows[shard], accumulates: goesOn, to: sum, n: part.count, k: k)
        parts[shard * leaves + place] = sum
      }
    }
    if isLast, let sum = sumTree(parts, count: part.count * k) { target.update(from: sum, count: part.count * k) }
  }

  private func sumBiases(_ index: Int, _ part: Range<Int>, _ gradients: UnsafePointer<Float>, _ level: InstructionSet) {
    for shard in sequences.occupied {
      level.addColumnSums(
        of: gradients, stride: plan.slotWidth, rows: rows[shard], width: part.count,
        to: biases[index].base + shard * plan.products[index].n + part.lowerBound)
    }
  }

  /// Adds the gradients, which are complete, to those of the parameters.
  func add(to gradients: UnsafeMutablePointer<Float>, _ level: InstructionSet) {
    for (sum, matrix) in zip(sums, matrices) { sum.add(matrix.base, to: gradients) }
    let (occupied, count) = (sequences.occupied, smallLayout.count)
    smallSums = smallSums.grown(to: count * occupied.count)
    smallSums.clear(0..<count * occupied.count)
    var parts = [UnsafeMutablePointer<Float>?](repeating: nil, count: lengths.shards)
    for (place, shard) in occupied.enumerated() {
      parts[shard] = smallSums.base + place * count
      addSmall(of: shard, to: smallSums.base + place * count, level)
    }
    guard let sum = sumTree(parts, count: count) else { return }
    for parameter in small {
      let (own, target) = (smallLayout.entries[parameter].range, gradients + layout.entries[parameter].range.lowerBound)
      for place in 0..<own.count { target[place] += sum[own.lowerBound + place] }
    }
  }

  /// Adds what a shard has summed up of biases, vectors and scalars.
  private func addSmall(of shard: Int, to sums: UnsafeMutablePointer<Float>, _ level: InstructionSet) {
    for (product, biases) in zip(plan.products, biases) where product.hasBiases {
      var slots = biases.base + shard * product.n
      for block in product.blocks {
        for bias in block.biases {
          let target = sums + smallLayout.entries[bias].range.lowerBound + block.results.lowerBound
          for row in 0..<block.rows { target[row] += slots[row] }
        }
        slots += block.rows
      }
    }
    for vector in vectors {
      let own = smallLayout.entries[vector.parameter].range
      for (place, sum) in vector.total(of: sequences[shard], level).enumerated() {
        sums[own.lowerBound + (own.count == 1 ? 0 : place)] += sum
      }
    }
  }

  /// Floats that grow with the batch, or that are there for each shard.
  var count: Int {
    let matrices = shardMatrices.joined().reduce(0) { $0 + ($1?.count ?? 0) }
    return rows.rows.count + vectors.reduce(0) { $0 + $1.sums.count } + matrices
  }

  /// How many of these runs over such segments need: the list of rows, the sums for each sequence and, of several segments, a
  /// sum of each matrix for each shard that has sequences.
  static func plannedCount(_ plan: Plan, _ segments: [PackedLengths]) -> Int {
    guard let first = segments.first else { return 0 }
    let kept = segments.count > 1 ? first.sequencesByShard.occupied.count * plan.multiplyAdds : 0
    return segments.reduce(0) { max($0, $1.rows) } + first.batch * plan.summedWidths.values.reduce(0, +) + kept
  }
}

extension MatrixSum {
  /// Adds the sum, `[n, k]`, to the gradients of the parameters.
  fileprivate func add(_ sum: UnsafePointer<Float>, to gradients: UnsafeMutablePointer<Float>) {
    var source = sum
    for place in places {
      for row in 0..<place.rows {
        let target = gradients + place.start + row * place.rowStride
        for column in 0..<k { target[column * place.columnStride] += source[column] }
        source += k
      }
    }
  }
}

extension OuterSource {
  /// What it gives to the matrix from some row on.
  func part(from row: Int) -> OuterSource {
    OuterSource(left: left + row, leftStride: leftStride, right: right, rightStride: rightStride)
  }
}

extension Int {
  fileprivate var roundedUpToPowerOfTwo: Int {
    var power = 1
    while power < self { power *= 2 }
    return power
  }
}
