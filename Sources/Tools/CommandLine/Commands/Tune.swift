import CommandKit
import Experiments
import Support
import Training

extension Command {
  /// `recurrent tune`
  static let tune = Command(
    "tune", "Searches for settings that a training does best with.",
    commands: TrainingCommand.all.map { training in
      Command(training.name, "Searches the best settings for `recurrent train \(training.name)` in the time that it is given.") {
        declare in
        let command = TuneCommand(training, &declare)
        return { invocation in
          var session = try TuningSession(command, invocation)
          try session.run(minutes: invocation[command.minutes], json: invocation[command.keys.json])
        }
      }
    })
}

/// What `recurrent tune` declares for one kind of training.
struct TuneCommand: Sendable {
  let name: String
  let keys: TrainingOptionKeys
  let reading: TrainingCommand.Reading
  let minutes: Key<Double>
  let width: Key<Int>
  let threads: Key<Int>
  private let learningRate: Key<ClosedRange<Double>>
  private let units: Key<ClosedRange<Int>>
  private let layers: Key<ClosedRange<Int>>
  private let dropout: Key<ClosedRange<Double>>

  init(_ training: TrainingCommand, _ declare: inout Declaration) {
    name = training.name
    var customary = Declaration()
    let (standard, _) = training.declare(&customary)
    minutes = declare.number("--minutes", in: .upTo(1_000_000), default: 10, "how long to search")
    // Read again, a tenth has no more digits than the rate; divided, it may have many.
    let rate = standard.learningRate.absent
    learningRate = declare.range(
      "--learning-rate", in: .positive, default: (Double("\(rate)e-1") ?? rate)...(Double("\(rate)e1") ?? rate),
      "learning rates to search, or the only one")
    let most = standard.units.absent
    units = declare.range("--units", in: 1...65_536, default: max(1, most / 4)...most * 4, "units in each layer to search")
    layers = declare.range("--layers", in: 1...64, default: 1...2, "recurrent layers, one above the other, to search")
    dropout = declare.range(
      "--dropout", in: .range(0, below: 1), default: 0...0.5, "shares of each layer's outputs set to 0 in training, to search")
    width = declare.integer(
      "--trials", in: 1...10_000, default: 16, "trials that begin together and are halved in number, round by round")
    threads = declare.sharedThreads()
    _ = declare.text("--output", "FOLDER", "where the search is kept; one that is there already goes on")
    _ = declare.flag("--json", "print the result as JSON")
    declare.refuse("--resume", because: "the same command goes on where it was stopped")
    (keys, reading) = declare.adopt(training.declare)
    declare.example("tune \(training.name) \(training.sample) --minutes 30", "searches for half an hour")
    declare.example(
      "tune \(training.name) \(training.sample) --units 32..256 --layers 1",
      "searches some settings, and leaves others as they are")
  }

  private func space(_ invocation: Invocation) -> SearchSpace {
    SearchSpace(
      learningRate: invocation[learningRate], units: invocation[units], layers: invocation[layers], dropout: invocation[dropout])
  }

  /// What a trial is made with.
  ///
  /// - Parameter customary: what training would take by itself.
  func settings(_ invocation: Invocation, trial: Int, customary: SearchSpace.Settings) -> SearchSpace.Settings {
    let space = space(invocation)
    return trial == 0 ? space.nearest(to: customary) : space.settings(trial: trial, seed: UInt64(invocation[keys.seed]))
  }

  /// The call of `recurrent train` with nothing of what is searched, nor of what says how searched dropout works.
  func plain(_ invocation: Invocation) -> Invocation {
    invocation.without(searched + [keys.regularization.variational.name])
  }

  private var searched: [String] { [learningRate.name, units.name, layers.name, dropout.name] }

  /// The call of `recurrent train` with such settings.
  func invocation(_ invocation: Invocation, _ settings: SearchSpace.Settings) -> Invocation {
    invocation.with(keys.learningRate, settings.learningRate).with(keys.units, settings.units).with(keys.layers, settings.layers)
      .with(keys.regularization.dropout, settings.dropout)
  }

  /// Its command line.
  func line(_ invocation: Invocation, _ settings: SearchSpace.Settings) -> String {
    let own = passing.union(searched + [width.name])
    return invocation.line(
      "train \(name)", without: own,
      with: zip(searched, [short(settings.learningRate), "\(settings.units)", "\(settings.layers)", short(settings.dropout)]).map
      {
        ($0, $1)
      })
  }

  /// Options that make no other search of one.
  var passing: Set<String> { [minutes.name, threads.name, keys.output.name, keys.json.name] }
}
