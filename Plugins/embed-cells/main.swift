// Writes a Swift file that holds the text of each cell file.
//
// Usage: embed-cells OUTPUT.swift FILE.cell …

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

let files = CommandLine.arguments.dropFirst(2)
var lines = ["/// The files of the cell library: name and text.", "let cellTexts: [(file: String, text: String)] = ["]
for file in files {
  let text = try String(contentsOf: URL(filePath: file), encoding: .utf8)
  // A literal of the text's own escaped form: no text can end it early.
  lines.append("  (file: \(URL(filePath: file).lastPathComponent.debugDescription), text: \(text.debugDescription)),")
}
lines.append("]\n")
try lines.joined(separator: "\n").write(to: URL(filePath: CommandLine.arguments[1]), atomically: true, encoding: .utf8)
