import CellLanguage
import CommandKit
import Console
import Engine
import Exchange
import Models
import Networks
import Support
import TaskKit
import TensorFiles

extension Command {
  /// `recurrent run`
  static let run = Command("run", "Runs a model or a cell over arrays of a file, and writes what it gives as arrays.") {
    declare in
    let model = declare.argument("MODEL", "a model file, the folder of a run, a .cell file, or a cell of the library")
    let input = declare.argument("INPUT", "x, lengths, h0 and so on: .safetensors, .npz, .pt, JSON; .npy for x alone")
    let output = declare.argument("OUTPUT", "the .safetensors file to write")
    let parameters = declare.text(
      "--parameters", "FILE",
      "the weights of a cell, as its equations name them; of several layers and directions layers.0.W, layers.1.reverse.W and so on"
    )
    let prefix = declare.text("--prefix", "TEXT", "what the names of the weights in that file begin with, such as rnn.cell.")
    let map: Key<ParameterMap?> = declare.add(
      "--map", "W=ARRAY,...",
      "weights that are called otherwise there, some rows of an array or its transpose: W_i=weight_ih[0..4],W_f=weight_ih[4..8],U=kernel^T",
      expected: "a list such as W_i=weight_ih[0..4],U=kernel^T", defaultValue: nil, shown: nil
    ) { text in ParameterMap(text).map { Optional($0) } }
    let sizes = declare.sizes()
    let timeFirst = declare.flag("--time-first", "arrays are [T, B, …]: steps, sequences; they are [B, T, …] without")
    let traces = declare.flag("--trace", "write every named quantity of every step, too, such as layers.0.f")
    let gradients = declare.flag(
      "--gradients", "INPUT has gradient.y, too: write the gradients of x, states and weights that follow")
    let masked = declare.choice(
      "--masked-steps", default: MaskedSteps.none,
      "what y has where lengths or a mask leave a step out; none: 0; repeat: the step before; zeros: what dense layers make of 0")
    let threads = declare.integer("--threads", in: 1...1024, "threads; one for each processor if not given")
    declare.example(
      "run model.safetensors in.npz out.safetensors", "x, and lengths and h0 if they are there, to y, h_n and so on")
    declare.example(
      "run mine.cell in.npz out.safetensors --parameters w.npz --trace",
      "checks a cell of your own against another program")
    declare.example(
      "run slstm in.npz out.npz --parameters w.npz --map W_z=input^T",
      "takes weights as another program names and stacks them")
    return { invocation in
      let file = try TensorFile(contentsOf: invocation[input])
      let weights = invocation[parameters].map { Weights(file: $0, prefix: invocation[prefix] ?? "", map: invocation[map]) }
      let network = try network(invocation[model], weights, sizes: invocation[sizes])
      let run = try ArrayRun(
        network, file, order: invocation[timeFirst] ? .timeFirst : .batchFirst, takesGradients: invocation[gradients])
      let entries = try run(
        on: try Machine(threads: invocation[threads]), traces: invocation[traces], masked: invocation[masked])
      try Safetensors.write(entries, to: invocation[output])
      for entry in entries { invocation.terminal.say("\(entry.name) \(entry.shape)") }
    }
  }

  /// The arrays that are a cell's weights.
  private struct Weights {
    let file: String
    let prefix: String
    let map: ParameterMap?
  }

  private static func network(_ name: String, _ weights: Weights?, sizes: [String: Int]) throws -> Network {
    let isCell = name.hasSuffix(".cell") || Cell.library.contains { $0.name == name }
    switch (isCell, weights) {
    case (true, let weights?):
      let file = try TensorFile(contentsOf: weights.file)
      let isPlain = weights.prefix.isEmpty && weights.map == nil
      return try Network(
        try cell(named: name), parameters: isPlain ? file : file.renamed(prefix: weights.prefix, map: weights.map), sizes: sizes)
    case (true, nil):
      throw RecurrentError(.unsuitable, "\(name) is a cell, which has no weights of its own: give them with --parameters FILE")
    case (false, nil): return try openModel(name) { try Network(contentsOf: $0) }
    case (false, _?): throw RecurrentError(.unsuitable, "\(name) is a model, which has its weights: leave --parameters out")
    }
  }
}
