package import Engine
import Support

/// Dropout between layers: sets a fraction of what goes up from layer to layer to 0 while training, and scales the rest up.
///
/// Place 0 is what the first layer reads, place 1 what the first layer gives, and so on.
package final class Dropout {
  /// What a place's masks are made from, as far as they have been drawn. One draw of 64 bits serves two elements.
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

  /// The masks to come, for each place; none while nothing is dropped. A run that goes on elsewhere among the steps sets them to
  /// what they were there.
  var draws: [Draws] = []
  private let fractions: [Double]
  private let widths: [Int]
  private let isVariational: Bool
  private var masks: [FloatBuffer]
  private var outputs: [FloatBuffer]

  /// Nil if nothing is dropped at any place.
  ///
  /// - Parameter widths: of a row at each place.
  package init?(_ regularization: Regularization, widths: [Int]) {
    fractions = [regularization.inputDropout] + widths.dropFirst().map { _ in regularization.dropout }
    if fractions.allSatisfy({ $0 == 0 }) { return nil }
    self.widths = widths
    isVariational = regularization.isVariational
    masks = widths.map { _ in FloatBuffer(count: 0) }
    outputs = masks
  }

  /// Begins a batch of `sequences` sequences, whose masks depend on `seed` only; nil to drop nothing.
  package func begin(seed: UInt64?, sequences: Int) {
    // The input's masks come from a stream after those of the layers.
    draws =
      seed.map { seed in
        widths.indices.map { Draws(.dropout, $0 == 0 ? widths.count - 1 : $0 - 1, seed: seed) }
      } ?? []
    if !isVariational || draws.isEmpty { return }
    for place in widths.indices where fractions[place] > 0 {
      let count = sequences * widths[place]
      masks[place] = masks[place].grown(to: count)
      draws[place].fill(masks[place].base, count: count, fraction: fractions[place])
    }
  }

  private func drops(at place: Int) -> Bool { !draws.isEmpty && fractions[place] > 0 }

  /// What goes up from a place, nil if nothing is dropped there now.
  func dropped(at place: Int) -> UnsafePointer<Float>? { drops(at: place) ? UnsafePointer(outputs[place].base) : nil }

  /// `values`, packed rows, with some of them set to 0, valid until the next call for that place.
  package func drop(_ values: UnsafePointer<Float>, at place: Int, _ lengths: PackedLengths) -> UnsafePointer<Float> {
    if !drops(at: place) { return values }
    let count = lengths.rows * widths[place]
    outputs[place] = outputs[place].grown(to: count)
    if !isVariational {
      masks[place] = masks[place].grown(to: count)
      draws[place].fill(masks[place].base, count: count, fraction: fractions[place])
    }
    let output = outputs[place].base
    eachRun(of: lengths, at: place) { start, mask, count in
      for element in 0..<count { output[start + element] = values[start + element] * mask[element] }
    }
    return UnsafePointer(output)
  }

  /// The gradient of what was dropped becomes that of what it was made from.
  package func backward(_ gradient: UnsafeMutablePointer<Float>, at place: Int, _ lengths: PackedLengths) {
    if !drops(at: place) { return }
    eachRun(of: lengths, at: place) { start, mask, count in
      for element in 0..<count { gradient[start + element] *= mask[element] }
    }
  }

  /// Calls `body` with where elements begin whose factors lie side by side: all of them, or, if the factors are a
  /// sequence's, those of each step.
  private func eachRun(of lengths: PackedLengths, at place: Int, _ body: (Int, UnsafePointer<Float>, Int) -> Void) {
    let (mask, width) = (UnsafePointer(masks[place].base), widths[place])
    if !isVariational { return body(0, mask, lengths.rows * width) }
    for step in 0..<lengths.steps {
      let rows = lengths.rows(of: step..<step + 1)
      body(rows.lowerBound * width, mask, rows.count * width)
    }
  }

  /// Floats that it holds for the given rows and sequences at a time.
  ///
  /// - Parameter topRows: the rows of what the last layer passes on.
  func planned(rows: Int, topRows: Int, sequences: Int) -> Int {
    zip(fractions, widths).enumerated().reduce(0) { sum, place in
      let rows = place.offset == widths.count - 1 ? topRows : rows
      let (fraction, width) = place.element
      return sum + (fraction > 0 ? width * (rows + (isVariational ? sequences : rows)) : 0)
    }
  }

  /// What it holds of that now.
  var buffers: [FloatBuffer] { masks + outputs }
}
