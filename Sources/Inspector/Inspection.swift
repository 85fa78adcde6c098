import CellLanguage
public import Engine
public import Networks
import Sequences

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A network that has run over an input, with all that happened inside.
public struct Inspection: Sendable {
  /// What the network is called, such as its file.
  public let name: String
  public let network: Network
  public let input: InspectedInput
  /// Every quantity of each layer, pre-activations included; `[steps, width]`.
  public let traces: [Trace]
  /// What the network gave behind each step, `[steps, outputs]`: probabilities of classes, or values.
  public let outputs: [Float]

  /// Runs `network` over `input`, which must be of the kind that it reads.
  public init(_ network: Network, name: String, on input: InspectedInput, machine: Machine) {
    self.name = name
    self.network = network
    self.input = input
    let runner = NetworkRunner(network, machine: machine, trains: false)
    let lengths = Lengths(steps: input.count, batch: 1)
    traces = runner.trace(input.inputs, lengths: lengths, TraceSelection(preactivations: true))
    outputs = runner.outputs(input.inputs, lengths: lengths)
  }

  /// The class that each step should give: of a model of the symbols that it reads, the next one.
  var targets: [Int32?] {
    guard case .tokens(let tokens, let vocabulary) = input.steps, network.architecture.output == .classes(vocabulary.count)
    else { return Array(repeating: nil, count: input.count) }
    return tokens.dropFirst().map { $0 } + [nil]
  }

  /// The loss of each step in nats, nil where no target is known.
  var losses: [Float?] {
    let width = network.architecture.outputWidth
    return targets.enumerated().map { step, target in
      // A probability too small for a Float counts as the smallest one.
      target.map { -log(max(outputs[step * width + Int($0)], .leastNonzeroMagnitude)) }
    }
  }
}
