import Foundation
import Storage
import Support
import Testing

struct AtomicFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aFileIsMadeAndReplaced() throws {
    try AtomicFile.write([1, 2, 3], to: folder("a"))
    #expect(try folder.bytes("a") == [1, 2, 3])
    try AtomicFile.write([], to: folder("a"))
    #expect(try folder.bytes("a") == [])
    #expect(try folder.contents() == ["a"])
  }

  @Test func aFailingBodyLeavesTheOldFile() throws {
    try AtomicFile.write([1, 2, 3], to: folder("a"))
    let cause = message {
      try AtomicFile.write(to: folder("a")) { file throws(RecurrentError) in
        try file.append([UInt8](repeating: 9, count: 1000))
        _ = try MappedFile(folder("absent"))
      }
    }
    #expect(cause == "can't read \(folder("absent")): there is no such file")
    #expect(try folder.bytes("a") == [1, 2, 3])
    #expect(try folder.contents() == ["a"])
  }

  @Test func permissionsStay() throws {
    try AtomicFile.write([1], to: folder("a"))
    #expect(chmod(folder("a"), 0o640) == 0)
    try AtomicFile.write([2], to: folder("a"))
    let attributes = try FileManager.default.attributesOfItem(atPath: folder("a"))
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o640)
  }

  @Test func aLinkStaysALink() throws {
    try AtomicFile.write([1], to: folder("real"))
    try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: "real")
    try AtomicFile.write([2], to: folder("link"))
    #expect(try folder.bytes("real") == [2])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder("link")) == "real")
  }

  @Test func whatCannotBeReplacedIsNamed() throws {
    try AtomicFile.write([1], to: folder("a"))
    for (path, cause) in [
      (folder("no/a"), "there is no folder \(folder("no"))"),
      (folder.path, "it is a folder"),
      (folder("b/"), "it names a folder, not a file"),
      (folder("a/b"), "a part of its path is a file, not a folder"),
      (folder(String(repeating: "n", count: 300)), "its name is too long"),
      ("/dev/null", "it is not a plain file"),
    ] {
      #expect(message { try AtomicFile.write([2], to: path) } == "can't write \(path): \(cause)")
    }
    #expect(try folder.contents() == ["a"])
    #expect(try folder.bytes("a") == [1])
  }

  #if os(Linux)
    /// A limit on the length of files stands for a full disk: the first bytes are written, the rest are not.
    @Test func aDiskThatIsFullLeavesTheOldFile() async throws {
      let path = folder("a")
      try AtomicFile.write([1, 2, 3], to: path)
      let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) { [path = path as String] in
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        do {
          try AtomicFile.write([UInt8](repeating: 9, count: 2000), to: path)
        } catch {
          FileHandle.standardError.write(Data("\(error)".utf8))
        }
      }
      let text = String(decoding: process?.standardErrorContent ?? [], as: UTF8.self)
      #expect(text == "can't write \(path): the file would be larger than is allowed here")
      #expect(try folder.bytes("a") == [1, 2, 3])
      #expect(try folder.contents() == ["a"])
    }

  #endif

  /// As the superuser may write anywhere, the test gives that up first where it has it.
  @Test func aFolderThatForbidsItLeavesTheOldFile() async throws {
    let path = folder("a")
    try AtomicFile.write([1, 2, 3], to: path)
    #expect(chmod(folder.path, 0o555) == 0)
    let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) { [path = path as String] in
      setuid(65534)
      do {
        try AtomicFile.write([2], to: path)
      } catch {
        FileHandle.standardError.write(Data("\(error)".utf8))
      }
    }
    let text = String(decoding: process?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text == "can't write \(path): permission to write in the folder \(folder.path) is missing")
    #expect(chmod(folder.path, 0o755) == 0)
    #expect(try folder.bytes("a") == [1, 2, 3])
    #expect(try folder.contents() == ["a"])
  }
}
