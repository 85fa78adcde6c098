import Foundation
import Testing

/// What these tests run.
private enum MPI {
  /// The command that was built beside these tests.
  static let command = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "recurrent")

  private static let library = command.deletingLastPathComponent().deletingLastPathComponent().appending(
    path: "lib/recurrent/librecurrent-mpi.so")

  /// The launcher of the MPI with which the library was built, where several stand side by side.
  static let launcher: URL? = {
    guard let bytes = try? Data(contentsOf: library) else { return nil }
    let names = bytes.range(of: Data("libmpich".utf8)) == nil ? ["mpirun.openmpi", "mpirun"] : ["mpirun.mpich", "mpirun"]
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return names.flatMap { name in folders.map { URL(filePath: String($0)).appending(path: name) } }.first {
      FileManager.default.isExecutableFile(atPath: $0.path)
    }
  }()

  static var isHere: Bool { launcher != nil && FileManager.default.isExecutableFile(atPath: command.path) }
}

/// The command under MPI's launcher, where that and the library of `script/build-mpi` are here. `script/check-mpi` does more.
@Suite(.enabled(if: MPI.isHere, "mpirun is not here, or script/build-mpi has not been run"))
struct MPITests {
  private struct Outcome {
    let code: Int32
    let text: String
  }

  /// Runs the command in some processes; 0 for one without a launcher.
  private func run(_ processes: Int, _ line: String, in folder: URL, _ environment: [String: String] = [:]) throws -> Outcome {
    let process = Process()
    var arguments = line.split(separator: " ").map(String.init)
    process.executableURL = MPI.command
    if processes > 0, let launcher = MPI.launcher {
      process.executableURL = launcher
      arguments = ["-n", "\(processes)", MPI.command.path] + arguments
    }
    process.arguments = arguments
    process.currentDirectoryURL = folder
    // Open MPI wants to be told that it may run as root, and more processes than there are processors.
    let allowed = [
      "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(allowed.merging(environment) { $1 }) { $1 }
    let pipe = Pipe()
    (process.standardOutput, process.standardError, process.standardInput) = (pipe, pipe, FileHandle.nullDevice)
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(code: process.terminationStatus, text: String(decoding: data, as: UTF8.self))
  }

  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mpi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private let training = "train problem adding --units 6 --batch 7 --iterations 20 --validate-every 10 --threads 1 --dropout 0.1"

  @Test(arguments: [2, 4])
  func severalProcessesTrainAsOne(processes: Int) throws {
    try inFolder { folder in
      for count in [0, processes] {
        let outcome = try run(count, "\(training) --output run\(count)", in: folder)
        #expect(outcome.code == 0, "\(outcome.text)")
        // The first process alone says how it goes.
        #expect(outcome.text.components(separatedBy: "iteration 10,").count <= 2)
      }
      let models = try [0, processes].map { try Data(contentsOf: folder.appending(path: "run\($0)/model.safetensors")) }
      #expect(models[0] == models[1])
    }
  }

  @Test func whatIsRefusedIsRefusedByAll() throws {
    try inFolder { folder in
      let outcome = try run(2, "train text nowhere.txt --output run", in: folder)
      #expect(outcome.code != 0)
      #expect(outcome.text.contains("nowhere.txt can't be opened"), "\(outcome.text)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
  }

  @Test func runsOfAComparisonAreShared() throws {
    try inFolder { folder in
      let outcome = try run(
        2, "compare problem adding --cells rnn,gru --seeds 1 --units 4 --iterations 20 --validate-every 10 --output study",
        in: folder)
      #expect(outcome.code == 0, "\(outcome.text)")
      for run in ["rnn-0", "gru-0"] {
        #expect(FileManager.default.fileExists(atPath: folder.appending(path: "study/\(run)/result.json").path))
      }
    }
  }

  /// torchrun starts no MPI, so that each process would do all of the work.
  @Test func underTorchrunItRefuses() throws {
    try inFolder { folder in
      let environment = ["WORLD_SIZE": "2", "RANK": "0", "MASTER_ADDR": "127.0.0.1"]
      let outcome = try run(0, "\(training) --output run", in: folder, environment)
      #expect(outcome.code == 2)
      #expect(outcome.text.hasPrefix("error: torchrun has started 2 processes"), "\(outcome.text)")
    }
  }
}
