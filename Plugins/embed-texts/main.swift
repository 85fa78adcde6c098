// Writes a Swift file that holds the text of each file.
//
// Usage: embed-texts OUTPUT.swift FILE …

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

var lines = [
  "/// The files of this room that are not Swift: their names and their texts.",
  "let embeddedTexts: [(name: String, text: String)] = [",
]
for path in CommandLine.arguments.dropFirst(2) {
  let file = URL(filePath: path)
  let text = try String(contentsOf: file, encoding: .utf8)
  // In its escaped form no text can end the literal early.
  lines.append("  (\(file.lastPathComponent.debugDescription), \(text.debugDescription)),")
}
lines.append("]\n")
try lines.joined(separator: "\n").write(to: URL(filePath: CommandLine.arguments[1]), atomically: true, encoding: .utf8)
