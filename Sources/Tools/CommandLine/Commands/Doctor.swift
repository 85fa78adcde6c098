import CommandKit
package import Console
import Engine
import Platform
import Storage
import Support
import TensorFiles

extension Command {
  /// `recurrent doctor`
  static let doctor = Command("doctor", "Says what this command runs on: processor, threads, memory, how it was built.") {
    declare in
    let json = declare.flag("--json", "print it as JSON")
    declare.example("doctor", "shows what a bug report should contain")
    return { invocation in
      let terminal = invocation.terminal
      let checkup = Checkup(environment: System.environment, output: terminal.output.abilities)
      if invocation[json] {
        try terminal.print(Storage.json(checkup))
      } else {
        for line in Table(columns: [.text(""), .text("")], rows: checkup.rows).lines() { try terminal.print(line) }
      }
      if let problem = checkup.problem { throw RecurrentError(.machine, problem) }
    }
  }
}

/// What a report that something is slow or goes wrong should contain.
package struct Checkup: Encodable {
  package struct Choice: Encodable {
    /// The instruction set in use; nil if the environment asks for one that can't run.
    package let used: String?
    /// The instruction sets that the processor can run, the slowest first.
    package let available: [String]
    /// The value of RECURRENT_CPU, if it is set.
    package let wanted: String?
  }

  package let version: String
  /// `release`, or `debug`, which is many times slower.
  package let build: String
  package let system: String
  package let processor: String
  package let instructionSet: Choice
  /// The default number of threads.
  package let threads: Int
  package let memoryBytes: Int
  package let zlib: String
  package let colours: Bool
  package let unicode: Bool
  /// Why nothing can run, in one sentence; nil if all is well.
  package let problem: String?

  package init(environment: (String) -> String?, output: Abilities) {
    version = Release.version
    #if DEBUG
      build = "debug"
    #else
      build = "release"
    #endif
    system = System.name
    processor = System.architecture
    let wanted = environment("RECURRENT_CPU").flatMap { $0.isEmpty ? nil : $0 }
    var used: String?
    var problem: String?
    do throws(RecurrentError) {
      used = try InstructionSet.selected(by: wanted).description
    } catch {
      problem = error.description
    }
    instructionSet = Choice(used: used, available: InstructionSet.available.map(\.description), wanted: wanted)
    threads = Machine.processorCount
    memoryBytes = System.physicalMemory
    zlib = zlibVersion
    colours = output.hasColours
    unicode = output.hasUnicode
    self.problem = problem
  }

  package var rows: [[String]] {
    let reason = instructionSet.wanted.map { " (RECURRENT_CPU is \($0))" } ?? ""
    return [
      ["version", version],
      ["build", build == "debug" ? "debug, which is many times slower than release" : build],
      ["system", "\(system), \(processor)"],
      ["instruction set", (instructionSet.used ?? "none") + reason],
      ["available", instructionSet.available.joined(separator: ", ")],
      ["threads", "\(threads)"],
      ["memory", memoryBytes.asBytes],
      ["zlib", zlib],
      ["output", "\(colours ? "coloured" : "without colours"), \(unicode ? "UTF-8" : "ASCII")"],
    ]
  }
}
