import Exchange
import Foundation
import Models
import Storage
import TensorFiles

/// Files that tests read and write.
enum Vectors {
  /// The folder of vectors that script/pytorch-vectors writes.
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Vectors")
    .path

  static func file(_ name: String) throws -> TensorFile { try TensorFile(contentsOf: "\(folder)/\(name)") }
}

/// A file of one test, removed with this value.
final class TemporaryFile: Sendable {
  let path: String

  init(_ ending: String = "safetensors") {
    path = FileManager.default.temporaryDirectory.appending(path: "exchange-\(UUID().uuidString).\(ending)").path
  }

  convenience init(bytes: [UInt8], _ ending: String = "bin") throws {
    self.init(ending)
    try Data(bytes).write(to: URL(filePath: path))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension TensorFile {
  /// A file of the tensors whose names begin so, without that beginning, and under other names where `names` has them. A tensor that
  /// lacks the axis of the batch gets one.
  func part(_ prefix: String, names: [String: String] = [:], batched: Set<String> = []) throws -> (TensorFile, TemporaryFile) {
    let entries = try tensors.filter { $0.name.hasPrefix(prefix) }.compactMap { tensor -> Safetensors.Entry? in
      let name = String(tensor.name.dropFirst(prefix.count))
      let shape = batched.contains(name) ? [tensor.shape[0], 1] + tensor.shape[1...] : tensor.shape
      if tensor.dataType == .int64 { return .init(names[name] ?? name, try integers(tensor.name).map(Int64.init), shape: shape) }
      return .init(names[name] ?? name, try floats(tensor.name), shape: shape)
    }
    let file = TemporaryFile()
    try Safetensors.write(entries, to: file.path)
    return (try TensorFile(contentsOf: file.path), file)
  }
}

extension TensorFile {
  /// All tensors, to be written again with a prefix before their names.
  func entries(_ prefix: String) throws -> [Safetensors.Entry] {
    try tensors.map { tensor in
      if tensor.dataType == .int64 {
        return .init(prefix + tensor.name, try integers(tensor.name).map(Int64.init), shape: tensor.shape)
      }
      return .init(prefix + tensor.name, try floats(tensor.name), shape: tensor.shape)
    }
  }
}

/// Where `actual` differs from `expected` by more than the tolerance, as |a - e| ≤ abs + rel · |e|; nil if nowhere.
func difference(_ actual: [Float], _ expected: [Float], abs absolute: Float, rel: Float = 0) -> String? {
  let found = place(actual, expected, abs: absolute, rel: rel)
  CaseTable.note(actual, expected, passes: found == nil)
  return found
}

private func place(_ actual: [Float], _ expected: [Float], abs absolute: Float, rel: Float) -> String? {
  guard actual.count == expected.count else { return "\(actual.count) numbers; expected \(expected.count)" }
  for (place, (a, e)) in zip(actual, expected).enumerated() where !(Swift.abs(a - e) <= absolute + rel * Swift.abs(e)) {
    return "element \(place) is \(a); expected \(e)"
  }
  return nil
}
