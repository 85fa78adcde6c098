import ONNXFiles
import Storage

extension ONNXNode {
  func integer(_ name: String) -> Int? { if case .integer(let value)? = attributes[name] { value } else { nil } }

  func integers(_ name: String) -> [Int]? { if case .integers(let values)? = attributes[name] { values } else { nil } }

  func text(_ name: String) -> String? { if case .text(let text)? = attributes[name] { text } else { nil } }

  func graph(_ name: String) -> ONNXGraph? { if case .graph(let graph)? = attributes[name] { graph } else { nil } }

  /// The operator as messages and lists call it: its name, or what it gives.
  var title: String { name.isEmpty ? outputs.first { !$0.isEmpty } ?? operation : name }

  /// The operator with its set if that is not the default one.
  var kind: String { domain.isEmpty ? operation : "\(domain).\(operation)" }
}

/// An axis that may be counted from the end; nil if there is no such axis.
func resolvedAxis(_ axis: Int, rank: Int) -> Int? {
  let resolved = axis < 0 ? axis &+ rank : axis
  return (0..<rank).contains(resolved) ? resolved : nil
}
