import Engine

/// Sums of vectors for the symbols of a batch: those of each shard's rows by themselves, and then over the shards (`ShardRows`).
struct SymbolSums {
  private let width: Int
  private let symbols: Int
  private var shards = 0
  /// The shard of each row of the batch.
  private var shardOfRow: [Int32] = []
  /// Where the sum of a symbol in a shard stands, `[symbols, shards]`; negative where the shard has no such symbol.
  private var places: [Int32] = []
  private var sums: [Float] = []
  /// The symbols that have a sum in any shard.
  private var touched: [Int] = []

  init(symbols: Int, width: Int) {
    self.symbols = symbols
    self.width = width
  }

  mutating func begin(_ lengths: PackedLengths) {
    shards = lengths.shards
    let ofSequence = (0..<lengths.batch).map { Int32(lengths.shard(of: $0)) }
    shardOfRow.removeAll(keepingCapacity: true)
    for step in 0..<lengths.steps { shardOfRow += ofSequence.prefix(lengths.rows(of: step..<step + 1).count) }
    if places.count == symbols * shards { return }
    places = [Int32](repeating: -1, count: symbols * shards)
  }

  mutating func add(_ vector: UnsafePointer<Float>, times factor: Float, to symbol: Int, ofRow row: Int) {
    let shard = Int(shardOfRow[row])
    var place = Int(places[symbol * shards + shard])
    if place < 0 {
      if !places[symbol * shards..<(symbol + 1) * shards].contains(where: { $0 >= 0 }) { touched.append(symbol) }
      place = sums.count
      places[symbol * shards + shard] = Int32(place)
      for number in 0..<width { sums.append(factor * vector[number]) }
      return
    }
    sums.withUnsafeMutableBufferPointer { sums in
      for number in 0..<width { sums[place + number] += factor * vector[number] }
    }
  }

  /// Adds the sums to the gradients of the symbols' vectors, `[symbols, width]`, and forgets them.
  mutating func finish(_ gradients: UnsafeMutablePointer<Float>) {
    sums.withUnsafeMutableBufferPointer { sums in
      guard let base = sums.baseAddress else { return }
      for symbol in touched {
        let parts = (0..<shards).map { shard -> UnsafeMutablePointer<Float>? in
          let place = Int(places[symbol * shards + shard])
          return place < 0 ? nil : base + place
        }
        guard let sum = sumTree(parts, count: width) else { continue }
        for number in 0..<width { gradients[symbol * width + number] += sum[number] }
        for shard in 0..<shards { places[symbol * shards + shard] = -1 }
      }
    }
    touched.removeAll(keepingCapacity: true)
    sums.removeAll(keepingCapacity: true)
  }
}
