import Testing

/// The rules of the house, held by reading its files.
struct ArchitectureTests {
  @Test func everyRoomHasItsParagraphAndEveryParagraphItsRoom() {
    for room in Project.rooms where !Project.documentedRooms.contains(room) {
      Issue.record("\(room.path) has no heading `#### \(room.name)` in ARCHITECTURE.md: put one where data reaches the room")
    }
    for room in Project.documentedRooms where !Project.rooms.contains(room) {
      Issue.record("ARCHITECTURE.md describes \(room.name), but there is no folder \(room.path)")
    }
    #expect(Project.documentedRooms.count == Set(Project.documentedRooms).count, "a room is described twice")
  }

  @Test(arguments: Project.documentedRooms)
  func aRoomImportsOnlyRoomsBeforeIt(room: Project.Room) throws {
    let place = try #require(Project.documentedRooms.firstIndex(of: room))
    let allowed = Set(Project.documentedRooms[..<place].map(\.name))
    for file in Project.files(of: room) where file.pathExtension == "swift" {
      for found in Import.all(in: file) where !allowed.contains(found.module) {
        if outsideModules.contains(found.module) || room.name == "Platform" && cLibraries.contains(found.module) { continue }
        let reason =
          Project.rooms.contains { $0.name == found.module }
          ? "a room that comes after it in ARCHITECTURE.md" : "which is neither a room nor one of \(outsideModules.sorted())"
        Issue.record("\(file):\(found.line): \(room.name) imports \(found.module), \(reason)")
      }
    }
  }

  /// A module that is imported and not depended on is there only if it happens to be built before.
  @Test func whatIsImportedStandsInTheManifest() throws {
    let modules = Set(Project.rooms.map(\.name))
    for file in Project.files where file.pathExtension == "swift" {
      let folders = file.path.split(separator: "/").map(String.init)
      guard let own = folders.first(where: { Project.dependencies[$0] != nil }) else { continue }
      let known = try #require(Project.dependencies[own])
      for found in Import.all(in: file) where modules.contains(found.module) && !known.contains(found.module) {
        Issue.record("\(file):\(found.line): \(own) does not depend on \(found.module) in Package.swift")
      }
    }
  }

  @Test func cStaysInItsRoom() {
    for file in Project.files where ["c", "h", "modulemap"].contains(file.pathExtension) {
      let isAllowed = ["Sources/Compute/Kernels/", "Tests/AllocationCounter/", "Tests/KernelChecks/"].contains {
        file.path.hasPrefix($0)
      }
      let headers = ["Sources/Interchange/CZlib/", "Sources/Bindings/CRecurrent/"]
      let isSystemLibrary = headers.contains { file.path.hasPrefix($0) } && file.pathExtension != "c"
      #expect(isAllowed || isSystemLibrary, "\(file): C belongs to Kernels")
    }
  }

  /// Pages are read from their headings, and may be longer.
  @Test(arguments: Project.files.filter { $0.pathExtension != "md" })
  func noFileIsLongerThan400Lines(file: Project.File) {
    let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
    #expect(count <= 400, "\(file) has \(count) lines: split it by responsibility")
  }

  @Test(arguments: Project.files)
  func nothingIsLeftForLaterAndNothingIsForced(file: Project.File) {
    for (number, line) in file.lines.enumerated() {
      for word in unwanted where line.contains(word) {
        Issue.record("\(file):\(number + 1): \(word) does not belong here")
      }
    }
  }

  /// What differs from system to system is Platform's to know.
  @Test func systemsAreToldApartInPlatformOnly() {
    var count = 0
    for file in Project.files where file.path.hasPrefix("Sources/") {
      for (number, line) in file.lines.enumerated() where line.contains("canImport" + "(") {
        count += 1
        if !file.path.hasPrefix("Sources/Ground/Platform/") {
          Issue.record("\(file):\(number + 1): put into Platform what differs from system to system")
        }
      }
    }
    #expect(count > 0, "Platform has conditions")
  }

  /// An app that runs networks need not link it, and what it does differs between systems.
  @Test(arguments: Project.files)
  func sourcesDoWithoutFoundation(file: Project.File) {
    guard file.path.hasPrefix("Sources/"), file.pathExtension == "swift" else { return }
    for found in Import.all(in: file) where foundations.contains(found.module) {
      Issue.record("\(file):\(found.line): no file in Sources imports \(found.module)")
    }
  }

  /// SECURITY.md promises that nothing opens a connection, but for processes that a launcher of MPI's has started, which open a library for it.
  /// Nothing starts another program either, which could.
  @Test(arguments: Project.files)
  func sourcesReachNeitherTheNetworkNorOtherPrograms(file: Project.File) {
    guard file.path.hasPrefix("Sources/"), ["swift", "c", "h", "inc"].contains(file.pathExtension) else { return }
    for (number, line) in file.lines.enumerated() {
      for name in outward where line.contains(name) {
        // A library that an installation has put beside the program, and nothing else.
        if name == "dlopen(", file.path == "Sources/Ground/Platform/SharedLibrary.swift" { continue }
        Issue.record("\(file):\(number + 1): \(name)…: SECURITY.md promises that nothing reaches outside")
      }
    }
  }

  /// Numbers are written alike wherever one is: neither C nor a browser is asked how they are written in some place.
  @Test(arguments: Project.files)
  func numbersFollowNoLocale(file: Project.File) {
    guard file.path.hasPrefix("Sources/"), ["swift", "c", "h", "inc", "js"].contains(file.pathExtension) else { return }
    for (number, line) in file.lines.enumerated() {
      for name in ["setlocale(", "newlocale(", "localeconv(", "toLocale", "Intl."] where line.contains(name) {
        Issue.record("\(file):\(number + 1): \(name)… makes numbers depend on the locale")
      }
    }
  }

  /// A generator made from a bare seed may draw what another one draws.
  @Test(arguments: Project.files)
  func randomNumbersAreDrawnForANamedPurpose(file: Project.File) {
    guard file.path.hasPrefix("Sources/"), !file.path.hasPrefix("Sources/Ground/Support/Random") else { return }
    for (number, line) in file.lines.enumerated() where line.contains("Random(seed:") {
      Issue.record("\(file):\(number + 1): name the purpose as one of RandomStream's")
    }
  }

  /// The library is used without the command: what it says names settings, and the command words them as options.
  @Test(arguments: Project.files)
  func onlyToolsNameOptions(file: Project.File) {
    guard file.path.hasPrefix("Sources/"), !file.path.hasPrefix("Sources/Tools/"), file.pathExtension == "swift" else { return }
    for (number, line) in file.lines.enumerated() where !line.contains("//") && !line.contains("{--") && !line.contains("(--") {
      for found in line.matches(of: /(?:^|[^-\w])--(?<name>[a-z][a-z-]+)/) where !properties.contains(String(found.name)) {
        Issue.record("\(file):\(number + 1): --\(found.name) is an option of the command: name the setting (`Setting`)")
      }
    }
  }

  /// A task is one folder and one line in the registry: nothing else knows which tasks there are.
  @Test(arguments: Project.files)
  func onlyItsRoomAndTheRegistryNameATask(file: Project.File) {
    guard file.path.hasPrefix("Sources/"), file.pathExtension == "swift",
      file.path != "Sources/Recurrent/TaskRegistry+BuiltIn.swift"
    else { return }
    for (task, room) in Project.tasks where !file.path.hasPrefix("Sources/Tasks/\(room)/") {
      for (number, line) in file.lines.enumerated() where line.contains(task) && !line.contains("///") {
        Issue.record("\(file):\(number + 1): \(task) is named outside of its room")
      }
    }
  }

  @Test func tasksAreFound() {
    #expect(Project.tasks.count > 5 && Project.tasks.contains { $0 == ("LabelTask", "Labelling") })
  }

  /// What a network reads and gives is asked of it. Only a task, which builds the network that it wants, knows of which kind it is.
  @Test(arguments: Project.files)
  func kindsOfInputsAndHeadsAreNamedWhereTheyAre(file: Project.File) {
    let kinds = [
      "TokensInput", "FeaturesInput", "NamedFeaturesInput", "WordInput", "ClassesHead", "CRFHead", "CTCHead", "ValuesHead",
      "DistributionHead", "LastLayerHead", "NormalDistribution", "StudentTDistribution", "NegativeBinomialDistribution",
      "BernoulliDistribution", "QuantileDistribution",
    ]
    guard file.path.hasPrefix("Sources/"), !file.path.hasPrefix("Sources/Learning/Networks/"),
      !file.path.hasPrefix("Sources/Tasks/")
    else { return }
    for (number, line) in file.lines.enumerated() where !line.contains("///") {
      for kind in kinds where line.contains(kind) {
        Issue.record("\(file):\(number + 1): \(kind) is named outside of Networks: ask the input or the head what is wanted")
      }
    }
  }

  @Test(arguments: [
    ("import Glibc", "Glibc"), ("public import CellLanguage", "CellLanguage"),
    ("@_exported public import Engine", "Engine"), ("import struct Foundation.Data", "Foundation"),
    ("@preconcurrency import Dispatch  // why", "Dispatch"),
  ])
  func importLinesAreRead(line: String, module: String) {
    let file = Project.File(path: "a.swift", text: "// a comment\n\(line)\n")
    #expect(Import.all(in: file) == [Import(module: module, line: 2)])
  }

  @Test(arguments: ["// import Glibc", "let important = 1", "let text = \"import Glibc\"", "importer import", "    import json"])
  func otherLinesAreNotImports(line: String) {
    #expect(Import.all(in: Project.File(path: "a.swift", text: line)) == [])
  }
}

private let cLibraries: Set<String> = ["Glibc", "Musl", "Darwin"]
private let outsideModules: Set<String> = ["Dispatch", "Synchronization"]
private let foundations: Set<String> = ["Foundation", "FoundationEssentials", "FoundationInternationalization"]

/// How C opens connections, starts programs and loads code.
private let outward = [
  "socket(", "getaddrinfo(", "gethostbyname(", "sendto(", "recvfrom(", "popen(", "posix_spawn", "execve(", "execvp(", "fork(",
  "dlopen(",
  "netinet", "sys/socket",
]

/// Names in style sheets that look like options.
private let properties: Set<String> = [
  "paper", "ink", "muted", "rule", "surface", "accent", "tint", "gate", "squash", "linear", "sans", "mono", "gate-rule",
  "squash-rule", "linear-rule", "above", "below", "unsigned", "missing", "series-",
]

/// Spelled in two halves, so that this file may be checked like any other.
private let unwanted = ["TO" + "DO", "FIX" + "ME", "try" + "!", " as" + "!"]
