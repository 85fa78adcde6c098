package import Networks
import Platform
import Sequences
import Support

/// The unit of a network's loss.
package func lossUnit(_ architecture: Architecture) -> String {
  if case .values = architecture.output { return "squared error" }
  let thing = architecture.readout == .everyStep ? "step" : "sequence"
  if let (family, _) = architecture.output.distribution { return "\(family.lossUnit) per \(thing)" }
  if architecture.readout != .everyStep { return "nats per sequence" }
  if case .words = architecture.input { return "nats per word" }
  guard let kind = architecture.vocabulary?.kind else { return "nats" }
  return "nats per \(kind.rawValue.dropLast())"
}

/// The number of decimals of a loss in a table.
package func lossDigits(_ architecture: Architecture) -> Int {
  switch architecture.output {
  case .values, .lastLayer: 5
  case .classes, .distribution: 3
  }
}

/// A loss with its unit: nats and bits, for words the perplexity too, or a squared error.
package func lossText(_ loss: Double, _ architecture: Architecture) -> String {
  switch architecture.output {
  case .values, .lastLayer: return "\(loss.fixed(5)) squared error"
  case .distribution(let family, _):
    return "\(loss.fixed(4)) \(family.lossUnit) a \(architecture.readout == .everyStep ? "step" : "sequence")"
  case .classes: break
  }
  let text = "\(loss.fixed(3)) nats, \((loss / log(2)).fixed(3)) bits"
  guard architecture.vocabulary?.kind == .words, architecture.readout == .everyStep else { return text }
  return text + ", perplexity \(exp(loss).fixed(1))"
}
