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

  /// A folder of `Sources/` that is a module of its own, with the floor that it is on; a product is on none.
  struct Room: Hashable {
    let floor: String
    let name: String

    var path: String { floor.isEmpty ? "Sources/\(name)" : "Sources/\(floor)/\(name)" }
  }

  /// The room's own Swift, C and other text.
  static func files(of room: Room) -> [File] { files.filter { $0.path.hasPrefix(room.path + "/") } }

  /// The folders of `Sources/`: rooms on floors, and products.
  static let rooms: Set<Room> = Set(
    entries(of: "Sources").filter { isFolder("Sources/\($0)") }.flatMap { folder -> [Room] in
      let inner = entries(of: "Sources/\(folder)")
      let isProduct = inner.contains { $0.hasSuffix(".swift") }
      return isProduct ? [Room(floor: "", name: folder)] : inner.map { Room(floor: folder, name: $0) }
    })

  /// The rooms in the order of the headings of ARCHITECTURE.md, floors as `###` and rooms as `####`: each may import only those before it.
  static let documentedRooms: [Room] = {
    var floor = ""
    var rooms: [Room] = []
    for line in pages.first(where: { $0.path == "ARCHITECTURE.md" })?.lines ?? [] {
      if line.hasPrefix("### ") { floor = line.dropFirst(4) == "Products" ? "" : String(line.dropFirst(4)) }
      if line.hasPrefix("#### ") { rooms.append(Room(floor: floor, name: String(line.dropFirst(5)))) }
    }
    return rooms
  }()

  /// The tasks that the rooms on the floor Tasks declare, with the room of each.
  static let tasks: [(task: String, room: String)] = files.filter { $0.path.hasPrefix("Sources/Tasks/") }.flatMap { file in
    file.text.matches(of: /struct (?<task>\w+): LearningTask/).map {
      (String($0.task), String(file.path.split(separator: "/")[2]))
    }
  }

  /// The modules that the manifest has for each module of the project, by the module's name.
  static let dependencies: [String: Set<String>] = {
    let manifest = pages.first { $0.path == "Package.swift" }?.text ?? ""
    let heads = manifest.matches(of: /(?:room|product|tests|\.executableTarget)\(\s*(?:name: )?"(?<name>[\w-]+)"/)
    var found: [String: Set<String>] = [:]
    for (place, head) in heads.enumerated() {
      let end = place + 1 < heads.count ? heads[place + 1].range.lowerBound : manifest.endIndex
      found[String(head.name), default: []].formUnion(
        manifest[head.range.upperBound..<end].matches(of: /"(?<name>\w+)"/).map { String($0.name) })
    }
    return found
  }()

  private static let written: Set<String> = [
    "swift", "c", "h", "md", "cell", "inc", "sh", "py", "modulemap", "html", "css", "js", "",
  ]

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
