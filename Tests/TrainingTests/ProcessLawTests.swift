import CellLanguage
import Engine
import Foundation
import Models
import Networks
import Processes
import Sequences
import Support
import Synchronization
import Testing
import Training

/// A training that several processes make together is the training of one, bit for bit. Threads stand for the processes.
struct ProcessLawTests {
  /// Runs `body` for each process in a thread of its own, and gives what came of each.
  static func together<Value: Sendable>(
    _ processes: Int, patience: Duration = .seconds(120), _ body: @escaping @Sendable (any Communicator) throws -> Value
  ) -> [Result<Value, any Error>] {
    let results = Mutex<[Int: Result<Value, any Error>]>([:])
    let group = DispatchGroup()
    for own in ThreadCommunicator.team(of: processes, patience: patience) {
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

  /// Trains with some processes until `stop` iterations are done, from the folder's checkpoint if there is one.
  private func train(
    _ setting: ResumeTests.Setting, with processes: Int, in folder: RunFolder, until stop: Int = .max
  ) throws -> TrainingRun.Outcome {
    let outcomes = Self.together(processes) { team in
      // A training of several processes asks before an iteration is counted, one of a single process afterwards.
      let stop = team.size == 1 || stop == .max ? stop : stop - 1
      let trainer =
        folder.hasCheckpoint
        ? Trainer(try Checkpoint(contentsOf: folder.checkpoint), machine: try Machine(threads: setting.threads), team: team)
        : try setting.trainer(team: team)
      return try setting.run(trainer, in: folder, until: stop)
    }
    let first = try outcomes[0].get()
    for outcome in outcomes { #expect(try outcome.get() == first) }
    return first
  }

  private func expected(_ setting: ResumeTests.Setting, in folder: TemporaryFolder) throws -> ResumeTests.Traces {
    let run = try RunFolder(creating: folder("one"))
    _ = try setting.run(setting.trainer(), in: run)
    return try ResumeTests.Traces(run)
  }

  @Test(arguments: try ResumeTests.settings, [2, 3, 4])
  func severalProcessesTrainAsOne(setting: ResumeTests.Setting, processes: Int) throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder("several"))
    _ = try train(setting, with: processes, in: run)
    #expect(try ResumeTests.Traces(run) == expected(setting, in: folder))
  }

  /// Five streams, so that three of eight processes have nothing to do.
  @Test func soDoMoreThanThereAreSequences() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder("several"))
    let setting = try ResumeTests.settings[7]
    _ = try train(setting, with: 8, in: run)
    #expect(try ResumeTests.Traces(run) == expected(setting, in: folder))
  }

  @Test(arguments: try ResumeTests.settings)
  func anotherNumberOfProcessesGoesOn(setting: ResumeTests.Setting) throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder("several"))
    for (processes, stop) in [(2, 4), (1, 7), (3, 9), (4, 14)] {
      guard try train(setting, with: processes, in: run, until: stop) == .interrupted else { break }
      #expect(try Checkpoint(contentsOf: run.checkpoint).progress.iteration == stop)
    }
    _ = try train(setting, with: 2, in: run)
    #expect(try ResumeTests.Traces(run) == expected(setting, in: folder))
  }

  /// Batches of one to eleven sequences of different lengths, some without steps: now and then a process has nothing to do.
  private struct RaggedSource: BatchSource {
    var iterationsPerEpoch: Int? { nil }
    let stepsPerBatch = 1
    let readsOut: Bool

    func batch(at iteration: Int) -> Batch {
      var random = Random(seed: UInt64(iteration))
      let lengths = PackedLengths(sorted: (0...iteration % 11).map { _ in random.integer(in: 0..<9) }.sorted(by: >))
      func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in random.uniformFloat() } }
      return Batch(
        lengths: lengths, inputs: .features(numbers(2 * lengths.rows)),
        targets: .values(
          numbers(readsOut ? lengths.batch : lengths.rows),
          counted: (0..<(readsOut ? lengths.batch : lengths.rows)).map { $0 % 4 != 1 }))
    }
    func continues(at iteration: Int) -> Bool { false }
  }

  @Test(arguments: [Architecture.Readout.everyStep, .last, .mean, .max], [2, 3, 5])
  func unevenLengthsMakeNoDifference(readout: Architecture.Readout, processes: Int) throws {
    let layer = Architecture.Layer(.gru, units: 5, direction: .bidirectional(.sum), learnsInitialStates: true, name: "a")
    try expectNoDifference(
      Architecture(input: .features(2), layers: [layer], readout: readout, output: .values(1)), processes: processes)
    let branching = Architecture.Layer(.lstm, units: 5, name: "b", reads: .concatenation([.input, .layer("a")]))
    try expectNoDifference(
      Architecture(
        input: .features(2), layers: [layer, branching],
        top: .concatenation([.sum([.layer("a"), .product([.layer("a"), .layer("b")])]), .input]), readout: readout,
        output: .values(1)), processes: processes)
  }

  private func expectNoDifference(_ architecture: Architecture, processes: Int) throws {
    let readout = architecture.readout
    let network = try Network(architecture, seed: 2)
    let options = try TrainingOptions(
      iterations: 30, learningRate: LearningRate(0.01), clip: 0.1,
      regularization: Regularization(dropout: 0.2, activationPenalty: 1))
    @Sendable func weights(_ team: any Communicator) throws -> [UInt32] {
      let trainer = Trainer(network, options: options, machine: try Machine(threads: 1), team: team)
      for _ in 0..<30 { try trainer.step(on: RaggedSource(readsOut: readout != .everyStep)) }
      return trainer.network.parameters.map(\.bitPattern)
    }
    let expected = try weights(OneProcess())
    for result in Self.together(processes, { try weights($0) }) { #expect(try result.get() == expected) }
  }

  /// Three shards leave one of four processes without work, sixteen are enough for nine.
  @Test(arguments: [(3, 3), (3, 4), (16, 4), (16, 9)])
  func theShardsAreWhatTheOptionsSay(shards: Int, processes: Int) throws {
    let network = try Network(input: .features(2), layers: [.init(.gru, units: 5)], output: .values(1), seed: 2)
    @Sendable func weights(_ team: any Communicator, shards: Int?) throws -> [UInt32] {
      var options = try TrainingOptions(iterations: 20, learningRate: LearningRate(0.01))
      options.shards = shards
      let trainer = Trainer(network, options: options, machine: try Machine(threads: 1), team: team)
      for _ in 0..<20 { try trainer.step(on: RaggedSource(readsOut: false)) }
      return trainer.network.parameters.map(\.bitPattern)
    }
    let expected = try weights(OneProcess(), shards: shards)
    for result in Self.together(processes, { try weights($0, shards: shards) }) { #expect(try result.get() == expected) }
    #expect(try weights(OneProcess(), shards: nil) != expected)
  }

  /// Seven batches, which stand by themselves or go on from one to the next but for one.
  private struct SevenBatches: BatchSource {
    let goesOn: Bool
    var iterationsPerEpoch: Int? { 7 }
    let stepsPerBatch = 1

    func batch(at iteration: Int) -> Batch {
      var random = Random(seed: UInt64(iteration))
      let lengths = PackedLengths(
        sorted: goesOn ? [6, 6, 6, 6, 6] : (0...iteration).map { _ in random.integer(in: 0..<9) }.sorted(by: >))
      func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in random.uniformFloat() } }
      return Batch(
        lengths: lengths, inputs: .features(numbers(2 * lengths.rows)),
        targets: .values(numbers(lengths.rows), counted: (0..<lengths.rows).map { $0 % 4 != 1 }))
    }
    func continues(at iteration: Int) -> Bool { goesOn && iteration > 0 && iteration != 4 }
  }

  @Test(arguments: [false, true], [2, 3, 8])
  func aValidationIsShared(goesOn: Bool, processes: Int) throws {
    let network = try Network(
      input: .features(2), layers: [.init(.gru, units: 5, learnsInitialStates: true)], output: .values(1), seed: 2)
    @Sendable func loss(_ team: any Communicator) throws -> UInt64 {
      let options = try TrainingOptions(iterations: 1, learningRate: LearningRate(0.01))
      let trainer = Trainer(network, options: options, machine: try Machine(threads: 1), team: team)
      return try trainer.validate(SevenBatches(goesOn: goesOn)).bitPattern
    }
    let whole = try Trainer(
      network, options: TrainingOptions(iterations: 1, learningRate: LearningRate(0.01)), machine: Machine(threads: 1)
    ).evaluate(SevenBatches(goesOn: goesOn)).mean.bitPattern
    #expect(try loss(OneProcess()) == whole)
    for result in Self.together(processes, { try loss($0) }) { #expect(try result.get() == whole) }
  }

  /// What the first process alone looks at is a line of the log, too, where nothing is held out.
  @Test func gradientsAreWatchedWithoutAValidation() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder("run"))
    let network = try Network(input: .features(2), layers: [.init(.lstm, units: 3)], output: .values(1), seed: 1)
    let options = try TrainingOptions(
      iterations: 6, learningRate: LearningRate(0.01), validationInterval: 2, watchesGradients: true)
    let outcomes = Self.together(2, patience: .seconds(20)) { team in
      let trainer = Trainer(network, options: options, machine: try Machine(threads: 1), team: team)
      return try TrainingRun(trainer, folder: run).run(
        on: FaultySource(fault: nil, whole: FaultySource.whole), validation: nil)
    }
    for outcome in outcomes { #expect(try outcome.get() == .finished) }
    let records = try TrainingLog.records(path: run.log)
    #expect(records.map(\.iteration) == [2, 4, 6])
    #expect(records.allSatisfy { $0.watch != nil })
  }

  // MARK: Failures

  /// A source whose batches can't be read in one of the processes.
  private struct FaultySource: BatchSource {
    let fault: (at: Int, batch: Batch)?
    let whole: Batch
    var iterationsPerEpoch: Int? { 1 }
    let stepsPerBatch = 1
    func batch(at iteration: Int) -> Batch { fault?.at == iteration ? fault?.batch ?? whole : whole }
    func continues(at iteration: Int) -> Bool { false }

    static let whole = Batch(
      lengths: PackedLengths(steps: 3, batch: 4), inputs: .features([Float](repeating: 0.5, count: 24)),
      targets: .values([Float](repeating: 1, count: 12)))
  }

  private func run(
    _ processes: Int, in folder: RunFolder? = nil, patience: Duration = .seconds(60),
    fault: (rank: Int, at: Int, batch: Batch)? = nil,
    quits: (rank: Int, at: Int)? = nil
  ) -> [String] {
    let results = Self.together(processes, patience: patience) { team in
      let network = try Network(input: .features(2), layers: [.init(.lstm, units: 3)], output: .values(1), seed: 1)
      let options = try TrainingOptions(iterations: 9, learningRate: LearningRate(0.01), validationInterval: 100)
      let trainer = Trainer(network, options: options, machine: try Machine(threads: 1), team: team)
      let source = FaultySource(
        fault: fault?.rank == team.rank ? fault.map { ($0.at, $0.batch) } : nil, whole: FaultySource.whole)
      if let quits, quits.rank == team.rank {
        for _ in 0..<quits.at { try trainer.step(on: source) }
        return
      }
      _ = try TrainingRun(trainer, folder: folder).run(on: source, validation: nil)
    }
    return results.map { result in
      do {
        try result.get()
        return ""
      } catch { return "\(error)" }
    }
  }

  @Test func aBatchThatFitsOneProcessOnlyStopsAll() {
    let narrow = Batch(
      lengths: PackedLengths(steps: 3, batch: 4), inputs: .features([Float](repeating: 0.5, count: 12)),
      targets: .values([Float](repeating: 1, count: 12)))
    for message in run(2, fault: (1, 4, narrow)) {
      #expect(message.hasPrefix("process 2 of 2 on host2: the input reads"))
    }
  }

  /// The third process has the last sequence, in which a number is missing.
  @Test func aDivergenceIsNamedWhereItIs() {
    var numbers = [Float](repeating: 0.5, count: 24)
    numbers[15] = .infinity
    let infinite = Batch(
      lengths: PackedLengths(steps: 3, batch: 4), inputs: .features(numbers), targets: .values([Float](repeating: 1, count: 12)))
    let messages = Self.together(4) { team in
      let network = try Network(input: .features(2), layers: [.init(.lstm, units: 3)], output: .values(1), seed: 1)
      let options = try TrainingOptions(iterations: 9, learningRate: LearningRate(0.01))
      let trainer = Trainer(network, options: options, machine: try Machine(threads: 1), team: team)
      try trainer.step(on: FaultySource(fault: nil, whole: infinite))
    }
    for message in messages {
      #expect(
        throws: RecurrentError(
          .divergence,
          "process 4 of 4 on host4: the gradient is not finite at iteration 1: the input's feature 1 is inf at step 1 of sequence 3. Correct the data."
        )
      ) {
        try message.get()
      }
    }
  }

  /// A process that is gone, as one that was killed: the others stop, and what the folder holds is whole.
  @Test func aProcessThatIsGoneStopsTheOthers() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder("run"))
    let messages = self.run(3, in: run, patience: .milliseconds(300), quits: (2, 4))
    for message in messages.prefix(2) { #expect(message.contains("on host") && message.contains("has not been heard of")) }
    #expect(messages[0].hasPrefix("process 3 of 3 on host3"))
    let left = try FileManager.default.contentsOfDirectory(atPath: run.path)
    #expect(left == ["log.jsonl"])
  }
}
