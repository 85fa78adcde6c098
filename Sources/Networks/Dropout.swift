import Engine

/// Sets a share of what each layer passes on to 0 while training, and scales the rest up, so that nothing changes when it
/// is switched off (Srivastava et al. 2014; between layers only: Zaremba et al. 2014).
final class Dropout {
  /// What a layer's masks are made from, as far as they have been drawn. One draw of 64 bits serves two elements.
  struct Draws {
    private var random: Random
    private var rest: UInt64?

    fileprivate init(seed: UInt64, layer: Int) { random = Random(seed: seed, stream: UInt64(layer)) }

    /// 32 random bits.
    fileprivate mutating func next() -> UInt64 {
      if let bits = rest {
        rest = nil
        return bits
      }
      let bits = random.next()
      rest = bits >> 32
      return bits & 0xFFFF_FFFF
    }
  }

  /// The masks to come, for each layer; none while nothing is dropped. A run that goes on elsewhere among the steps sets them to what
  /// they were there.
  var draws: [Draws] = []
  private let share: Double
  private var masks: [FloatBuffer]
  private var outputs: [FloatBuffer]

  init(share: Double, layers: Int) {
    self.share = share
    masks = (0..<layers).map { _ in FloatBuffer(count: 0) }
    outputs = masks.map { _ in FloatBuffer(count: 0) }
  }

  /// What grows with the rows.
  var buffers: [FloatBuffer] { masks + outputs }

  /// Begins a batch, whose masks depend on `seed` only; nil to drop nothing.
  func begin(seed: UInt64?) { draws = seed.map { seed in masks.indices.map { Draws(seed: seed, layer: $0) } } ?? [] }

  /// What the layer passes on, nil if nothing is dropped now.
  func dropped(_ layer: Int) -> UnsafePointer<Float>? { draws.isEmpty ? nil : UnsafePointer(outputs[layer].base) }

  /// `values` with some of them set to 0, valid until the next call for that layer.
  func drop(_ values: UnsafePointer<Float>, layer: Int, count: Int) -> UnsafePointer<Float> {
    if draws.isEmpty { return values }
    masks[layer] = masks[layer].grown(to: count)
    outputs[layer] = outputs[layer].grown(to: count)
    let kept = Float(1 / (1 - share))
    // A share of 2³².
    let bound = UInt64(share * 4_294_967_296)
    let (mask, output) = (masks[layer].base, outputs[layer].base)
    var own = draws[layer]
    for place in 0..<count {
      mask[place] = own.next() < bound ? 0 : kept
      output[place] = values[place] * mask[place]
    }
    draws[layer] = own
    return UnsafePointer(output)
  }

  /// The gradient of what was dropped becomes that of the layer's output.
  func pull(_ gradient: UnsafeMutablePointer<Float>, layer: Int, count: Int) {
    if draws.isEmpty { return }
    let mask = masks[layer].base
    for place in 0..<count { gradient[place] *= mask[place] }
  }
}
