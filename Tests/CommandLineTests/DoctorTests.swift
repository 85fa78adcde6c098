import CommandKit
import CommandLine
import Console
import Engine
import Support
import Testing

struct DoctorTests {
  @Test func itSaysWhatTheCommandRunsOn() throws {
    let report = try #require(try json(["doctor"]) as? [String: Any])
    #expect(report["version"] as? String == Release.version)
    #expect(report["threads"] as? Int == Machine.processorCount)
    let instructionSet = try #require(report["instruction_set"] as? [String: Any])
    #expect(instructionSet["available"] as? [String] == InstructionSet.available.map(\.description))
    // A machine of less than 64 MiB or more than 64 TiB would be a slip in the unit.
    #expect((1 << 26...1 << 46).contains(report["memory_bytes"] as? Int ?? 0))
    let zlib = (report["zlib"] as? String ?? "").split(separator: ".")
    #expect(zlib.count >= 2 && zlib.allSatisfy { $0.first?.isNumber == true })

    let lines = run(["doctor"]).output.split(separator: "\n")
    #expect(lines.first == "version          \(Release.version)")
    #expect(lines.contains("threads          \(Machine.processorCount)"))
  }

  @Test func theInstructionSetIsTheFastestUnlessOneIsAskedFor() {
    let levels = InstructionSet.available.map(\.description)
    #expect(checkup([:]).instructionSet.used == levels.last)
    #expect(checkup(["RECURRENT_CPU": ""]).instructionSet.wanted == nil)
    for level in levels {
      let found = checkup(["RECURRENT_CPU": level])
      #expect(found.instructionSet.used == level)
      #expect(found.instructionSet.wanted == level)
      #expect(found.problem == nil)
      #expect(found.rows.contains(["instruction set", "\(level) (RECURRENT_CPU is \(level))"]))
    }
  }

  @Test func anInstructionSetThatIsNotThereIsAProblem() {
    let found = checkup(["RECURRENT_CPU": "mmx"])
    #expect(found.instructionSet.used == nil)
    #expect(found.problem?.hasPrefix("RECURRENT_CPU is mmx, but there is no such level: set it to one of ") == true)
    #expect(found.rows.contains(["instruction set", "none (RECURRENT_CPU is mmx)"]))
  }

  private func checkup(_ environment: [String: String]) -> Checkup {
    Checkup(environment: { environment[$0] }, output: Abilities(isTerminal: false, hasColours: false, hasUnicode: true))
  }
}
