import Engine
import Support

/// Random numbers for masks. One draw of 64 bits serves two elements.
struct Draws {
  private var random: Random
  private var rest: UInt64?

  init(_ purpose: RandomStream, _ index: Int = 0, seed: UInt64) { random = Random(purpose, index, seed: seed) }

  /// 32 random bits.
  private mutating func next() -> UInt64 {
    if let bits = rest {
      rest = nil
      return bits
    }
    let bits = random.next()
    rest = bits >> 32
    return bits & 0xFFFF_FFFF
  }

  /// Fills a mask with zeros for a random fraction, and for the rest with the factor that scales it up.
  mutating func fill(_ mask: UnsafeMutablePointer<Float>, count: Int, fraction: Double) {
    fill(mask, count: count, fraction: fraction, with: 0, else: Float(1 / (1 - fraction)))
  }

  /// Fills a mask with one number for a random fraction, and with another for the rest.
  mutating func fill(_ mask: UnsafeMutablePointer<Float>, count: Int, fraction: Double, with chosen: Float, else rest: Float) {
    // The fraction of 2³².
    let bound = UInt64(fraction * 4_294_967_296)
    let (chosen, rest) = (chosen.bitPattern, rest.bitPattern)
    // Without a branch, which would be unpredictable.
    func number(_ draw: UInt64) -> Float {
      let isChosen = 0 &- UInt32(truncatingIfNeeded: (draw &- bound) >> 63)
      return Float(bitPattern: chosen & isChosen | rest & ~isChosen)
    }
    var place = 0
    if count > 0, self.rest != nil {
      mask[0] = number(next())
      place = 1
    }
    while place + 1 < count {
      let bits = random.next()
      mask[place] = number(bits & 0xFFFF_FFFF)
      mask[place + 1] = number(bits >> 32)
      place += 2
    }
    if place < count { mask[place] = number(next()) }
  }
}

/// A mask for rows of a batch, each row of which has random numbers of its own: they depend on the batch's seed, on what is masked,
/// on the row's step and on its sequence's number in the batch, but not on where the sequence is packed, which other sequences
/// are there, or in how many segments the steps come.
struct RowMask {
  let purpose: RandomStream
  /// Which of the things that the purpose masks it is.
  let place: Int
  let width: Int
  /// The fraction of the elements that become `chosen`; the others become `rest`.
  let fraction: Double
  let chosen: Float
  let rest: Float

  /// A mask that drops a fraction, and scales the rest up.
  init(dropping fraction: Double, _ purpose: RandomStream, place: Int, width: Int) {
    (self.purpose, self.place, self.width) = (purpose, place, width)
    (self.fraction, chosen, rest) = (fraction, 0, Float(1 / (1 - fraction)))
  }

  /// A mask with one number for a fraction, and another for the rest.
  init(_ fraction: Double, chosen: Float, rest: Float, _ purpose: RandomStream, place: Int, width: Int) {
    (self.purpose, self.place, self.width) = (purpose, place, width)
    (self.fraction, self.chosen, self.rest) = (fraction, chosen, rest)
  }

  /// Fills the mask of some steps' packed rows, `[rows, width]`.
  ///
  /// - Parameter whole: of the batch.
  func fill(
    _ mask: UnsafeMutablePointer<Float>, steps: Range<Int>, of whole: PackedLengths, seed: UInt64, on machine: Machine
  ) {
    nonisolated(unsafe) let mask = mask
    let start = whole.rows(of: steps).lowerBound
    // A few microseconds of drawing are not worth waking a thread for.
    let rows = whole.rows(of: steps).count
    machine.forEachPart(of: steps.count, grain: max(1, (1 << 13) * steps.count / max(1, rows * width))) { own in
      for step in own {
        let step = steps.lowerBound + step
        let rows = whole.rows(of: step..<step + 1)
        for sequence in 0..<rows.count {
          fill(mask + (rows.lowerBound - start + sequence) * width, step: step, sequence: sequence, of: whole, seed: seed)
        }
      }
    }
  }

  /// Fills the masks of whole sequences, `[B, width]`, the same at all steps.
  func fill(_ mask: UnsafeMutablePointer<Float>, sequencesOf whole: PackedLengths, seed: UInt64) {
    for sequence in 0..<whole.batch { fill(mask + sequence * width, step: 0, sequence: sequence, of: whole, seed: seed) }
  }

  private func fill(_ row: UnsafeMutablePointer<Float>, step: Int, sequence: Int, of whole: PackedLengths, seed: UInt64) {
    var draws = Draws(
      purpose, RandomStream.rowIndex(place: place, step: step, sequence: whole.numbers[sequence]), seed: seed)
    draws.fill(row, count: width, fraction: fraction, with: chosen, else: rest)
  }
}
