import CSource
import Foundation

/// Programs of C: models with what they read, compiled by the system's compiler all at once and run.
struct CProgram {
  /// The compiler's path and the first of its options; nil if this system has none. `RECURRENT_CC` may name another one, also for C++.
  static let compiler: [String]? = {
    let environment = ProcessInfo.processInfo.environment
    let words = (environment["RECURRENT_CC"] ?? "cc -std=c99").split(separator: " ").map(String.init)
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    let path = folders.map { "\($0)/\(words[0])" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    return path.map { [$0] + words.dropFirst() }
  }()

  /// A model and the steps that it is to take.
  struct Run {
    let source: CSource
    let options: CSourceOptions
    let outputs: Int
    var numbers: [[Float]] = []
    var symbols: [Int32] = []
    /// Whether the output is asked for once, at the end.
    var atTheEnd = false
    /// Whether the helper for whole sequences takes the steps.
    var asSequence = false
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// What each of some models gives, one number after the other.
  static func outputs(of runs: [Run]) throws -> [[Double]] {
    guard let compiler else { throw Failure(description: "this system has no C compiler") }
    let folder = FileManager.default.temporaryDirectory.appending(path: "c-source-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var files = ["main.c"]
    for run in runs where !files.contains("\(run.source.prefix).c") {
      files.append("\(run.source.prefix).c")
      try run.source.header.write(to: folder.appending(path: "\(run.source.prefix).h"), atomically: false, encoding: .utf8)
      try run.source.source.write(to: folder.appending(path: "\(run.source.prefix).c"), atomically: false, encoding: .utf8)
    }
    try main(runs).write(to: folder.appending(path: "main.c"), atomically: false, encoding: .utf8)
    let options = Array(compiler.dropFirst()) + ["-Wall", "-Wextra", "-pedantic", "-Werror", "-O1"]
    _ = try start(compiler[0], options + files + ["-o", "program", "-lm"], in: folder)
    let text = try start(folder.appending(path: "program").path, [], in: folder)
    return text.split(separator: "\n\n").map { $0.split(separator: "\n").compactMap { Double($0) } }
  }

  private static func main(_ runs: [Run]) -> String {
    let headers = Set(runs.map(\.source.prefix)).sorted().map { "#include \"\($0).h\"" }
    let functions = runs.enumerated().map { index, run in
      let (name, real) = (run.source.prefix, run.options.number.rawValue)
      let steps = max(run.numbers.count, run.symbols.count)
      let width = run.numbers.first?.count ?? 0
      var lines = [
        "static void run_\(index)(void)", "{", "  static \(name)_state state;", "  static \(real) y[\(steps * run.outputs)];",
      ]
      var (arguments, all) = ("", "")
      if !run.symbols.isEmpty {
        lines.append("  static const int32_t symbols[] = {\(run.symbols.map { "\($0)" }.joined(separator: ", "))};")
        (arguments, all) = (", symbols[step]", ", symbols")
      }
      if width > 0 {
        let numbers = run.numbers.joined().map { $0.description + ($0.isFinite ? "f" : "") }
        lines.append("  static const float given[] = {\(numbers.joined(separator: ", "))};")
        lines.append("  static \(real) x[\(steps * width)];")
        lines.append("  for (size_t i = 0; i < \(steps * width); i++) x[i] = given[i];")
        (arguments, all) = (arguments + ", x + \(width) * step", all + ", x")
      }
      lines.append("  \(name)_reset(&state);")
      if run.asSequence {
        lines.append("  \(name)_run(&state\(all), \(steps), y);")
      } else {
        let target = run.atTheEnd ? "step + 1 == \(steps) ? y : NULL" : "y + \(run.outputs) * step"
        lines.append("  for (size_t step = 0; step < \(steps); step++) \(name)_step(&state\(arguments), \(target));")
      }
      let count = run.atTheEnd ? run.outputs : steps * run.outputs
      return (lines + ["  for (size_t i = 0; i < \(count); i++) printf(\"%.17g\\n\", (double)y[i]);", "  printf(\"\\n\");", "}"])
        .joined(separator: "\n")
    }
    let calls = runs.indices.map { "  run_\($0)();" }
    return (["#include <stdio.h>"] + headers + functions + ["int main(void)", "{"] + calls + ["  return 0;", "}"])
      .joined(separator: "\n") + "\n"
  }

  private static func start(_ program: String, _ arguments: [String], in folder: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    if process.terminationStatus != 0 {
      throw Failure(description: "\(program) ended with \(process.terminationStatus):\n\(text.prefix(4000))")
    }
    return text
  }
}
