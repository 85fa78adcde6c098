import Engine
import ModelFiles
import Networks
import Sequences

/// Python that makes PyTorch's modules of a network and loads their tensors.
struct PyTorchProgram {
  /// The expression that makes each recurrent module.
  let modules: [String]
  let network: Network
  let file: String

  private static let imports = ["import torch", "from safetensors.torch import load_file"]

  /// The program for a single recurrent module and nothing else.
  var module: String {
    let lines =
      ["# Made by recurrent convert. y, states = rnn(x) for x of [batch, time, \(network.architecture.inputWidth)]."]
      + Self.imports + [
        "", "rnn = \(modules[0])", "rnn.load_state_dict(load_file(\(json(file))))", "rnn.eval()",
      ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The program for several modules, symbols as input, or a linear layer on top.
  var model: String {
    let architecture = network.architecture
    var making: [String] = []
    var running: [String] = []
    let input: String
    switch architecture.input {
    case .tokens(let vocabulary, let embedding?):
      making.append("self.embedding = torch.nn.Embedding(\(vocabulary.count), \(embedding))")
      running.append("x = self.embedding(x)")
      input = "[batch, time], whole numbers below \(vocabulary.count)"
    case .tokens(let vocabulary, nil):
      running.append("x = torch.nn.functional.one_hot(x, \(vocabulary.count)).float()")
      input = "[batch, time], whole numbers below \(vocabulary.count)"
    case .words: preconditionFailure("an input of words is refused before")
    case .features(let count): input = "[batch, time, \(count)]"
    }
    making.append("self.rnn = torch.nn.ModuleList([")
    making += modules.map { "    \($0)," }
    making.append("])")
    running += [
      "after = []", "for rnn, state in zip(self.rnn, states or [None] * len(self.rnn)):", "    x, state = rnn(x, state)",
      "    after.append(state)",
    ]
    if let head = network.layout.head?.weight {
      making.append("self.output = torch.nn.Linear(\(head.shape[1]), \(head.shape[0]))")
      running.append("x = self.output(x)")
    }
    var meaning = ""
    if case .classes = architecture.output {
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
}
