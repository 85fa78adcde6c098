package import Networks
import Platform
import Sequences
import Support

/// The unit of a network's loss.
package func lossUnit(_ architecture: Architecture) -> String {
  let unit = architecture.output.head.unit
  let step: String? =
    switch unit.per {
    case .nothing: nil
    case .step: "step"
    case .namedStep: architecture.input.encoding.stepName
    case .symbol: "symbol"
    }
  if unit.per == .nothing { return unit.name }
  return unit.name + ((architecture.readout == .everyStep ? step : "sequence").map { " per \($0)" } ?? "")
}

/// Digits after the point of a loss that stands in a table.
package func lossDigits(_ architecture: Architecture) -> Int { architecture.output.head.unit.digits.table }

/// A loss with its unit: nats and bits, for words the perplexity too, or a squared error.
package func lossText(_ loss: Double, _ architecture: Architecture) -> String {
  let unit = architecture.output.head.unit
  let text = "\(loss.fixed(unit.digits.sentence)) \(unit.name)"
  switch unit.per {
  case .nothing: return text
  case .step: return text + (architecture.readout == .everyStep ? " a step" : " a sequence")
  case .symbol: return text + " a symbol"
  case .namedStep: break
  }
  guard unit.isOfClasses else { return text }
  let inBits = text + ", \((loss / log(2)).fixed(3)) bits"
  guard architecture.vocabulary?.kind == .words, architecture.readout == .everyStep else { return inBits }
  return inBits + ", perplexity \(exp(loss).fixed(1))"
}
