import Foundation

/// The project's files as the rules of the house see them.
enum Project {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A file with its path below the project's root.
  struct File: Sendable, CustomStringConvertible {
    let path: String
    let text: String

    var description: String { path }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var pathExtension: String { path.contains(".") ? String(path.split(separator: ".").last ?? "") : "" }
  }

  /// All text that people wrote: sources, tests, scripts, pages.
  static let files: [File] = ["Sources", "Plugins", "Tests", "script", ".ci"].flatMap(files(below:)) + pages

  /// The room's own Swift, C and other text.
  static func files(of room: String) -> [File] { files.filter { $0.path.hasPrefix("Sources/\(room)/") } }

  /// The folders of `Sources/`.
  static let rooms: Set<String> = Set(
    entries(of: "Sources").filter { isFolder("Sources/\($0)") })

  /// The rooms in the order of the headings of ARCHITECTURE.md: each may import only those before it.
  static let documentedRooms: [String] =
    pages.first { $0.path == "ARCHITECTURE.md" }?.lines
    .filter { $0.hasPrefix("### ") }.map { String($0.dropFirst(4)) } ?? []

  private static let written: Set<String> = ["swift", "c", "h", "md", "cell", "sh", "py", "modulemap", "html", "css", "js", ""]

  private static let pages: [File] = entries(of: ".").filter { $0.hasSuffix(".md") || $0.hasSuffix(".swift") }.compactMap(file)

  private static func files(below folder: String) -> [File] {
    entries(of: folder).flatMap { name -> [File] in
      let path = "\(folder)/\(name)"
      return isFolder(path) ? files(below: path) : file(path).map { [$0] } ?? []
    }
  }

  private static func file(_ path: String) -> File? {
    guard let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8) else { return nil }
    let file = File(path: path, text: text)
    return written.contains(file.pathExtension) ? file : nil
  }

  private static func entries(of folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)) ?? []).sorted()
  }

  private static func isFolder(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: root.appending(path: path).path)[.type] as? FileAttributeType)
      == .typeDirectory
  }
}
