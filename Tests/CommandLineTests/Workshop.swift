import CommandKit
import CommandLine
import Console
import Foundation
import Testing

/// A folder with a text and a small model, and the command to try on them. It is removed with this value.
final class Workshop: Sendable {
  let path: String

  /// Some 1,500 characters in short words, with accents.
  static let text = (0..<60).map { "ein Mädchen ging no. \($0 % 7) — und ça va\n" }.joined()

  /// A network small enough to train in the blink of an eye.
  static let small = ["--units", "6", "--batch", "4", "--sequence", "10", "--threads", "1", "--seed", "3"]

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "workshop-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
    try write(Self.text, "text.txt")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: URL(filePath: self(name))) }
  func read(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: self(name))) }

  /// What a command line does; `$` in a word stands for the folder, and stands for it again in what it says.
  func run(_ words: [String], terminal: ((CapturedTerminal) -> Terminal)? = nil) -> Outcome {
    let captured = CapturedTerminal()
    let code = recurrent.run(
      words.map { $0.replacingOccurrences(of: "$", with: path) }, on: terminal?(captured) ?? captured.terminal())
    func shortened(_ text: String) -> String { text.replacingOccurrences(of: path, with: "$") }
    return Outcome(code: code, output: shortened(captured.output), messages: shortened(captured.messages))
  }

  func run(_ line: String) -> Outcome { run(line.split(separator: " ").map(String.init)) }

  /// Trains the small network on the text, or another one.
  func train(_ line: String = "", text: String = "text.txt", into folder: String) -> Outcome {
    run(["train", "text", "$/" + text, "--output", "$/" + folder] + Self.small + line.split(separator: " ").map(String.init))
  }

  struct Outcome {
    let code: Int32
    let output: String
    let messages: String
    var lines: [Substring] { output.split(separator: "\n") }
  }

  /// The records of a run's log without times.
  func log(_ folder: String) throws -> [[String: Double]] {
    try read(folder + "/log.jsonl").split(separator: UInt8(ascii: "\n")).map { line in
      var record = try #require(JSONSerialization.jsonObject(with: line) as? [String: Double])
      (record["seconds"], record["tokens_per_second"]) = (nil, nil)
      return record
    }
  }
}
