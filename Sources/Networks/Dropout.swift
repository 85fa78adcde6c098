import Engine

/// Sets a share of what each layer passes on to 0 while training, and scales the rest up, so that nothing changes when it
/// is switched off (Srivastava et al. 2014; between layers only: Zaremba et al. 2014).
final class Dropout {
  private let share: Double
  /// Of the batch's masks; nil while nothing is dropped.
  private var seed: UInt64?
  private var masks: [FloatBuffer]
  private var outputs: [FloatBuffer]

  init(share: Double, layers: Int) {
    self.share = share
    masks = (0..<layers).map { _ in FloatBuffer(count: 0) }
    outputs = masks.map { _ in FloatBuffer(count: 0) }
  }

  /// Begins a batch, whose masks depend on `seed` only; nil to drop nothing.
  func begin(seed: UInt64?) { self.seed = seed }

  /// What the layer passes on, nil if nothing is dropped now.
  func dropped(_ layer: Int) -> UnsafePointer<Float>? { seed == nil ? nil : UnsafePointer(outputs[layer].base) }

  /// `values` with some of them set to 0, valid until the next batch.
  func drop(_ values: UnsafePointer<Float>, layer: Int, count: Int) -> UnsafePointer<Float> {
    guard let seed else { return values }
    masks[layer] = masks[layer].grown(to: count)
    outputs[layer] = outputs[layer].grown(to: count)
    var random = Random(seed: seed, stream: UInt64(layer))
    let kept = Float(1 / (1 - share))
    // One draw of 64 bits serves two elements: the bound is a share of 2³².
    let bound = UInt64(share * 4_294_967_296)
    let (mask, output) = (masks[layer].base, outputs[layer].base)
    var bits: UInt64 = 0
    for place in 0..<count {
      bits = place % 2 == 0 ? random.next() : bits >> 32
      mask[place] = bits & 0xFFFF_FFFF < bound ? 0 : kept
      output[place] = values[place] * mask[place]
    }
    return UnsafePointer(output)
  }

  /// The gradient of what was dropped becomes that of the layer's output.
  func pull(_ gradient: UnsafeMutablePointer<Float>, layer: Int, count: Int) {
    if seed == nil { return }
    let mask = masks[layer].base
    for place in 0..<count { gradient[place] *= mask[place] }
  }
}
