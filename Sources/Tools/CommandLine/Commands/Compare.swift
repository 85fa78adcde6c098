import Classification
import CommandKit
import Engine
import Forecasting
import LanguageModels
import Networks
import Sequences
import Tables
import Tagging
import Training

extension Command {
  /// `recurrent compare`
  static let compare = Command(
    "compare", "Trains the same with several cells and seeds, and sets side by side what comes of it.",
    commands: TrainingCommand.all.map { training in
      Command(training.name, "Compares cells, each trained as `recurrent train \(training.name)` does it.") { declare in
        let command = CompareCommand(training, &declare)
        return { invocation in
          let session = try ComparisonSession(command, invocation)
          try session.run(json: invocation[command.keys.json])
        }
      }
    })
}

/// What `recurrent compare` declares for one kind of training.
struct CompareCommand: Sendable {
  let name: String
  let keys: TrainingOptionKeys
  let reading: TrainingCommand.Reading
  let seeds: Key<Int>
  let parameters: Key<Int?>
  let test: Key<String?>
  let threads: Key<Int>
  private let cells: Key<String>
  private let units: Key<[Int]>

  init(_ training: TrainingCommand, _ declare: inout Declaration) {
    name = training.name
    cells = declare.text(
      "--cells", "LIST", default: "rnn,gru,lstm",
      "cells of the library or .cell files, with commas between them; lstm[b_f=0] starts a parameter in another way")
    seeds = declare.integer("--seeds", in: 1...1000, default: 3, "runs of each cell, from --seed on")
    units = declare.add(
      "--units", "N,...",
      "units in each layer, as in training if not given; several numbers with commas between them are one for each cell",
      expected: "a whole number from 1 to 65536, or several with commas between them", standard: [], shown: nil
    ) { text in
      let numbers = listed(text).map { wholeNumber($0, in: 1...65_536) }
      return numbers.contains(nil) ? nil : numbers.compactMap(\.self)
    }
    parameters = declare.integer(
      "--parameters", in: 1...1_000_000_000, "weights that each network should have, in place of as many units")
    test = declare.text(
      "--test-file", "FILE", "a file like the one trained on, which the best weights are measured on at the end")
    threads = declare.sharedThreads()
    _ = declare.text(
      "--output", "FOLDER",
      "where the comparison is kept; one that is there already goes on, with more cells, seeds and iterations if need be")
    _ = declare.flag("--json", "print the result as JSON")
    declare.refuse("--cell", because: "--cells names all that are to be compared")
    declare.refuse("--resume", because: "the same command goes on where it was stopped")
    (keys, reading) = declare.adopt(training.declare)
    declare.example(
      "compare \(training.name) \(training.sample) --cells lstm,gru,mgu --parameters 20000",
      "three cells with equally many weights")
    declare.example("compare \(training.name) \(training.sample) --cells lstm,my.cell --seeds 5", "a cell of one's own")
  }

  /// The cells as the user calls them.
  func names(_ invocation: Invocation) throws -> [String] {
    let names = listed(invocation[cells])
    if let twice = names.enumerated().first(where: { names.prefix($0.offset).contains($0.element) }) {
      throw RecurrentError(.usage, "--cells names \(twice.element) twice")
    }
    if names.contains("") { throw RecurrentError(.usage, "--cells has nothing between two commas, or at an end: \"\(invocation[cells])\"") }
    let counts = invocation[units].count
    guard counts <= 1 || counts == names.count else {
      throw RecurrentError(.usage, 
        "--units gives \(counts) numbers for \(names.count) \(names.count == 1 ? "cell" : "cells"): give one number, or one for each cell"
      )
    }
    if invocation[parameters] != nil, invocation.values[units.name] != nil {
      throw RecurrentError(.usage, "give either --units or --parameters, which chooses the units, not both")
    }
    return names
  }

  /// The call of `recurrent train` with the cell in that place, with as many units as are asked for.
  func invocation(_ invocation: Invocation, of name: String, at place: Int) -> Invocation {
    let (named, numbers) = (invocation.with(keys.cellName, name), invocation[units])
    // With --parameters any number will do before the right one is found.
    if invocation[parameters] != nil { return named.with(keys.units, keys.units.absent) }
    return numbers.isEmpty ? named : named.with(keys.units, numbers.count == 1 ? numbers[0] : numbers[place])
  }

  /// The option of some trainings that gives iterations by how often the data are gone through.
  static let epochs = "--epochs"

  /// Options that make no other comparison of one: with more iterations, or more epochs where there are such, its runs go on.
  var passing: Set<String> {
    [
      cells.name, units.name, seeds.name, threads.name, keys.output.name, keys.json.name, keys.iterations.name, Self.epochs,
    ]
  }
}

extension Declaration {
  /// The option `--threads` of commands that train several networks.
  mutating func sharedThreads() -> Key<Int> {
    integer("--threads", in: 1...1024, default: 1, "threads of each run; as many runs go on at once as there are processors for")
  }
}

/// The threads of a run and the runs at a time. Runs side by side on a thread each wait for nobody: two LSTMs of 36 units took 0.7 of
/// the time that they took one behind the other on two threads.
func sharedThreads(_ threads: Int) throws -> (each: Int, together: Int) {
  (threads, max(1, try Machine().threads / threads))
}

extension TrainingSession.Source {
  /// A file like the one trained on, to measure a network on.
  func batches(of file: String) throws -> any BatchSource {
    switch self {
    case .text(let data): try TextSource(evaluating: TokenizedText(contentsOf: file, in: data.vocabulary).tokens)
    case .problem:
      throw RecurrentError(.usage, "there is no --test-file of a problem, which makes fresh sequences to validate on: leave it out")
    case .forecast(let data): try data.batches(of: file)
    case .classification(let data): try data.batches(of: file)
    case .tag(let data): try data.batches(of: TaggedSentences(contentsOf: file))
    }
  }
}
