import CellLanguage
import Engine
import Foundation
import Models
import Networks
import Sequences
import Storage
import Support
import Testing
import Training

struct TrainingRunTests {
  private func trainer(
    rate: Double = 0.1, iterations: Int = 20, patience: Int? = nil, interval: Int = 3
  ) throws -> Trainer {
    let network = try Network(input: .features(1), layers: [.init(.rnn, units: 3)], output: .values(1), seed: 1)
    let options = try TrainingOptions(
      iterations: iterations, optimizer: .sgd(), learningRate: LearningRate(rate), validationInterval: interval,
      patience: patience)
    return Trainer(network, options: options, machine: try Machine(threads: 1))
  }

  private let source = FixedSource(features: [1, 2, 3], values: [0, 1, 0])

  /// A rate so small that no weight changes: each validation brings what the first one brought.
  @Test func patienceEndsATrainingThatBringsNothing() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder("run"))
    let trainer = try trainer(rate: 1e-30, patience: 2)
    var best: [Int] = []
    let outcome = try TrainingRun(trainer, folder: run).run(
      on: source, validation: source,
      report: { report in
        if report.isBest { best.append(report.iteration) }
      })
    #expect(outcome == .stoppedEarly)
    #expect(trainer.progress.iteration == 9)
    #expect(best == [3])
    #expect(try TrainingLog.records(path: run.log).map(\.iteration) == [3, 6, 9])
    // It has stopped, and stays so.
    let again = Trainer(try Checkpoint(contentsOf: run.checkpoint), machine: try Machine(threads: 1))
    #expect(try TrainingRun(again, folder: run).run(on: source, validation: source) == .stoppedEarly)
    #expect(again.progress.iteration == 9)
  }

  /// The validation gets worse and worse, but what judges the weights finds each better than the one before, up to the fourth.
  @Test func aJudgeSaysWhichWeightsAreKept() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder("run"))
    let trainer = try trainer(iterations: 30, patience: 2)
    var (judged, kept): (Double, [Int]) = (0, [])
    let outcome = try TrainingRun(trainer, folder: run).run(
      on: FixedSource(features: [1, 2, 3], values: [9, 9, 9]),
      validation: FixedSource(features: [1, 2, 3], values: [-9, -9, -9]),
      judge: { network in
        #expect(network.parameters == trainer.network.parameters)
        judged += 1
        return min(judged, 4)
      }, report: { if $0.isBest { kept.append($0.iteration) } })
    #expect(outcome == .stoppedEarly && trainer.progress.iteration == 18)
    #expect(kept == [3, 6, 9, 12])
    let records = try TrainingLog.records(path: run.log)
    #expect(records.map(\.score) == [1, 2, 3, 4, 4, 4])
    #expect(trainer.progress.best.score == 4 && trainer.progress.best.loss == records[3].validation)
    #expect(records[3].validation ?? 0 > records[0].validation ?? 0)
  }

  /// The validation asks for something else than the training teaches, so it gets worse and worse.
  @Test func theModelIsTheBestOneAndTheCheckpointTheLast() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder("run"))
    let trainer = try trainer(iterations: 10)
    let opposite = FixedSource(features: [1, 2, 3], values: [-9, -9, -9])
    let outcome = try TrainingRun(trainer, folder: run).run(
      on: FixedSource(features: [1, 2, 3], values: [9, 9, 9]), validation: opposite)
    #expect(outcome == .finished)
    let records = try TrainingLog.records(path: run.log)
    #expect(records.map(\.iteration) == [3, 6, 9, 10])
    #expect(records[1].validation ?? 0 > records[0].validation ?? 0)
    #expect(trainer.progress.best.loss == records[0].validation)
    #expect(trainer.progress.best.validationsSince == 3)
    let (model, last) = (try Network(contentsOf: run.model), try Network(contentsOf: run.checkpoint))
    #expect(last.parameters == trainer.network.parameters)
    #expect(model.parameters != last.parameters)
    let evaluated = Trainer(model, options: trainer.options, machine: try Machine(threads: 1))
    #expect(try evaluated.evaluate(opposite).mean == trainer.progress.best.loss)
    let history = try #require(Safetensors(contentsOf: run.model).metadata["history"])
    #expect(history.contains("\"iterations\":3,"))
    #expect(history.contains("\"seed\":0"))
  }

  @Test func withoutAValidationTheModelIsTheLastOne() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder("run"))
    let trainer = try trainer(iterations: 4)
    #expect(try TrainingRun(trainer, folder: run).run(on: source, validation: nil) == .finished)
    #expect(try Network(contentsOf: run.model).parameters == trainer.network.parameters)
    #expect(trainer.progress.best.loss == nil)
  }

  @Test func aFolderIsNotNeeded() throws {
    let trainer = try trainer(iterations: 5)
    var losses: [Double] = []
    var records: [TrainingRecord] = []
    let outcome = try TrainingRun(trainer).run(
      on: source, validation: source, record: { records.append($0) }, report: { losses.append($0.loss) })
    #expect(outcome == .finished)
    #expect(losses.count == 5)
    // A record's loss is the mean of the iterations since the one before it.
    #expect(records.map(\.iteration) == [3, 5])
    #expect(abs(records[0].loss - losses[..<3].reduce(0, +) / 3) < 1e-12)
    #expect(abs(records[1].loss - losses[3...].reduce(0, +) / 2) < 1e-12)
  }

  @Test func aDivergenceLeavesTheLastCheckpoint() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder("run"))
    var spoilt = source
    spoilt.batches = Array(repeating: source.batches[0], count: 7)
    spoilt.batches.append(FixedSource(features: [.nan], values: [0]).batches[0])
    #expect(throws: RecurrentError.self) {
      try TrainingRun(trainer(), folder: run).run(on: spoilt, validation: source)
    }
    #expect(try Checkpoint(contentsOf: run.checkpoint).progress.iteration == 6)
    #expect(try Network(contentsOf: run.model).parameters.allSatisfy { $0.isFinite })
  }

  #if os(Linux)
    /// A disk without room for the checkpoint: the error says so, and the old checkpoint is whole.
    @Test func aCheckpointIsWrittenWholeOrNotAtAll() async {
      await #expect(processExitsWith: .success) {
        let folder = try TemporaryFolder()
        let network = try Network(input: .features(1), layers: [.init(.rnn, units: 30)], output: .values(1), seed: 1)
        let options = try TrainingOptions(iterations: 4, learningRate: LearningRate(0.1))
        let trainer = Trainer(network, options: options, machine: try Machine(threads: 1))
        try trainer.checkpoint().save(to: folder("checkpoint"))
        let before = try Data(contentsOf: URL(filePath: folder("checkpoint")))
        try trainer.step(on: FixedSource(features: [1], values: [0]))
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        limit.rlim_cur = rlim_t(before.count / 2)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        let error = #expect(throws: RecurrentError.self) { try trainer.checkpoint().save(to: folder("checkpoint")) }
        #expect(error?.description == "can't write \(folder("checkpoint")): the file would be larger than is allowed here")
        #expect(try Data(contentsOf: URL(filePath: folder("checkpoint"))) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["checkpoint"])
      }
    }
  #endif
}

struct RunFolderTests {
  @Test func aFolderThatIsThereIsRefused() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: RecurrentError.self) { try RunFolder(creating: folder.path) }
    #expect(
      error?.description
        == "can't write \(folder.path): there is something of that name already; choose another folder, or resume the run in it")
    #expect(RunFolder.unused(folder.path) == folder.path + "-2")
    #expect(RunFolder.unused(folder("new")) == folder("new"))
  }

  @Test func foldersOnTheWayAreMade() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder("a/b/c") + "/")
    #expect(run.checkpoint == folder("a/b/c/checkpoint.safetensors"))
    #expect(!run.hasCheckpoint)
    try run.write(configuration: ["a": 1])
    #expect(try run.configuration(as: [String: Int].self) == ["a": 1])
    #expect(throws: RecurrentError.self) { try RunFolder(creating: folder("a/b/c")) }
  }

  @Test func whatIsNoRunIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder("configuration.json")
    func refusal() -> String? {
      #expect(throws: RecurrentError.self) { try RunFolder(path: folder.path).configuration(as: [String: Int].self) }?.description
    }
    #expect(refusal() == "can't read \(path): \(folder.path) is not the folder of a run")
    try Data("{".utf8).write(to: URL(filePath: path))
    #expect(refusal() == "can't read \(path): it is damaged: it is not JSON: expected a string at byte 1, found its end")
    let inside = #expect(throws: RecurrentError.self) { try RunFolder(creating: path + "/run") }
    #expect(
      inside?.description
        == "can't write \(path)/run: the folder \(path)/run can't be made: a part of its path is a file, not a folder")
  }
}
