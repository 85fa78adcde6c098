import CellCompiler
import CellLanguage
import Engine

// The laws of sums over the sequences of a batch.
extension Law {
  /// Threads that share the sequences, fewer than there are threads, than there are shards, or more, and such that share the
  /// units.
  static func threadsFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    for lengths in sharedBatches {
      let trial = try drawnTrial(cell, dimensions, lengths)
      for level in InstructionSet.available {
        let alone = trial.run(on: try Machine(instructionSet: level, threads: 1))
        for threads in [2, 3, 7] {
          let machine = try Machine(instructionSet: level, threads: threads)
          if trial.run(on: machine) != alone {
            return "with \(level) kernels, \(threads) threads give other numbers for \(lengths.count) sequences than one"
          }
        }
        let machine = try Machine(instructionSet: level, threads: 2)
        if trial.run(on: machine, sharesUnits: true) != alone {
          return "with \(level) kernels, two threads that share units give other numbers for \(lengths.count) sequences than one"
        }
      }
    }
    return nil
  }

  /// Some 1800 steps each: fewer are not worth a second thread, however much a cell does in a step.
  private static let sharedBatches: [[Int]] = [
    [700, 600, 500],
    [320, 320, 320, 260, 220, 200, 160, 20],
    [160, 160, 150] + Array(repeating: 90, count: 12) + [70, 60, 40, 30, 1, 0],
  ]

  /// At each node of the tree, the gradient of the parameters is the sum of those on its left and on its right, and what a
  /// sequence gives by itself is what it gives in the whole.
  static func shardsFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    for lengths in [[6, 4, 3], [5, 5, 5, 5, 3, 3, 2, 1], [9, 9, 8, 7, 7, 7, 5, 5, 4, 4, 4, 4, 3, 3, 2, 2, 2, 1, 1, 1, 0]] {
      let trial = try drawnTrial(cell, dimensions, lengths)
      for level in InstructionSet.available {
        for segment in [nil, 2] {
          let tree = ShardTree(trial: trial, machine: try Machine(instructionSet: level, threads: 2), segment: segment)
          if let fault = tree.fault(of: 0..<trial.lengths.shards) {
            return "with \(level) kernels, \(lengths.count) sequences: \(fault)"
          }
        }
      }
    }
    return nil
  }

  /// All that can be drawn for a batch is drawn.
  private static func drawnTrial(_ cell: Cell, _ dimensions: Dimensions, _ lengths: [Int]) throws -> Trial {
    let fractions = cell.states.enumerated().map { ($1.name, $0 % 2 == 0 ? 0.25 : 0.5) }
    let zoned = cell.zoningOut(Dictionary(uniqueKeysWithValues: fractions))
    return Trial(zoned, dimensions, lengths: try PackedLengths(lengths), drawing: .init(masks: true, zoneout: true))
  }
}

/// Runs of the sequences of some shards by themselves.
private struct ShardTree {
  let trial: Trial
  let machine: Machine
  let segment: Int?
  private let whole: Trial.Result

  init(trial: Trial, machine: Machine, segment: Int?) {
    self.trial = trial
    self.machine = machine
    self.segment = segment
    whole = trial.run(on: machine, segment: segment)
  }

  /// What is wrong at the node above some shards, and below it.
  func fault(of shards: Range<Int>) -> String? {
    let sequences = sequences(of: shards)
    let own = Trial(trial, sequences: sequences).run(on: machine, segment: segment)
    if own.withoutSums != whole.part(of: trial, sequences).withoutSums {
      return "those of shards \(shards) give other numbers alone"
    }
    if shards.count == 1 { return nil }
    let middle = (shards.lowerBound + shards.upperBound) / 2
    let halves = [shards.lowerBound..<middle, middle..<shards.upperBound]
    let gradients = halves.map {
      Trial(trial, sequences: self.sequences(of: $0)).run(on: machine, segment: segment).parameterGradient
    }
    let sum = zip(gradients[0], gradients[1]).map { ($0 + $1).bitPattern }
    if own.parameterGradient.map(\.bitPattern) != sum {
      return "the gradient of shards \(halves[0]) and that of \(halves[1]) do not add up to that of \(shards)"
    }
    return halves.lazy.compactMap { fault(of: $0) }.first
  }

  private func sequences(of shards: Range<Int>) -> [Int] {
    (0..<trial.lengths.batch).filter { shards.contains(trial.lengths.shard(of: $0)) }
  }
}

extension Trial.Result {
  /// What sequences give each by itself.
  fileprivate var withoutSums: Self {
    var result = self
    result.parameterGradient = []
    return result
  }

  /// The gradients of the rows of some sequences' sources.
  private func memoryRows(of trial: Trial, _ sequences: [Int]) -> [Float] {
    guard let memory = trial.memory else { return [] }
    let sources = memory.places.indices.filter { sequences.contains(memory.places[$0]) }
    return memoryGradient.rows(memory.lengths.rows(of: sources), width: memory.width)
  }

  /// What some sequences of a trial have given.
  fileprivate func part(of trial: Trial, _ sequences: [Int]) -> Self {
    let rows = trial.lengths.rows(of: sequences)
    func part(_ values: [[Float]], _ places: [Int]) -> [[Float]] {
      values.enumerated().map { $1.rows(places, width: trial.plan.width(ofState: $0)) }
    }
    return Self(
      states: part(states, rows), final: part(final, sequences),
      inputGradient: inputGradient.rows(rows, width: trial.inputWidth),
      initialGradients: part(initialGradients, sequences), memoryGradient: memoryRows(of: trial, sequences),
      stateGradients: part(stateGradients, rows))
  }
}
