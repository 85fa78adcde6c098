import Engine
import Platform
public import Support

/// Draws a class from logits.
public struct Sampler: Sendable {
  /// What logits are divided by: below 1 the likely ones win more often; 0 always takes the likeliest.
  package let temperature: Double
  /// How many of the likeliest classes may be drawn; nil for all.
  package let topK: Int?
  /// Only the likeliest classes that together have this probability may be drawn (Holtzman et al. 2020); nil for all.
  package let topP: Double?
  private var random: Random

  /// - Throws: ``RecurrentError`` if a number makes no sense.
  public init(temperature: Double = 1, topK: Int? = nil, topP: Double? = nil, seed: UInt64 = 0) throws(RecurrentError) {
    guard temperature >= 0 && temperature.isFinite else {
      throw RecurrentError(.network, "the temperature is \(temperature); it must be at least 0")
    }
    if let topK, topK < 1 { throw RecurrentError(.network, "top-k is \(topK); it must be at least 1") }
    if let topP, !(topP > 0 && topP <= 1) { throw RecurrentError(.network, "top-p is \(topP); it must be above 0 and at most 1") }
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    random = Random(.generatedText, seed: seed)
  }

  /// A class, drawn from the softmax of `logits`, which are made sharper or flatter by the temperature first.
  ///
  ///     let next = sampler.pick(logits: stream.logits)
  ///
  /// - Parameter logits: `[classes]`, at least one; ``NetworkStream/logits``, not the probabilities.
  public mutating func pick(logits: [Float]) -> Int {
    ensure(!logits.isEmpty, "there are no classes to draw from: the logits are an empty array")
    let best = logits.indices.max { logits[$0] < logits[$1] } ?? 0
    if temperature == 0 { return best }
    var weights = logits.map { exp(Double($0 - logits[best]) / temperature) }
    if topK != nil || topP != nil { restrict(&weights) }
    var draw = random.uniform() * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      draw -= weight
      if draw < 0 && weight > 0 { return index }
    }
    return best
  }

  /// Sets the weights of what may not be drawn to 0.
  private func restrict(_ weights: inout [Double]) {
    let order = weights.indices.sorted { weights[$0] > weights[$1] }
    let enough = (topP ?? 1) * weights.reduce(0, +)
    var sum = 0.0
    for (rank, index) in order.enumerated() {
      if rank >= topK ?? order.count || sum >= enough { weights[index] = 0 } else { sum += weights[index] }
    }
  }
}
