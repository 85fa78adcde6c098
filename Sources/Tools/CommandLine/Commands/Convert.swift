import CellCompiler
import CellLanguage
import CommandKit
import Console
import Engine
import Exchange
import Models
import Networks
import ONNXFiles
import Storage
import Support
import TensorFiles

extension Command {
  /// `recurrent convert`
  static let convert = Command(
    "convert", "Makes a model of the recurrent layers of other systems' files, or writes a model for these or as C source."
  ) { declare in
    let input = declare.argument(
      "IN",
      "a model; weights of PyTorch or MLX (.safetensors, .pt, .npz, JSON); a Keras file (.keras, .h5); ONNX; RTNeural's or GuitarML's "
        + "JSON; Neural Amp Modeler (.nam)")
    let output = declare.optionalArgument("OUT", "the file to write; not needed with --list")
    let lists = declare.flag("--list", "only list the recurrent layers that IN has")
    let names = declare.text("--layers", "NAMES", "take these layers or stacks, with commas between, one on top of the other")
    let activation = declare.text(
      "--activation", "NAME", default: "tanh",
      "the function of plain networks and Keras's candidates, where the file does not say it")
    let recurrent = declare.text(
      "--recurrent-activation", "NAME", "the function of the gates, where a Keras file does not say it")
    let reset = declare.choice(
      "--reset", of: ResetPlace.self, "where a GRU's reset gate acts, where a Keras file does not say it")
    let merge = declare.choice(
      "--merge", default: Architecture.Merge.concatenate,
      "what is made of the directions of a bidirectional layer, where a Keras file does not say it")
    let readout = declare.choice(
      "--readout", default: Architecture.Readout.everyStep,
      "what of the last layer's steps the model reads, where the file has tensors alone")
    let dense = declare.text(
      "--dense-activation", "NAMES",
      "the function of dense layers but the last one, where the file has tensors alone; one for each, with commas between, from the lowest up"
    )
    let below = declare.text(
      "--dense-below", "NAMES",
      "the dense layers below the recurrent ones, the lowest first, where the file has tensors alone; or none")
    let above = declare.text(
      "--dense-above", "NAMES",
      "the dense layers above the recurrent ones, the lowest first, where the file has tensors alone; or none")
    let embedding = declare.text(
      "--embedding", "NAME", "the matrix that is an embedding, where the file has tensors alone; or none")
    let dict = declare.text("--state-dict", "NAMES", "the state dicts that are the model, where a PyTorch checkpoint has several")
    let config = declare.text("--config", "FILE", "the description of a Keras model whose weights IN has, from model.to_json()")
    let target = declare.choice(
      "--to", of: ConversionTarget.self,
      "what is written (default: a model of weights, PyTorch's names of a model, what OUT ends in: .weights.h5, .onnx, .c, .json for RTNeural)"
    )
    let weights = declare.choice(
      "--weights", of: WeightKind.self,
      "how a model or C source stores the numbers of matrices, to be run and not to be trained (default: as IN has them)")
    let lengths = declare.flag("--lengths", "have an ONNX model read the lengths of its sequences, too")
    let cSource = CSourceKeys(&declare)
    let json = declare.flag("--json", "print the list as JSON")
    declare.example("convert --list lstm.pt", "shows what recurrent layers a file has")
    declare.example("convert lstm.pt lstm.safetensors", "makes a model of them, which all other commands can read")
    declare.example(
      "convert lstm.safetensors back.safetensors", "writes its tensors under PyTorch's names, and back.py, which loads them")
    declare.example("convert runs/amp amp.c --weights int8", "writes the model as C source, amp.c and amp.h")
    declare.example("convert runs/book-lstm small.safetensors --weights int8", "makes a model a fourth of the size")
    return { invocation in
      let path = invocation[input]
      let options = ReadingOptions(
        activation: try Activation(invocation[activation]), recurrentActivation: invocation[recurrent],
        reset: invocation[reset]?.reset, merge: invocation[merge], readout: invocation[readout],
        denseActivation: try invocation[dense].map { try listedNames($0).map { try Activation($0) } }, config: invocation[config],
        stateDict: invocation[dict].map { listedNames($0) }, embedding: invocation[embedding].map { listedNames($0) },
        denseBelow: invocation[below].map { listedNames($0) }, denseAbove: invocation[above].map { listedNames($0) })
      let source = try ConversionSource(ModelPath.file(at: path), options)
      if invocation[lists] { return try source.list(on: invocation.terminal, asJSON: invocation[json]) }
      guard let output = invocation[output] else { throw RecurrentError(.usage, "OUT is missing: the file to write") }
      if invocation[names] != nil, invocation[readout] != .everyStep {
        throw RecurrentError(
          .usage, "--readout is for a whole file: leave it out, or leave out --layers, which takes layers with every step")
      }
      let narrowed = invocation[weights]
      let kind =
        invocation[target] ?? ConversionTarget(ending: output) ?? (source.isModel && narrowed == nil ? .pytorch : .model)
      if let narrowed, !kind.keepsWeightKinds {
        throw RecurrentError(
          .usage,
          "--weights \(narrowed.rawValue) is for models of this package and for C source: leave it out, write OUT.safetensors with --to model, or OUT.c"
        )
      }
      if invocation[lengths], kind != .onnx {
        throw RecurrentError(.usage, "--lengths is for ONNX: leave it out, or write OUT.onnx")
      }
      if kind != .c { try cSource.refuse(in: invocation) }
      try kind.check(name: output)
      let names = invocation[names].map(layerNames)
      let network = try narrowing(source.network(names), to: narrowed, path)
      for note in source.notes { invocation.terminal.say("note: \(note.inCommand)") }
      if !kind.keepsWeightKinds, network.weightKind != .float32 {
        invocation.terminal.say(
          "note: the \(network.weightKind.rawValue) weights are written as the 32-bit numbers that they stand for")
      }
      for line in layerTable(network.layerRows) { invocation.terminal.say(line) }
      switch kind {
      case .model:
        try network.save(to: output, history: source.history)
        let form = network.weightKind == .float32 ? "" : ", with \(network.weightKind.rawValue) weights"
        invocation.terminal.say("wrote the model \(output)\(form)")
      case .pytorch:
        let file = output.split(separator: "/").last.map(String.init) ?? output
        let export: PyTorchExport
        do {
          export = try PyTorchExport(network, file: file)
        } catch let error as RecurrentError where error.kind == .interchange {
          throw RecurrentError(.unsuitable, naming: "\(error.sentence); ONNX can hold any cell: write OUT.onnx")
        }
        let program = (output.hasSuffix(".safetensors") ? String(output.dropLast(".safetensors".count)) : output) + ".py"
        try Safetensors.write(export.tensors, to: output)
        try AtomicFile.write(Array(export.program.utf8), to: program)
        invocation.terminal.say("wrote the tensors \(output) and \(program), which loads them in PyTorch")
      case .keras:
        guard output.hasSuffix(KerasExport.ending) else {
          throw RecurrentError(
            .unsuitable, "\(output) would not be read by Keras: give it a name that ends in \(KerasExport.ending)")
        }
        let export = try KerasExport(network, file: output.split(separator: "/").last.map(String.init) ?? output)
        let program = String(output.dropLast(KerasExport.ending.count)) + ".py"
        try AtomicFile.write(export.weights(), to: output)
        try AtomicFile.write(Array(export.program.utf8), to: program)
        invocation.terminal.say("wrote the weights \(output) and \(program), which loads them in Keras")
      case .mlx:
        try Safetensors.write(network.mlxTensors(), to: output)
        invocation.terminal.say("wrote the tensors \(output) under MLX's names")
      case .c: try cSource.write(network, to: output, invocation)
      case .rtneural:
        try AtomicFile.write(Array(RTNeuralExport(network).json.utf8), to: output)
        invocation.terminal.say("wrote \(output) for RTNeural")
      case .onnx:
        if network.architecture.context != nil {
          if invocation[lengths] {
            throw RecurrentError(
              .usage, "--lengths is not for a model that reads a source, which is read by itself: leave it out")
          }
          let export = try ONNXDecoderExport(network)
          let files = try export.write(to: output)
          return invocation.terminal.say(
            "wrote \(files.joined(separator: ", ")), ONNX models of opset \(ONNXExport.opset) (\(export.operators.joined(separator: ", ")))"
          )
        }
        let export = try ONNXExport(network, takesLengths: invocation[lengths])
        try export.write(to: output)
        invocation.terminal.say(
          "wrote \(output), an ONNX model of opset \(ONNXExport.opset) (\(export.operators.joined(separator: ", ")))")
      }
    }
  }
}

/// The network with its matrices stored as numbers of a kind; as it is if none is asked for.
private func narrowing(_ network: Network, to kind: WeightKind?, _ path: String) throws(RecurrentError) -> Network {
  guard let kind else { return network }
  guard kind == .float32 || [kind, .float32].contains(network.weightKind) else {
    throw RecurrentError(
      .unsuitable,
      "the weights of \(path) are \(network.weightKind.rawValue), and would be rounded twice: convert the model that they were rounded from"
    )
  }
  return try network.narrowed(to: kind)
}

/// The names of a list, as messages write it: with commas between them, and maybe blanks.
private func layerNames(_ list: String) -> [String] {
  list.split(separator: ",").map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}

/// Such names; `none` is no name.
private func listedNames(_ text: String) -> [String] { text == "none" ? [] : layerNames(text) }

/// The kind of file that a conversion writes.
private enum ConversionTarget: String, CaseIterable, Sendable {
  case model, pytorch, keras, mlx, onnx, rtneural, c

  /// Whether such files store matrices as other numbers than those of 32 bits.
  var keepsWeightKinds: Bool { [.model, .c].contains(self) }

  /// Checks that the name of a file would not be taken for one of another format.
  ///
  /// - Throws: ``RecurrentError``, which says which names there are.
  func check(name path: String) throws(RecurrentError) {
    if self == .c { return try CSourceKeys.check(name: path) }
    guard [.model, .pytorch, .mlx].contains(self),
      [".pt", ".pth", ".h5", ".hdf5", ".keras", ".onnx", ".npz", ".npy", ".json", ".c", ".h"].contains(where: path.hasSuffix)
    else { return }
    throw RecurrentError(
      .usage,
      "\(path) would be a safetensors file under the name of another format: write OUT.safetensors for a model or for PyTorch, "
        + "OUT\(KerasExport.ending) for Keras, OUT.onnx, OUT.c, or OUT.json for RTNeural")
  }

  /// The target that a file's name implies; nil if it implies none.
  init?(ending path: String) {
    switch true {
    case path.hasSuffix(KerasExport.ending): self = .keras
    case path.hasSuffix(".onnx"): self = .onnx
    case path.hasSuffix(".c"): self = .c
    case path.hasSuffix(".json"): self = .rtneural
    default: return nil
    }
  }
}

/// The place where a reset gate acts, as the values of an option.
private enum ResetPlace: String, CaseIterable, Sendable {
  case before, after

  var reset: LayerDescription.Reset {
    switch self {
    case .before: .before
    case .after: .after
    }
  }
}

/// The source of a conversion.
private enum ConversionSource {
  /// A network of this package, from a model file or from an ONNX file, and what the file says of its training.
  case model(Network, path: String, isExported: Bool, history: [String: String])
  case chain(LayerChain)

  init(_ path: String, _ options: ReadingOptions) throws {
    if try ONNXModel.isPlausible(path) {
      try options.checkLayersAreStated(in: path)
      if let network = try Network(onnx: path) {
        self = .model(network, path: path, isExported: true, history: [:])
      } else {
        self = .chain(try LayerChain(onnx: path))
      }
      return
    }
    let file = try TensorFile(contentsOf: path)
    if file.format == .safetensors, case let file = try Safetensors(contentsOf: path), file.metadata["network"] != nil {
      try options.checkLayersAreStated(in: path)
      let history = file.metadata.filter { $0.key == "history" }
      self = .model(try Network(file), path: path, isExported: false, history: history)
    } else {
      self = .chain(try LayerChain(file, options))
    }
  }

  /// Whether it is a model file, which is converted for other systems.
  var isModel: Bool { if case .model(_, _, false, _) = self { true } else { false } }

  /// What a model's file says of its training.
  var history: [String: String] { if case .model(_, _, _, let history) = self { history } else { [:] } }

  /// Notes for those who will run the network.
  var notes: [Sentence] { if case .chain(let chain) = self { chain.notes } else { [] } }

  /// The network of the layers that are asked for.
  func network(_ names: [String]?) throws -> Network {
    switch self {
    case .model(let network, let path, _, _):
      guard names == nil else {
        throw RecurrentError(.unsuitable, "\(path) is a model, which is converted whole: leave --layers out")
      }
      return network
    case .chain(let chain): return try Network(chain, layers: names)
    }
  }

  func list(on terminal: Terminal, asJSON json: Bool) throws {
    let rows: [LayerRow]
    switch self {
    case .model(let network, _, _, _): rows = network.layerRows.filter { $0.kind != LayerRow.dense }
    case .chain(let chain):
      if chain.layers.isEmpty { _ = try chain.layers(named: []) }
      rows = chain.layers.map { LayerRow($0.layer, gateOrder: $0.gateOrder) }
      for (name, error) in chain.unreadable { terminal.say("note: \(name) can't be read: \(error.sentence.inCommand)") }
    }
    if json { return try terminal.print(Storage.json(rows)) }
    for line in layerTable(rows, heading: { terminal.output.styled($0, .bold) }) { try terminal.print(line) }
  }
}
