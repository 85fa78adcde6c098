import CommandKit
import CommandLine
import Console
import Foundation
import Testing

struct ExitTests {
  @Test func aFailureIsOneSentence() {
    let captured = CapturedTerminal()
    #expect(sample.run(["check", "lstm", "lsmt?"], on: captured.terminal()) == 1)
    #expect(captured.messages == "error: there is no cell lsmt?\n")
  }

  @Test func errorsAreRedWhereThereAreColours() {
    let captured = CapturedTerminal()
    #expect(sample.run(["check", "?"], on: captured.terminal(hasColours: true)) == 1)
    #expect(captured.messages == "\u{1B}[31merror:\u{1B}[0m there is no cell ?\n")
  }

  @Test func aReaderThatHasSeenEnoughIsNoFailure() {
    let captured = CapturedTerminal()
    #expect(sample.run(["check", "lstm"], on: captured.terminal(failing: .closed)) == 0)
    #expect(captured.messages == "")
  }

  @Test func resultsThatAreLostAreAFailure() {
    let captured = CapturedTerminal()
    #expect(sample.run(["--help"], on: captured.terminal(failing: .failed("the disk is full"))) == 1)
    #expect(captured.messages == "error: can't write the results: the disk is full\n")
  }

  /// The true standard output, closed by its reader.
  @Test func aClosedPipeIsQuiet() async {
    let process = await #expect(processExitsWith: .exitCode(0), observing: [\.standardErrorContent]) {
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      close(ends[0])
      dup2(ends[1], STDOUT_FILENO)
      FileHandle.standardError.write(Data("before".utf8))
      exit(sample.run(["--help"], on: .system()))
    }
    #expect(String(decoding: process?.standardErrorContent ?? [], as: UTF8.self) == "before")
  }

  #if os(Linux)
    @Test func aFullDiskIsAFailure() async {
      let process = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
        dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO)
        exit(sample.run(["--help"], on: .system()))
      }
      let text = String(decoding: process?.standardErrorContent ?? [], as: UTF8.self)
      #expect(text == "error: can't write the results: the disk is full\n")
    }
  #endif

  /// More than a pipe holds at once, to a reader who takes his time, through a descriptor that answers at once.
  @Test func allThatIsWrittenArrives() async {
    let process = await #expect(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
      _ = fcntl(STDOUT_FILENO, F_SETFL, fcntl(STDOUT_FILENO, F_GETFL) | O_NONBLOCK)
      exit(sample.run(["check"] + [String](repeating: "abcdefghi", count: 50_000), on: .system()))
    }
    #expect(process?.standardOutputContent.filter { $0 == UInt8(ascii: "i") }.count == 50_000)
  }
}

struct AbilitiesTests {
  @Test(
    arguments: [
      (true, [:], Abilities(isTerminal: true, hasColours: true, hasUnicode: false)),
      (false, ["LANG": "en_US.UTF-8"], Abilities(isTerminal: false, hasColours: false, hasUnicode: true)),
      (true, ["NO_COLOR": "1"], Abilities(isTerminal: true, hasColours: false, hasUnicode: false)),
      (true, ["NO_COLOR": ""], Abilities(isTerminal: true, hasColours: true, hasUnicode: false)),
      (false, ["CLICOLOR_FORCE": "1"], Abilities(isTerminal: false, hasColours: true, hasUnicode: false)),
      (false, ["CLICOLOR_FORCE": "0"], Abilities(isTerminal: false, hasColours: false, hasUnicode: false)),
      (true, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], Abilities(isTerminal: true, hasColours: false, hasUnicode: false)),
      (
        true, ["TERM": "dumb", "LC_ALL": "C", "LANG": "C.utf8"],
        Abilities(isTerminal: false, hasColours: false, hasUnicode: false)
      ),
      (true, ["LC_CTYPE": "C.utf8", "LANG": "C"], Abilities(isTerminal: true, hasColours: true, hasUnicode: true)),
    ] as [(Bool, [String: String], Abilities)])
  func theEnvironmentDecides(isTerminal: Bool, environment: [String: String], abilities: Abilities) {
    #expect(Abilities(isTerminal: isTerminal, environment: { environment[$0] }) == abilities)
  }
}
