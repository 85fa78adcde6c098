import CRecurrent
import Engine
import Networks
import Sequences
import Support

/// A caller's batch, sorted and packed as networks read it.
struct PackedBatch {
  let lengths: PackedLengths
  let inputs: Batch.Inputs
  /// Sequences and the steps for which the caller's arrays have room.
  let (sequences, steps): (Int, Int)
  /// The place among the caller's sequences of each packed one.
  private let order: [Int]
  /// The place of each packed row in the caller's `[sequences, steps]`.
  private let places: [Int]

  init(_ batch: recurrent_batch, of model: Model) throws {
    guard let reads = model.reads else {
      if let context = model.network.architecture.context {
        throw Failure(
          RECURRENT_ERROR_UNSUITABLE, "the model begins each sequence with \(context.summary), which C can't give it")
      }
      throw Failure(
        RECURRENT_ERROR_UNSUITABLE, "the model reads \(model.network.architecture.input.encoding.summary), which C can't give it")
    }
    (sequences, steps) = try Self.sizes(batch)
    let own = try Self.lengths(batch, sequences, steps)
    let order = own.indices.sorted { (own[$1], $0) < (own[$0], $1) }
    lengths = PackedLengths(sorted: order.map { own[$0] })
    let steps = steps
    let places = (0..<lengths.steps).flatMap { step in order.prefix { own[$0] > step }.map { $0 * steps + step } }
    (self.order, self.places) = (order, places)
    var parts: [any InputRows] = []
    if reads.symbols > 0 {
      let symbols = try required(batch.symbols, "symbols")
      parts.append(SymbolRows(places.map { symbols[$0] }))
    }
    if reads.numbers > 0 {
      let input = try required(batch.input, "input")
      parts.append(
        NumberRows(places.flatMap { UnsafeBufferPointer(start: input + $0 * reads.numbers, count: reads.numbers) }))
    }
    inputs = Batch.Inputs(parts)
    try model.network.check(inputs, lengths)
  }

  private static func sizes(_ batch: recurrent_batch) throws(Failure) -> (Int, Int) {
    let rows = batch.sequences.multipliedReportingOverflow(by: batch.steps)
    guard batch.sequences >= 0, batch.steps >= 0, !rows.overflow, rows.partialValue <= Int32.max else {
      throw Failure(
        RECURRENT_ERROR_SHAPE,
        "a batch of \(batch.sequences) sequences of \(batch.steps) steps: neither may be negative, nor both together more than "
          + "\(Int32.max) rows")
    }
    return (Int(batch.sequences), Int(batch.steps))
  }

  private static func lengths(_ batch: recurrent_batch, _ sequences: Int, _ steps: Int) throws(Failure) -> [Int] {
    guard let lengths = batch.lengths else { return Array(repeating: steps, count: sequences) }
    for sequence in 0..<sequences where !(0...steps).contains(Int(clamping: lengths[sequence])) {
      throw Failure(
        RECURRENT_ERROR_SHAPE,
        "sequence \(sequence), counted from 0, has the length \(lengths[sequence]); the batch has room for \(steps) steps")
    }
    return (0..<sequences).map { Int(lengths[$0]) }
  }

  /// Writes packed rows to where the caller has them, zeros after a sequence's last step.
  ///
  /// - Parameters:
  ///   - rows: `[rows, width]`
  ///   - target: `[sequences, steps, width]`
  func unpack(_ rows: [Float], width: Int, to target: UnsafeMutablePointer<Float>) {
    target.update(repeating: 0, count: sequences * steps * width)
    copy(rows, width: width, to: places, of: target)
  }

  /// Writes a row for each packed sequence to where the caller has it, `[sequences, width]`.
  func unpackSequences(_ rows: [Float], width: Int, to target: UnsafeMutablePointer<Float>) {
    copy(rows, width: width, to: order, of: target)
  }

  private func copy(_ rows: [Float], width: Int, to places: [Int], of target: UnsafeMutablePointer<Float>) {
    rows.withUnsafeBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      for (row, place) in places.enumerated() {
        (target + place * width).update(from: base + row * width, count: width)
      }
    }
  }
}
