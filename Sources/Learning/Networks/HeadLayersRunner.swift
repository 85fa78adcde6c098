import CellCompiler
import Engine
import Sequences

/// Runs the layers above what is read out over a batch: each sequence is one vector, a sequence of one step.
final class HeadLayersRunner {
  private let layers: [LayerRunner]
  private let ranges: [Range<Int>]
  private var lengths = PackedLengths(steps: 0, batch: 0)
  /// The gradient of what each layer gives, `[B, width]`.
  private var flowing: [FloatBuffer]

  /// Nil if there are none.
  init?(_ network: Network, machine: Machine, trains: Bool) {
    if network.headPlans.isEmpty { return nil }
    layers = zip(network.architecture.headLayers, network.headPlans).map { layer, plan in
      LayerRunner(layer, plans: [plan], machine: machine, trains: trains)
    }
    ranges = network.layout.headLayerWeights
    flowing = layers.map { _ in FloatBuffer(count: 0) }
  }

  /// Takes over the network's weights.
  func load(_ weights: UnsafePointer<Float>) {
    for (layer, range) in zip(layers, ranges) { layer.runners[0].load(weights + range.lowerBound) }
  }

  /// - Parameters:
  ///   - rows: `[B, width]`. Must stay unchanged until the backward run if there is one.
  ///   - keeping: whether there is one.
  func forward(_ rows: UnsafePointer<Float>, sequences: Int, keeping: Bool) {
    lengths = PackedLengths(steps: 1, batch: sequences)
    var below = rows
    for (index, layer) in layers.enumerated() {
      layer.prepare(lengths, reversal: [])
      layer.forward(below) { $0.forward($1, keeping: keeping) }
      below = layer.output
      if keeping { flowing[index] = flowing[index].grown(to: sequences * layer.outputWidth) }
    }
  }

  /// What the last of them gave, `[B, width]`.
  var output: UnsafePointer<Float> { layers[layers.count - 1].output }

  /// The gradient of that, for whoever knows it to write before the backward run.
  var gradient: UnsafeMutablePointer<Float> { flowing[layers.count - 1].base }

  /// - Parameters:
  ///   - inputGradient: receives the gradient of the rows that were read.
  ///   - gradients: of the network's weights, to which those of these layers are added.
  func backward(inputGradient: UnsafeMutablePointer<Float>, _ gradients: UnsafeMutablePointer<Float>) {
    for index in layers.indices.reversed() {
      layers[index].backward(
        flowing[index].base, inputGradient: index == 0 ? inputGradient : flowing[index - 1].base,
        parameterGradients: [gradients + ranges[index].lowerBound])
    }
  }

  /// Bytes that runs forward and back over `sequences` sequences hold.
  func plannedBytes(sequences: Int) -> Int {
    let lengths = PackedLengths(steps: 1, batch: sequences)
    return layers.reduce(0) { $0 + $1.plannedBytes([lengths], takesInputGradient: true) + 4 * sequences * $1.outputWidth }
  }

  /// What they hold of that now.
  var allocatedBytes: Int {
    layers.reduce(0) { $0 + $1.allocatedBytes } + 4 * flowing.reduce(0) { $0 + $1.count }
  }
}
