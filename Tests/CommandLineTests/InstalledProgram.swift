import Foundation

/// A program that this machine may have or not, for tests that are skipped without it.
struct InstalledProgram {
  let url: URL

  init?(_ name: String) {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let paths = folders.map { "\($0)/\(name)" }
    guard let path = paths.first(where: FileManager.default.isExecutableFile) else { return nil }
    url = URL(filePath: path)
  }

  static func isThere(_ name: String) -> Bool { InstalledProgram(name) != nil }

  /// What it prints, errors included, given `input` at standard input.
  func output(_ arguments: [String], input: String, environment: [String: String] = [:]) throws -> String {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (source, results) = (Pipe(), Pipe())
    process.standardInput = source
    process.standardOutput = results
    process.standardError = results
    try process.run()
    // A script is longer than a pipe holds, and nothing is printed before all of it has been read.
    try source.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try source.fileHandleForWriting.close()
    let data = try results.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
