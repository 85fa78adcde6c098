import Engine
package import Networks
package import Sequences
import Support
import Training

/// Batches of windows of sequences that have something to give at every step. The windows of a part follow each other, and the states
/// are carried from one to the next; a part that ends before others of its batch has no more steps.
package struct StepWindows: BatchSource {
  /// What a network is to give at each step of each sequence.
  package enum Targets: Sendable {
    /// The class of each step, `[sequences][T]`, negative where there is none, and how much each class counts; nil for 1.
    case classes([[Int32]], weights: [Float]?)
    /// `[sequences][T, outputs]`, NaN where there is none.
    case values([[Float]], outputs: Int)
  }

  /// `[sequences][T, width]`
  private let inputs: [[Float]]
  private let input: Architecture.Input
  private let width: Int
  private let targets: Targets
  /// The parts, the longest first.
  private let parts: [StepPart]
  /// The indices in ``parts`` at which each length begins, and the end.
  private let bounds: [Int]
  private let window: Int
  private let batch: Int
  /// The windows of each group of parts.
  private let windows: [Int]
  /// The seed of the orders; nil for the same order in each epoch.
  private let seed: UInt64?

  /// - Parameters:
  ///   - inputs: `[sequences][T, width]`: all numbers that a network reads at a step.
  ///   - input: in which parts it reads them.
  ///   - window: the steps of a window; nil to run over each part at once, as a network that reads in reverse has to.
  package init(
    _ inputs: [[Float]], as input: Architecture.Input, targets: Targets, parts: [StepPart], window: Int?, batch: Int,
    seed: UInt64?
  ) {
    self.inputs = inputs
    self.input = input
    width = input.encoding.width
    self.targets = targets
    self.batch = batch
    self.seed = seed
    let order = parts.indices.sorted { (parts[$1].steps.count, $0) < (parts[$0].steps.count, $1) }
    let sorted = order.map { parts[$0] }
    self.parts = sorted
    bounds = sorted.indices.filter { $0 == 0 || sorted[$0].steps.count < sorted[$0 - 1].steps.count } + [sorted.count]
    let steps = window ?? max(1, sorted.first?.steps.count ?? 1)
    self.window = steps
    windows = stride(from: 0, to: sorted.count, by: batch).map { max(1, (sorted[$0].steps.count + steps - 1) / steps) }
    perEpoch = max(1, windows.reduce(0, +))
  }

  private let perEpoch: Int

  package var iterationsPerEpoch: Int? { perEpoch }
  package var stepsPerBatch: Int { max(1, scoredSteps / perEpoch) }

  /// The number of steps that are scored.
  package var scoredSteps: Int { parts.reduce(0) { $0 + $1.scored.count } }
  /// The number of parts.
  package var count: Int { parts.count }

  package func continues(at iteration: Int) -> Bool { place(of: iteration).window > 0 }

  package func batch(at iteration: Int) -> Batch {
    let (group, window, epoch) = place(of: iteration)
    let order = order(epoch: epoch)
    let own = order[group * batch..<min((group + 1) * batch, order.count)].map { parts[$0] }
    let ranges = own.map { part in
      let start = min(part.steps.lowerBound + window * self.window, part.steps.upperBound)
      return start..<min(start + self.window, part.steps.upperBound)
    }
    let lengths = PackedLengths(sorted: ranges.map(\.count))
    var rows: [Float] = []
    rows.reserveCapacity(lengths.rows * width)
    var given = Given(targets, rows: lengths.rows)
    for step in 0..<lengths.steps {
      for (part, range) in zip(own, ranges) where range.count > step {
        let place = range.lowerBound + step
        rows += inputs[part.sequence][place * width..<(place + 1) * width]
        given.add(part.sequence, place, isScored: part.scored.contains(place))
      }
    }
    return Batch(lengths: lengths, inputs: input.rows(rows), targets: given.targets)
  }

  /// Which window of which group of parts an iteration trains on.
  private func place(of iteration: Int) -> (group: Int, window: Int, epoch: Int) {
    let epoch = iteration / perEpoch
    var number = iteration % perEpoch
    var groups = Array(windows.indices)
    if let seed {
      var random = Random(.windowOrder, epoch, seed: seed)
      random.shuffle(&groups)
    }
    for group in groups {
      if number < windows[group] { return (group, number, epoch) }
      number -= windows[group]
    }
    preconditionFailure("an epoch has as many windows as its groups")
  }

  /// The parts in an epoch's order, the longest first: those of equal length change places.
  private func order(epoch: Int) -> [Int] {
    guard let seed else { return Array(parts.indices) }
    var random = Random(.sequenceOrder, epoch, seed: seed)
    return zip(bounds, bounds.dropFirst()).flatMap { first, end in
      var order = Array(first..<end)
      random.shuffle(&order)
      return order
    }
  }

  /// The targets of a batch.
  private struct Given {
    private let source: Targets
    private var classes: [Int32] = []
    private var values: [Float] = []
    private var counted: [Bool] = []

    init(_ source: Targets, rows: Int) {
      self.source = source
      switch source {
      case .classes: classes.reserveCapacity(rows)
      case .values(_, let outputs): values.reserveCapacity(rows * outputs)
      }
    }

    mutating func add(_ sequence: Int, _ step: Int, isScored: Bool) {
      switch source {
      case .classes(let all, _): classes.append(isScored ? all[sequence][step] : -1)
      case .values(let all, let outputs):
        let own = all[sequence][step * outputs..<(step + 1) * outputs]
        counted.append(isScored && !own.contains { $0.isNaN })
        values += own.map { $0.isNaN ? 0 : $0 }
      }
    }

    var targets: Batch.Targets {
      switch source {
      case .values: .values(values, counted: counted)
      case .classes(_, nil): .classes(classes)
      case .classes(_, let weights?): .weightedClasses(classes, weights: classes.map { $0 < 0 ? 0 : weights[Int($0)] })
      }
    }
  }
}
