import Foundation
import Processes
import Support
import Testing

/// What several processes do together, with threads in their place.
struct ThreadCommunicatorTests {
  /// Runs `body` in as many threads, and gives what each of them returned or threw.
  private func run<Value: Sendable>(
    _ size: Int, patience: Duration = .seconds(60), _ body: @escaping @Sendable (ThreadCommunicator) throws -> Value
  ) async -> [Result<Value, any Error>] {
    let team = ThreadCommunicator.team(of: size, patience: patience)
    return await withTaskGroup(of: (Int, Result<Value, any Error>).self) { group in
      for own in team {
        group.addTask {
          await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: (own.rank, Result { try body(own) })) }
          }
        }
      }
      var results: [Int: Result<Value, any Error>] = [:]
      for await (rank, result) in group { results[rank] = result }
      return (0..<size).compactMap { results[$0] }
    }
  }

  @Test(arguments: 1...9) func whatEachHasIsGivenToAll(size: Int) async throws {
    let results = await run(size) { team in try team.exchange(Array(repeating: UInt8(team.rank), count: team.rank)) }
    let expected = (0..<size).map { Array(repeating: UInt8($0), count: $0) }
    for result in results { #expect(try result.get() == expected) }
  }

  @Test(arguments: 1...9) func whatTheFirstHasIsGivenToAll(size: Int) async throws {
    let results = await run(size) { team in try team.broadcast(team.isFirst ? [1.5, 2.5, 3.5] : [], count: 3) }
    for result in results { #expect(try result.get() == [1.5, 2.5, 3.5]) }
  }

  @Test func whatFailsInOneFailsInAll() async throws {
    let results = await run(3) { team in
      try team.together { if team.rank == 1 { throw RecurrentError(.file, "there is no such file") } }
    }
    for result in results {
      let error = #expect(throws: RecurrentError.self) { try result.get() }
      #expect(error?.description == "process 2 of 3 on host2: there is no such file")
    }
  }

  /// What would fail in one process alone is said as it would be there.
  @Test func whatFailsInAllIsSaidOnce() async throws {
    let results = await run(3) { team in try team.together { throw RecurrentError(.file, "there is no such file") } }
    for result in results {
      #expect(throws: RecurrentError(.file, "there is no such file")) { try result.get() }
    }
  }

  @Test func aProcessThatGivesUpStopsTheOthers() async throws {
    let results = await run(3) { team in
      if team.rank == 2 { return team.abandon(because: "it ran out of memory") }
      try team.barrier()
    }
    for result in results.prefix(2) {
      let error = #expect(throws: RecurrentError.self) { try result.get() }
      #expect(error?.description == "process 3 of 3 on host3 has failed: it ran out of memory")
    }
  }

  @Test func aProcessThatIsSilentIsNamed() async throws {
    let results = await run(2, patience: .milliseconds(100)) { team in if team.rank == 0 { try team.barrier() } }
    let error = #expect(throws: RecurrentError.self) { try results[0].get() }
    #expect(
      error?.description
        == "process 2 of 2 on host2 has not been heard of for 0 s: it has died or hangs, or the network between the hosts is down"
    )
  }
}
