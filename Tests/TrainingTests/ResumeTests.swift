import CellLanguage
import Engine
import Foundation
import LanguageModels
import Models
import Networks
import Problems
import Processes
import Sequences
import Testing
import Training

/// A training that is stopped and goes on is the training that was never stopped, bit for bit.
struct ResumeTests {
  struct Setting: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var cells: [Cell] = [.lstm]
    var optimizer = Optimizer.adam()
    var schedule = Schedule.constant
    var warmup = 0
    var dropout = 0.0
    /// Beside dropout.
    var regularization = Regularization()
    var tiesEmbedding = false
    var patience: Int?
    var isProblem = false
    var threads = 1
    var direction = Architecture.Direction.forward
    var learnsInitialStates = false
    /// Whether the output is made from what all layers give, added up.
    var addsLayers = false

    static let iterations = 23

    func options() throws -> TrainingOptions {
      var regularization = regularization
      regularization.dropout = dropout
      return try TrainingOptions(
        iterations: Self.iterations, optimizer: optimizer,
        learningRate: LearningRate(0.02, schedule: schedule, warmup: warmup), clip: 0.5, regularization: regularization,
        validationInterval: 5,
        patience: patience, seed: 4)
    }

    func trainer(team: any Communicator = OneProcess()) throws -> Trainer {
      let input: Architecture.Input = isProblem ? .features(2) : .tokens(try data().vocabulary, embedding: tiesEmbedding ? 6 : 5)
      var architecture = Architecture(
        input: input,
        layers: cells.map { .init($0, units: 6, direction: direction, learnsInitialStates: learnsInitialStates) },
        output: isProblem ? .values(1) : .categorical, tiesEmbedding: tiesEmbedding)
      if addsLayers {
        for place in cells.indices { architecture.layers[place].name = "l\(place)" }
        architecture.top = .sum(cells.indices.map { .layer("l\($0)") })
      }
      let network = try Network(architecture, seed: 4)
      return Trainer(network, options: try options(), machine: try Machine(threads: threads), team: team)
    }

    /// Seven windows an epoch, the last one shorter, and streams of different lengths.
    func data() throws -> TextData {
      let data = try TextData(TokenizedText(madeUpText(431), as: .characters), batch: 5, sequence: 12, validation: 0.05)
      return data
    }

    /// Runs until `stop` iterations are done, if that is before the end.
    func run(_ trainer: Trainer, in folder: RunFolder, until stop: Int = .max) throws -> TrainingRun.Outcome {
      let run = TrainingRun(trainer, folder: folder)
      let isInterrupted = { trainer.progress.iteration >= stop }
      if isProblem {
        let problem = try Adding(steps: 8)
        return try run.run(
          on: ProblemSource(problem, sequences: 6, seed: 1),
          validation: ProblemSource(problem, sequences: 6, seed: 2, batches: 2),
          isInterrupted: isInterrupted)
      }
      let data = try data()
      return try run.run(on: data.training, validation: data.validation, isInterrupted: isInterrupted)
    }
  }

  static var settings: [Setting] {
    get throws {
      try [
        Setting(testDescription: "adam"),
        Setting(
          testDescription: "two layers, dropout, sgd with momentum, plateau", cells: [.lstm, .gru],
          optimizer: .sgd(momentum: 0.9),
          schedule: .plateau(patience: 1, factor: 0.5), dropout: 0.3),
        Setting(
          testDescription: "rmsprop, cosine with warm-up, projection", cells: [Cell.named("lstm-projected")],
          optimizer: .rmsprop(), schedule: .cosine(end: 0.1), warmup: 3),
        Setting(
          testDescription: "adamw, step, patience", cells: [.rnn], optimizer: .adamw(), schedule: .step(every: 7), patience: 2),
        Setting(testDescription: "plain sgd on a problem", cells: [.gru], optimizer: .sgd(), dropout: 0.2, isProblem: true),
        Setting(
          testDescription: "both directions, learned initial states, dropout", cells: [.lstm, .gru], dropout: 0.2,
          isProblem: true,
          threads: 2, direction: .bidirectional(.concatenate), learnsInitialStates: true),
        Setting(testDescription: "learned initial states of a text", learnsInitialStates: true),
        Setting(
          testDescription: "zoneout, all masks, penalties, smoothed labels, tied embedding, weight decay",
          cells: [Cell.lstm.zoningOut(["c": 0.5]), Cell.gru.zoningOut(["h": 0.1])], dropout: 0.2,
          regularization: Regularization(
            inputDropout: 0.1, isVariational: true, recurrentDropout: 0.2, weightDrop: 0.3, embeddingDropout: 0.2,
            weightDecay: 0.01,
            activationPenalty: 1, temporalPenalty: 1, labelSmoothing: 0.1), tiesEmbedding: true, threads: 2),
        Setting(testDescription: "two threads", cells: [.gru, .lstm], dropout: 0.2, threads: 2),
        Setting(
          testDescription: "layers that are added, dropout, penalties", cells: [.lstm, .gru, .rnn], dropout: 0.2,
          regularization: Regularization(inputDropout: 0.1, activationPenalty: 1, temporalPenalty: 1), threads: 2,
          addsLayers: true),
      ]
    }
  }

  /// What a run leaves in its folder, but for the times.
  struct Traces: Equatable {
    var log: [TrainingRecord]
    var model: Data
    var tensors: [String: [UInt32]]
    var best: BestLoss
    var iteration: Int

    init(_ folder: RunFolder) throws {
      log = try TrainingLog.records(path: folder.log)
      for index in log.indices { (log[index].seconds, log[index].tokensPerSecond) = (0, 0) }
      model = try Data(contentsOf: URL(filePath: folder.model))
      let file = try Safetensors(contentsOf: folder.checkpoint)
      tensors = [:]
      for tensor in file.tensors { tensors[tensor.name] = try file.values(tensor.name, as: Float.self).map(\.bitPattern) }
      let progress = try Checkpoint(contentsOf: folder.checkpoint).progress
      (best, iteration) = (progress.best, progress.iteration)
    }
  }

  private func whole(_ setting: Setting, in folder: RunFolder) throws -> Traces {
    let outcome = try setting.run(try setting.trainer(), in: folder)
    #expect(outcome == (setting.patience == nil ? .finished : outcome))
    return try Traces(folder)
  }

  private func goOn(_ setting: Setting, in folder: RunFolder, until stop: Int = .max) throws -> TrainingRun.Outcome {
    let checkpoint = try Checkpoint(contentsOf: folder.checkpoint)
    return try setting.run(Trainer(checkpoint, machine: try Machine(threads: setting.threads)), in: folder, until: stop)
  }

  /// Stopped at the beginning, in the middle of an epoch and of a segment of the log, at a validation, at an epoch's end,
  /// before the end; and again and again.
  @Test(arguments: try settings, [[1], [4], [5], [6], [7], [8], [14], [22], [2, 3, 9, 17], Array(1...22)])
  func aStopLeavesNoTrace(setting: Setting, stops: [Int]) throws {
    let folder = try TemporaryFolder()
    let expected = try whole(setting, in: try RunFolder(creating: folder("whole")))
    let stopped = try RunFolder(creating: folder("stopped"))
    for (index, stop) in stops.enumerated() where stop < expected.iteration {
      let outcome =
        try index == 0
        ? setting.run(setting.trainer(), in: stopped, until: stop) : goOn(setting, in: stopped, until: stop)
      #expect(outcome == .interrupted)
      #expect(try Checkpoint(contentsOf: stopped.checkpoint).progress.iteration == stop)
    }
    _ = try goOn(setting, in: stopped)
    #expect(try Traces(stopped) == expected)
  }

  /// After a crash the log is ahead of the checkpoint, and its last line may be cut.
  @Test func aCrashLeavesNoTraceEither() throws {
    let folder = try TemporaryFolder()
    let setting = try Self.settings[1]
    let run = try RunFolder(creating: folder("run"))
    _ = try setting.run(setting.trainer(), in: run, until: 8)
    let checkpoint = try Data(contentsOf: URL(filePath: run.checkpoint))
    _ = try goOn(setting, in: run)
    let expected = try Traces(run)
    try checkpoint.write(to: URL(filePath: run.checkpoint))
    let log = try Data(contentsOf: URL(filePath: run.log))
    try log.dropLast(5).write(to: URL(filePath: run.log))
    _ = try goOn(setting, in: run)
    #expect(try Traces(run) == expected)
  }

  /// Two runs write the same model, byte for byte.
  @Test func theSameSeedGivesTheSameFile() throws {
    let folder = try TemporaryFolder()
    let one = try whole(Self.settings[8], in: RunFolder(creating: folder("one")))
    #expect(try whole(Self.settings[8], in: RunFolder(creating: folder("other"))) == one)
  }

  @Test func aFinishedRunGoesOnWithMoreIterations() throws {
    let folder = try TemporaryFolder()
    let setting = try Self.settings[0]
    let run = try RunFolder(creating: folder("run"))
    _ = try whole(setting, in: run)
    var checkpoint = try Checkpoint(contentsOf: run.checkpoint)
    #expect(try goOn(setting, in: run) == .finished)
    checkpoint.options.iterations += 2
    let trainer = Trainer(checkpoint, machine: try Machine(threads: 1))
    #expect(try setting.run(trainer, in: run) == .finished)
    #expect(trainer.progress.iteration == Setting.iterations + 2)
    #expect(try TrainingLog.records(path: run.log).map(\.iteration) == [5, 10, 15, 20, 23, 25])
  }
}
