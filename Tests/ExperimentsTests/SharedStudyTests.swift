import Engine
import Experiments
import Foundation
import Problems
import Processes
import Support
import Synchronization
import TaskKit
import Testing

/// Comparisons and searches whose runs several processes share. Threads stand for the processes.
struct SharedStudyTests {
  private func together<Value: Sendable>(
    _ processes: Int, _ body: @escaping @Sendable (any Communicator) throws -> Value
  ) -> [Result<Value, any Error>] {
    let results = Mutex<[Int: Result<Value, any Error>]>([:])
    let group = DispatchGroup()
    for own in ThreadCommunicator.team(of: processes) {
      group.enter()
      Thread.detachNewThread {
        let result = Result { try body(own) }
        results.withLock { $0[own.rank] = result }
        group.leave()
      }
    }
    group.wait()
    return results.withLock { results in (0..<processes).compactMap { results[$0] } }
  }

  private static func recipe(iterations: Int) -> Recipe<ProblemTask> {
    var recipe = Recipe(ProblemTask(name: "adding"))
    (recipe.training.iterations, recipe.training.validateEvery, recipe.network.units) = (iterations, 10, 4)
    return recipe
  }

  private static func request(_ folder: String, _ team: any Communicator) throws -> ComparisonRequest<ProblemTask> {
    var request = try ComparisonRequest(recipe(iterations: 20), cells: [.named("rnn"), .named("gru")])
    (request.seeds, request.output, request.team) = (2, folder, team)
    (request.machine, request.processors) = (try Machine(threads: 1), 1)
    return request
  }

  private static let runs = ["rnn-0", "rnn-1", "gru-0", "gru-1"]

  @Test(arguments: [2, 3, 6])
  func aComparisonIsTheSameWhoeverTrains(processes: Int) throws {
    let fixture = try StudyFixture()
    let one = try ComparisonSession.begin(Self.request(fixture("one"), OneProcess())) { _ in }
    #expect(try one.run())
    let expected = try one.report()
    let path = fixture("several")
    let reports = together(processes) { team in
      let session = try ComparisonSession.begin(Self.request(path, team)) { _ in }
      #expect(try session.run())
      return try session.report()
    }
    for report in reports {
      let entries = try report.get().entries
      #expect(entries.map(\.cell) == expected.entries.map(\.cell))
    }
    for run in Self.runs {
      #expect(try fixture.read("several/\(run)/model.safetensors") == fixture.read("one/\(run)/model.safetensors"))
    }
  }

  /// A process that ends while it trains leaves its run where it was saved, and another one takes it up.
  @Test func aLostRunIsTakenUpByAnother() throws {
    let fixture = try StudyFixture()
    let one = try ComparisonSession.begin(Self.request(fixture("one"), OneProcess())) { _ in }
    #expect(try one.run())
    let path = fixture("several")
    let asked = Atomic(0)
    let stopped = together(2) { team in
      try ComparisonSession.begin(Self.request(path, team)) { _ in }.run { asked.add(1, ordering: .relaxed).newValue > 30 }
    }
    for outcome in stopped { #expect(try outcome.get() == false) }
    let ended = together(3) { team in try ComparisonSession.begin(Self.request(path, team)) { _ in }.run() }
    for outcome in ended { #expect(try outcome.get()) }
    for run in Self.runs {
      #expect(try fixture.read("several/\(run)/model.safetensors") == fixture.read("one/\(run)/model.safetensors"))
    }
  }

  /// Another folder for each process would be another comparison: all have that of the first one.
  @Test func allProcessesAreInTheFolderOfTheFirst() throws {
    let fixture = try StudyFixture()
    let pages = together(3) { team in
      try ComparisonSession.begin(Self.request(fixture(team.isFirst ? "first" : "other\(team.rank)"), team)) { _ in }.page
    }
    for page in pages { #expect(try page.get() == fixture("first/report.html")) }
    #expect(try fixture.contents("") == ["first"])
  }

  @Test func whatIsRefusedInOneIsRefusedInAll() throws {
    let fixture = try StudyFixture()
    let path = fixture("several")
    let errors = together(2) { team in
      var request = try Self.request(path, team)
      request.seeds = team.isFirst ? 2 : 0
      _ = try ComparisonSession.begin(request) { _ in }
    }
    for error in errors { #expect(throws: RecurrentError.self) { try error.get() } }
  }

  @Test(arguments: [2, 3])
  func aSearchGoesOnFromWhatAllHaveFound(processes: Int) throws {
    let fixture = try StudyFixture()
    let path = fixture("search")
    let reports = together(processes) { team in
      let ranges = SearchRanges(learningRate: 0.001...0.1, units: 3...6, layers: 1...1, dropout: 0...0)
      var request = TuningRequest(Self.recipe(iterations: 40), space: SearchSpace(ranges, variesLayers: false))
      (request.trials, request.output, request.team) = (4, path, team)
      (request.machine, request.processors) = (try Machine(threads: 1), 1)
      var session = try TuningSession.begin(request) { _ in }
      #expect(try session.run(minutes: 0.05))
      let report = try session.report()
      return report.trials.map { "\($0.number) \($0.iterations) \($0.validation)" }
    }
    let first = try reports[0].get()
    #expect(first.count >= 4)
    for report in reports { #expect(try report.get() == first) }
  }
}
