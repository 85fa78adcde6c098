import CellCompiler
import CellLanguage
import Engine
import Models
public import Networks
import Sequences
import Storage
import Support

/// A network that begins after a source as a program for PyTorch, written from the equations of its cells: a module that reads the model's own
/// file, can be trained, and, where the network reads pieces of texts and writes such, translates.
public struct PyTorchDecoderExport: Sendable {
  /// A whole program; it expects the model in the file called ``init(_:file:)``'s `file`, in its own folder.
  public let program: String

  /// - Throws: ``RecurrentError`` if the network has something that is not written.
  public init(_ network: Network, file: String) throws {
    guard let encoder = network.encoder else {
      throw RecurrentError(
        .interchange,
        "the network begins with \(network.architecture.context?.summary ?? "nothing"), and not with an encoder, which PyTorch would run"
      )
    }
    try encoder.checkEnds(for: "PyTorch")
    try network.checkEnds(for: "PyTorch", holdsContexts: true)
    if network.architecture.readsInReverse || network.architecture.readout != .everyStep {
      throw RecurrentError(
        .interchange, "what follows a source must be written a step after the other, and the network needs it whole")
    }
    program = try PyTorchDecoderProgram(network, encoder).text(file: file)
  }
}

/// Writes the program.
private struct PyTorchDecoderProgram {
  private let network: Network
  private let encoder: Network

  init(_ network: Network, _ encoder: Network) { (self.network, self.encoder) = (network, encoder) }

  func text(file: String) throws -> String {
    var functions: [String] = []
    for node in encoder.graph.nodes.compactMap({ $0 as? PassNode }) { functions += try function(node, "encoder.") }
    for node in network.graph.nodes.compactMap({ $0 as? PassNode }) { functions += try function(node, "") }
    let readsPieces = [network.architecture.vocabulary, encoder.architecture.vocabulary].allSatisfy { $0?.kind == .pieces }
    func indented(_ lines: [String]) -> String { lines.map { "        \($0)\n" }.joined() }
    let head = """
      # Made by recurrent convert. \(json(file)) is the model; y = model(source, symbols) has a logit for each symbol to come.
      import json
      import pathlib
      import sys
      import unicodedata

      import torch
      from safetensors import safe_open
      from safetensors.torch import load_file

      FILE = str(pathlib.Path(__file__).with_name(\(json(file))))


      def run(step, w, x, states, memory=None, reverse=False):
          \"\"\"Runs the steps of a layer: what it gives, [batch, steps, width], and the states at the end.\"\"\"
          rows = []
          for place in reversed(range(x.shape[1])) if reverse else range(x.shape[1]):
              states = step(w, x[:, place], states, memory)
              rows.append(states[0])
          return torch.stack(rows[::-1] if reverse else rows, 1), states


      \(functions.joined(separator: "\n"))
      class Model(torch.nn.Module):
          def __init__(self):
              super().__init__()
              tensors = load_file(FILE)
              self.w = torch.nn.ParameterDict({name.replace(".", "/"): tensor.float() for name, tensor in tensors.items()})

          def read(self, source):
              \"\"\"What is known of sources of equal length: the states that the decoder begins with, and what the encoder gave at each step.\"\"\"
              w = self.w
      \(indented(reading()))
          def steps(self, symbols, states, memory):
              \"\"\"The logits after each of some symbols, and the states after the last one.\"\"\"
              w, after = self.w, []
      \(indented(stepping()))
          def forward(self, source, symbols):
              return self.steps(symbols, *self.read(source))[0]


      model = Model()
      model.eval()

      """
    return readsPieces ? head + Self.translating : head
  }

  private func name(_ prefix: String) -> String {
    prefix.split(separator: ".").joined(separator: "_")
  }

  private func weight(_ name: String) -> String { "w[\"\(name.replacing(".", with: "/"))\"]" }

  private func function(_ node: PassNode, _ owner: String) throws(RecurrentError) -> [String] {
    let prefix = owner + node.pass.prefix
    var step = try PyTorchStep(node.plan.cell, dimensions: node.plan.dimensions) { weight(prefix + $0) }
    return try step.function(name(prefix)) + ["", ""]
  }

  /// What the states of a pass are where nothing is known.
  private func zeros(_ node: PassNode, _ owner: String, batch: String) -> [String] {
    node.plan.cell.states.enumerated().map { index, state in
      let learned = "\(owner)\(node.pass.prefix)initial.\(state.name)"
      let isLearned = (owner.isEmpty ? network : encoder).layout["\(node.pass.prefix)initial.\(state.name)"] != nil
      return isLearned
        ? "\(weight(learned)).expand(len(\(batch)), -1)" : "torch.zeros(len(\(batch)), \(node.plan.width(ofState: index)))"
    }
  }

  private func input(_ network: Network, _ owner: String, _ name: String) -> String {
    switch network.inputForms[0] {
    case .embedded(_, _, let matrix): "x = \(weight(owner + matrix))[\(name)]"
    case .oneHot(let count): "x = torch.nn.functional.one_hot(\(name), \(count)).float()"
    case .numbers, .special: "x = \(name)"
    }
  }

  private func merged(_ merge: Architecture.Merge, _ first: String, _ second: String) -> String {
    switch merge {
    case .concatenate: "torch.cat([\(first), \(second)], -1)"
    case .sum: "\(first) + \(second)"
    case .multiply: "\(first) * \(second)"
    case .average: "(\(first) + \(second)) / 2"
    }
  }

  private func reading() -> [String] {
    var lines = [input(encoder, "encoder.", "source")]
    let passes = encoder.graph.passes.filter { $0.pass.span == .step }
    for (index, layer) in encoder.architecture.layers.enumerated() {
      let own = passes.filter { $0.pass.layer == index }
      for (place, node) in own.enumerated() {
        let states = zeros(node, "encoder.", batch: "source").joined(separator: ", ")
        let direction = node.pass.isReverse ? ", reverse=True" : ""
        lines.append(
          "rows_\(place), end_\(place) = run(\(name("encoder." + node.pass.prefix)), w, x, [\(states)]\(direction))")
      }
      if case .bidirectional(let merge, _) = layer.direction {
        lines.append("x, last = \(merged(merge, "rows_0", "rows_1")), \(merged(merge, "end_0[0]", "end_1[0]"))")
      } else {
        lines.append("x, last = rows_0, end_0[0]")
      }
    }
    switch encoder.architecture.readout {
    case .mean: lines.append("vector = x.mean(1)")
    case .max: lines.append("vector = x.amax(1)")
    case .last, .everyStep: lines.append("vector = last")
    }
    lines.append("states = []")
    let bridges = network.graph.nodes.compactMap { $0 as? PassNode }.filter { $0.pass.span == .start }
    for (bridge, node) in zip(bridges, network.graph.passes) {
      let widths = node.plan.cell.states.indices.map { node.plan.width(ofState: $0) }
      let nothing = bridge.plan.cell.states.indices.map { "torch.zeros(len(vector), \(bridge.plan.width(ofState: $0)))" }
      lines.append("given = \(name(bridge.pass.prefix))(w, vector, [\(nothing.joined(separator: ", "))], None)[0]")
      let first = zeros(node, "", batch: "vector").joined(separator: ", ")
      lines.append("states.append([a + b for a, b in zip(given.split(\(widths), -1), [\(first)])])")
    }
    return lines + ["return states, x"]
  }

  private func stepping() -> [String] {
    var lines = [input(network, "", "symbols")]
    for (index, node) in network.graph.passes.enumerated() {
      lines.append("x, last = run(\(name(node.pass.prefix)), w, x, states[\(index)], memory)")
      lines.append("after.append(last)")
    }
    if network.layout.head != nil {
      let matrix = network.architecture.tiesEmbedding ? "embedding.weight" : "output.weight"
      lines.append("x = x @ \(weight(matrix)).T + \(weight("output.bias"))")
    }
    return lines + ["return x, after"]
  }

  private static let translating = """
    with safe_open(FILE, "pt") as opened:
        network = json.loads(opened.metadata()["network"])

    \(PieceProgram.translating(
      begin: ["states, memory = model.read(torch.tensor([read]))"],
      step: ["y, states = model.steps(torch.tensor([[symbol]]), states, memory)"], decorator: "@torch.no_grad()"))
    """
}
