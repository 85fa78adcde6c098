/// What a process tells the others of its part of a batch.
struct BatchReport {
  /// Of each of its parts, with its first shard.
  var losses: [(shard: Int, loss: Double)] = []
  var sumCount = 0
  var wishes = TrainingWishes()
  var failure: String?

  init() {}

  var bytes: [UInt8] {
    if let failure { return [1] + Array(failure.utf8) }
    let numbers = [UInt64(sumCount)] + losses.flatMap { [UInt64($0.shard), $0.loss.bitPattern] }
    return [0, wishes.stops ? 1 : 0, wishes.saves ? 1 : 0]
      + numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
  }

  init(_ bytes: [UInt8]) {
    if bytes[0] == 1 {
      failure = String(decoding: bytes.dropFirst(), as: UTF8.self)
      return
    }
    wishes = TrainingWishes(stops: bytes[1] == 1, saves: bytes[2] == 1)
    let numbers = stride(from: 3, to: bytes.count, by: 8).map { start in
      (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
    }
    sumCount = Int(numbers[0])
    losses = stride(from: 1, to: numbers.count, by: 2).map { (Int(numbers[$0]), Double(bitPattern: numbers[$0 + 1])) }
  }
}
