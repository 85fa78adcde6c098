// Writes a Swift file that holds the text of each cell file.
//
// Usage: embed-cells OUTPUT.swift FILE.cell …

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

var lines = [
  "/// The files of the cell library: their names without the ending, and their texts.",
  "let cellTexts: [(name: String, text: String)] = [",
]
for path in CommandLine.arguments.dropFirst(2) {
  let file = URL(filePath: path)
  let text = try String(contentsOf: file, encoding: .utf8)
  // In its escaped form no text can end the literal early.
  lines.append("  (\(file.deletingPathExtension().lastPathComponent.debugDescription), \(text.debugDescription)),")
}
lines.append("]\n")
try lines.joined(separator: "\n").write(to: URL(filePath: CommandLine.arguments[1]), atomically: true, encoding: .utf8)
