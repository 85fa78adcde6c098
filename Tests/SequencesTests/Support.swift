import Foundation
import Sequences

extension Tokens {
  var all: [Int32] { (0..<count).map { self[$0] } }
}

/// Writes a file, hands its path to `body`, and removes it.
func withTemporaryFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
  let file = FileManager.default.temporaryDirectory.appending(path: "recurrent-\(UUID().uuidString).txt")
  try Data(bytes).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  try body(file.path)
}
