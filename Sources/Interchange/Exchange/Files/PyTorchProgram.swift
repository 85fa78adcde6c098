import Engine
import Models
import Networks
import Sequences
import Storage
import Support

/// Python that makes PyTorch's modules of a network and loads their tensors.
struct PyTorchProgram {
  let modules: [PyTorchExport.Module]
  /// The dense layers above what is read out.
  let headLayers: [DenseLayer]
  /// The expression that makes each recurrent module.
  let constructors: [String]
  let network: Network
  let file: String

  private static let imports = ["import torch", "from safetensors.torch import load_file"]

  /// The program for a single recurrent module and nothing else.
  var module: String {
    let lines =
      ["# Made by recurrent convert. y, states = rnn(x) for x of [batch, time, \(network.architecture.inputWidth)]."]
      + Self.imports + [
        "", "rnn = \(constructors[0])", "rnn.load_state_dict(load_file(\(json(file))))", "rnn.eval()",
      ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The program for several modules, symbols as input, dense layers or sequences that are read out.
  ///
  /// - Throws: ``RecurrentError`` if a dense layer has a function that PyTorch lacks.
  func model() throws(RecurrentError) -> String {
    let architecture = network.architecture
    var making: [String] = []
    var running: [String] = []
    let input: String
    switch network.inputForms[0] {
    case .embedded(let symbols, let width, _):
      making.append("self.embedding = torch.nn.Embedding(\(symbols), \(width))")
      running.append("x = self.embedding(x)")
      input = "[batch, time], whole numbers below \(symbols)"
    case .oneHot(let symbols):
      running.append("x = torch.nn.functional.one_hot(x, \(symbols)).float()")
      input = "[batch, time], whole numbers below \(symbols)"
    case .special(let what): preconditionFailure("an input of \(what) is refused before")
    case .numbers(let count): input = "[batch, time, \(count)]"
    }
    func list(_ name: String, of constructors: [String]) {
      making.append("self.\(name) = torch.nn.ModuleList([")
      making += constructors.map { "    \($0)," }
      making.append("])")
    }
    list("rnn", of: constructors)
    var dense: [String] = []
    func run(_ layer: DenseLayer) throws(RecurrentError) {
      guard case .elementwise(let activation) = layer.function,
        let line = activation.inPyTorch("self.dense[\(dense.count)](x)")
      else { throw RecurrentError(.interchange, "PyTorch has no function \(layer.function), which layer \(layer.name) has") }
      running.append("x = " + line)
      dense.append("torch.nn.Linear(\(layer.inputs), \(layer.outputs)\(layer.bias == nil ? ", bias=False" : ""))")
    }
    if architecture.outputReadsInput { running.append("read = x") }
    running += ["states = states or [None] * \(constructors.count)", "after = []"]
    var count = 0
    for module in modules {
      switch module {
      case .dense(let layer): try run(layer)
      case .recurrent:
        running += ["x, state = self.rnn[\(count)](x, states[\(count)])", "after.append(state)"]
        count += 1
      }
    }
    if let line = readingOut { running.append(line) }
    for layer in headLayers { try run(layer) }
    if !dense.isEmpty { list("dense", of: dense) }
    if let head = network.layout.head?.weight {
      making.append("self.output = torch.nn.Linear(\(head.shape[1]), \(head.shape[0]))")
      running.append("x = self.output(\(architecture.outputReadsInput ? "torch.cat([x, read], -1)" : "x"))")
    }
    var meaning = ""
    if architecture.givesClasses {
      meaning = "\n# y has a logit for each class; y.softmax(-1) are their probabilities."
    }
    func indented(_ lines: [String]) -> String { lines.map { "        \($0)\n" }.joined() }
    return """
      # Made by recurrent convert. y, states = model(x) for x of \(input).\(meaning)
      \(Self.imports.joined(separator: "\n"))


      class Model(torch.nn.Module):
          def __init__(self):
              super().__init__()
      \(indented(making))
          def forward(self, x, states=None):
      \(indented(running))        return x, after


      model = Model()
      model.load_state_dict(load_file(\(json(file))))
      model.eval()

      """
  }

  /// The line that reads out of all steps what there is of each sequence; nil if each step is.
  private var readingOut: String? {
    switch network.architecture.readout {
    case .everyStep: return nil
    case .mean: return "x = x.mean(1)"
    case .max: return "x = x.amax(1)"
    case .last:
      guard case .recurrent(let stack)? = modules.last else { return "x = x[:, -1]" }
      let description = stack[stack.count - 1].description
      let hidden = if case .lstm = description.kind { "state[0]" } else { "state" }
      return description.directions == 2 ? "x = torch.cat([\(hidden)[-2], \(hidden)[-1]], 1)" : "x = \(hidden)[-1]"
    }
  }
}
