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
    let flows = zip(model.graph.outputs, outputs).compactMap { output, value -> (name: String, parts: [Part])? in
      if case .flow(let flow) = value, !flow.isAside { (output.name, flow.path?.parts ?? []) } else { nil }
    }
    // The output that has passed most layers; a state after the last step is one only if there is no other.
    func rank(_ parts: [Part]) -> Int { 2 * parts.count { !$0.isLastStep } + (parts.last?.isLastStep == true ? 0 : 1) }
    let most = flows.map { rank($0.parts) }.max()
    var parts = flows.first { rank($0.parts) == most }?.parts ?? []
    let passed = Set(parts.map(\.name))
    for (name, others) in flows {
      for part in others where !passed.contains(part.name) && !part.isLastStep {
        parts.append(.other(name: part.name, what: "on the way to another output, \(name)"))
      }
    }
    for found in reader.layers where !passed.contains(found.layer.name) {
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
    for (name, what) in reader.refused where !passed.contains(name) { parts.append(.other(name: name, what: what)) }
    self.init(path: path, parts: parts)
  }
}

extension LayerChain.Part {
  fileprivate var isLastStep: Bool { if case .readout(.last) = self { true } else { false } }
}
