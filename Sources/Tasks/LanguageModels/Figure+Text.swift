package import TaskKit

extension Figure {
  /// The mean loss of a token in bits.
  package static let bits = Figure("bits", title: "bits", digits: 3)
  /// The perplexity: the exponential of the mean loss of a token in nats.
  package static let perplexity = Figure("perplexity", title: "perplexity", digits: 1)
}

extension TextTask {
  package static var figures: [Figure] { [.bits, .perplexity] }
}
