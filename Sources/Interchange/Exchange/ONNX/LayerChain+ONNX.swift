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
    let flows = zip(model.graph.outputs, outputs).compactMap { output, value -> (name: String, path: [ONNXPath])? in
      if case .flow(let flow) = value, let path = flow.output(output.name) { (output.name, path) } else { nil }
    }
    // The output that has passed most layers; a state after the last step is one only if there is no other.
    func rank(_ path: [ONNXPath]) -> Int {
      2 * path.count { !$0.part.isLastStep } + (path.last?.part.isLastStep == true ? 0 : 1)
    }
    let most = flows.map { rank($0.path) }.max()
    let main = flows.first { rank($0.path) == most }?.path ?? []
    var parts = main.map(\.part)
    let passed = Set(main.flatMap(\.operators))
    let names = Set(parts.map(\.name))
    for (name, others) in flows {
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
    self.init(path: path, parts: parts, notes: reader.notes)
  }
}

extension LayerChain.Part {
  fileprivate var isLastStep: Bool { if case .readout(.last) = self { true } else { false } }
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

extension ONNXReader {
  /// What whoever runs the network must know.
  fileprivate var notes: [Sentence] {
    var notes: [Sentence] = []
    if isHalf {
      notes.append("the graph computes with numbers of 16 bits, and the network with 32: results differ by what that rounds")
    }
    if !quantized.isEmpty {
      notes.append(
        "the matrices of \(list(quantized)) are 8-bit numbers, which are read as what they stand for; the operator rounds what it reads at each step to 8 bits, too, and the network does not, so that results differ by that"
      )
    }
    if !given.isEmpty {
      let list = given.map { state in
        let places = state.taken.values.map { "[\($0.lowerBound)\($0.count == 1 ? "" : "..<\($0.upperBound)")]" }.sorted()
          .joined()
        return "\(state.name) of \(state.layer) is \(state.input)\(places)"
      }
      notes.append(
        "states that the graph reads are given as h0 and c0, in the order of the layers: \(list.joined(separator: "; "))")
    }
    return notes
  }
}
