import Models
import Networks
package import ONNXFiles
import Storage
import Support
import TensorFiles

extension LayerChain {
  /// What an ONNX model has: the way from its input to its output, and the recurrent layers that stand beside it.
  ///
  /// - Throws: ``RecurrentError`` if the file is damaged or contradicts itself, ``RecurrentError`` if it has no recurrent layer.
  public init(onnx path: String) throws { try self.init(ONNXModel(contentsOf: path), path: path) }

  package init(_ model: ONNXModel, path: String) throws {
    let version = model.opsets[""] ?? 0
    guard version >= 7 else {
      throw RecurrentError(
        .interchange,
        "\(path) has operators of version \(version), whose meaning was another one: convert it to version 7 or later with onnx.version_converter"
      )
    }
    var reader = ONNXReader(size: model.size, opset: version)
    let outputs: [ONNXKnown]
    do throws(TensorFile.Problem) {
      outputs = try reader.read(model.graph)
    } catch {
      throw RecurrentError(cannotRead: path, error.text)
    }
    let flows = zip(model.graph.outputs, outputs).compactMap {
      output, value -> (name: String, path: [ONNXPath], flow: ONNXFlow)? in
      if case .flow(let flow) = value, let path = flow.output(output.name) { (output.name, path, flow) } else { nil }
    }
    // The output that has passed most layers; a state after the last step is one only if there is no other.
    func rank(_ path: [ONNXPath]) -> Int {
      2 * path.count { !$0.part.isLastStep } + (path.last?.part.isLastStep == true ? 0 : 1)
    }
    let most = flows.map { rank($0.path) }.max()
    let output = flows.first { rank($0.path) == most }
    let main = output?.path ?? []
    var parts = main.map(\.part)
    if flows.isEmpty, let place = outputs.firstIndex(where: \.isCellState) {
      parts.append(.other(name: "the output \(model.graph.outputs[place].name)", what: ONNXFlow.cellState))
    }
    let passed = Set(main.flatMap(\.operators))
    let names = Set(parts.map(\.name))
    for (name, others, _) in flows {
      for other in others where !other.part.isLastStep {
        let isPassed = other.operators.isEmpty ? names.contains(other.part.name) : passed.isSuperset(of: other.operators)
        if !isPassed { parts.append(.other(name: other.part.name, what: "on the way to another output, \(name)")) }
      }
    }
    for (found, number) in reader.layers where !passed.contains(number) && !passed.contains(number + 1) {
      parts.append(
        .other(name: found.layer.name, what: "a recurrent layer beside the way from the first input to the first output"))
      parts.append(.recurrent(found))
    }
    if reader.layers.isEmpty {
      let others = parts.compactMap { part -> String? in
        if case .other(let name, let what) = part { "\(name) is \(what)" } else { nil }
      }
      let refused = reader.refused.map { "\($0.name) is \($0.what)" }
      let reasons = (refused.isEmpty ? others : refused).prefix(3).joined(separator: "; ")
      throw RecurrentError(
        .interchange, "\(path) has no recurrent layer that can be read" + (reasons.isEmpty ? "" : ": \(reasons)"))
    }
    for (name, what) in reader.refused where !names.contains(name) { parts.append(.other(name: name, what: what)) }
    parts += reader.given.clashes(with: main.first?.source)
    self.init(path: path, parts: parts, notes: reader.notes(main, output?.flow, model.graph))
  }
}

extension LayerChain.Part {
  fileprivate var isLastStep: Bool { if case .readout(.last) = self { true } else { false } }
}

extension ONNXKnown {
  fileprivate var isCellState: Bool { if case .flow(let flow) = self { flow.member.isCellState } else { false } }
}

extension ONNXFlow {
  /// What an output of the graph has passed; nil for states that a network gives by itself, such as an LSTM's cell states.
  fileprivate func output(_ name: String) -> [ONNXPath]? {
    if members.contains(where: \.isCellState) { return nil }
    var own = self
    if axes?.contains(where: { $0.atoms.contains(where: \.isMembers) }) == true {
      do throws(ONNXRefusal) {
        own = try merged(.concatenate, [])
      } catch {
        if members.allSatisfy({ $0.path?.isState == true }) { return nil }
        own = after("the output \(name)", "a stack of what several layers give")
      }
    }
    if own.member.isTurned { own = own.after("the output \(name)", "a series of steps from the last to the first") }
    return own.path?.path ?? []
  }
}

extension ONNXPath {
  /// Whether it is the state of a layer after the last step.
  fileprivate var isState: Bool {
    guard case .readout(.last) = part, case .recurrent? = before?.part else { return false }
    return true
  }
}

extension [ONNXGivenState] {
  /// Inputs of the graph that are more than one layer's state, or the model's data, too.
  fileprivate func clashes(with source: String?) -> [LayerChain.Part] {
    enumerated().compactMap { place, state in
      if state.input == source {
        return .other(name: state.layer, what: "a layer whose \(state.name) is a part of the model's input, \(state.input)")
      }
      let isTwice = self[..<place].contains { other in
        other.input == state.input
          && state.taken.allSatisfy { axis, range in other.taken[axis].map { $0.overlaps(range) } ?? true }
      }
      return isTwice
        ? .other(name: state.layer, what: "a layer whose \(state.name) is also that of another one, the input \(state.input)")
        : nil
    }
  }
}
