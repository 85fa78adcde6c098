package import TaskKit

extension Figure {
  /// The loss of a token in bits.
  package static let bits = Figure("bits", title: "bits", digits: 3)
  /// The exponential of the loss of a token in nats: among how many tokens, all equally likely, the network would be as unsure.
  package static let perplexity = Figure("perplexity", title: "perplexity", digits: 1)
}

extension TextTask {
  package static var figures: [Figure] { [.bits, .perplexity] }
}
