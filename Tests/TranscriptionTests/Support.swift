import Foundation
import Support
import Tables
import Transcription

/// A folder that is gone when `body` has run.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path)
}

/// What the error of a body says, without the folder's name.
func message(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)".replacing(/\/[^ ]*\//, with: "")
  }
}

/// What reading a file of these lines says.
func message(reading lines: String, _ request: TranscriptRequest = TranscriptRequest()) throws -> String? {
  var found: String?
  try withFolder { folder in
    let path = folder + "/t.jsonl"
    try Data(lines.utf8).write(to: URL(filePath: path))
    found = message { _ = try Transcripts(contentsOf: path, request) }
  }
  return found
}

/// Sequences of two numbers a step in which `high` is a 1 in the first one, and `low` in the second, between pauses.
func beeps(_ count: Int) -> (sequences: [[[Float]]], symbols: [[String]]) {
  let sequences = (0..<count).map { number in
    (0...number % 3).flatMap { place -> [[Float]] in
      let beep: [Float] = (place + number) % 2 == 0 ? [1, 0] : [0, 1]
      return [[0, 0]] + Array(repeating: beep, count: 1 + number % 2) + [[0, 0]]
    }
  }
  return (sequences, (0..<count).map { number in (0...number % 3).map { ($0 + number) % 2 == 0 ? "high" : "low" } })
}
