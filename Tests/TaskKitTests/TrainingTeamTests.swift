import CellLanguage
import Engine
import Foundation
import Networks
import Processes
import Support
import Synchronization
import TaskKit
import Testing
import Training

/// What processes that train together must have in common. Threads stand for the processes.
struct TrainingTeamTests {
  private struct Process: Sendable {
    var level = InstructionSet.available[0]
    var digest: String? = "1"
    var seed: UInt64 = 1
    var learningRate = 0.1
    var mayMix = false
    var shards: Int?
  }

  /// What `check` gives or says in each of some processes.
  private func check(_ processes: [Process]) -> [String] {
    let results = Mutex<[Int: String]>([:])
    let group = DispatchGroup()
    for own in ThreadCommunicator.team(of: processes.count) {
      group.enter()
      Thread.detachNewThread {
        let process = processes[own.rank]
        var said = ""
        do {
          let network = try Network(input: .features(1), layers: [.init(.gru, units: 2)], output: .values(1), seed: process.seed)
          var options = try TrainingOptions(iterations: 5, learningRate: LearningRate(process.learningRate))
          options.shards = process.shards
          let machine = try Machine(instructionSet: process.level, threads: 1)
          said = "\(try TrainingTeam(own, mayMixMachines: process.mayMix).check(network, options, process.digest, machine))"
        } catch { said = "\(error)" }
        results.withLock { $0[own.rank] = said }
        group.leave()
      }
    }
    group.wait()
    return results.withLock { results in processes.indices.compactMap { results[$0] } }
  }

  @Test func processesThatAreAlikeTrainTogether() {
    #expect(check([Process(), Process(), Process()]) == ["false", "false", "false"])
    #expect(check([Process()]) == ["false"])
  }

  @Test func otherDataAreRefused() {
    let message = "process 2 of 2 on host2 has read other data than process 1 of 2 on host1: give all processes the same files"
    #expect(check([Process(), Process(digest: "2")]) == [message, message])
  }

  @Test(arguments: [Process(seed: 2), Process(learningRate: 0.2)])
  private func anotherTrainingIsRefused(other: Process) {
    let message =
      "process 3 of 3 on host3 begins with another network or other settings than process 1 of 3 on host1: start all with the same command, "
      + "in the same folder"
    #expect(check([Process(), Process(), other]) == [message, message, message])
  }

  @Test func otherProcessorsAreRefusedUnlessTheyAreAllowed() throws {
    let (slow, fast) = (InstructionSet.available[0], try #require(InstructionSet.available.last))
    if slow.description == fast.description { return }
    let message =
      "process 2 of 2 on host2 computes with \(fast) and process 1 of 2 on host1 with \(slow), whose numbers differ in their last bits: set "
      + "RECURRENT_CPU to a level that all have, or allow it with mixedMachines"
    #expect(check([Process(level: slow), Process(level: fast)]) == [message, message])
    #expect(check([Process(level: slow, mayMix: true), Process(level: fast, mayMix: true)]) == ["true", "true"])
  }

  @Test func moreProcessesThanShardsAreRefused() {
    let said = check(Array(repeating: Process(), count: 9))
    #expect(
      said[0]
        == "there are 9 processes, and a batch is split into 8 parts at most, so that some would have nothing to do: start 8 or fewer, or "
        + "begin a training with shards 9")
    #expect(Set(said).count == 1)
    #expect(Set(check(Array(repeating: Process(shards: 9), count: 9))) == ["false"])
  }
}
