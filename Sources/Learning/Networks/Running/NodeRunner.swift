package import CellCompiler
package import Engine
package import Sequences
import Support

/// Runs one node over batches, forward and back, in memory that it keeps from batch to batch.
package protocol NodeRunner: AnyObject {
  /// Whether it runs over steps, a segment at a time, or once for each batch, before the first of them or when all sequences have been
  /// read out.
  var span: NetworkGraph.Span { get }

  /// Takes over the weights of the whole network.
  func load(_ weights: UnsafePointer<Float>)
  /// Begins a batch.
  func begin(_ run: BatchRun)
  /// Runs some steps, which follow those before.
  func forward(_ segment: Segment)
  /// Runs back the steps that have just been run forward. Segments come the last one first.
  ///
  /// - Parameter gradients: of the weights of the whole network, to be added to.
  func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>)
  /// Ends a batch that has been run back.
  func finish(_ gradients: UnsafeMutablePointer<Float>)
  /// Does to the gradient of a whole batch, whose parts have been run, what can't be done to that of a part.
  func finishWhole(_ gradients: UnsafeMutablePointer<Float>)
  /// Bytes that runs forward and back will hold.
  func plannedBytes(_ plan: MemoryPlan) -> Int
  /// What they hold of that now.
  var allocatedBytes: Int { get }
}

extension NodeRunner {
  package func load(_ weights: UnsafePointer<Float>) {}
  package func begin(_ run: BatchRun) {}
  package func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {}
  package func finish(_ gradients: UnsafeMutablePointer<Float>) {}
  package func finishWhole(_ gradients: UnsafeMutablePointer<Float>) {}
  package func plannedBytes(_ plan: MemoryPlan) -> Int { 0 }
  package var allocatedBytes: Int { 0 }
}

/// What a runner of a node is made of.
package struct RunnerParts {
  package let machine: Machine
  /// Whether gradients will be asked for.
  package let trains: Bool
  package let regularization: Regularization
  /// What is drawn for each batch within cells.
  package let drawing: Plan.Drawing
  /// Whether traces will be asked for that hold named vectors, too, that nothing reads.
  package let traces: Bool
  /// The edges of the graph.
  package let edges: [EdgeRows]
  /// The edge that the node gives; of the head nil.
  package let gives: EdgeRows?
  /// Where the node's weights stand among the network's.
  package let weights: Range<Int>
  /// The pass that gives each edge, where one does.
  package let passes: [Int: PassRunner]
  /// What gives that with which sequences begin, where something does.
  let context: ContextRunner?
  /// Where the embedding's matrix stands, where it is the output's, too.
  package let tied: Range<Int>?
  /// What runs a network that a node has of its own, trained as the whole is.
  package let nested: (Network) -> NetworkRunner

  /// The edge that the node gives, which only a head does not.
  package var output: EdgeRows {
    guard let gives else { fatalError("a node that is no head gives no rows") }
    return gives
  }
}

/// A batch that is about to be run.
package struct BatchRun {
  package let inputs: Batch.Inputs
  package let lengths: PackedLengths
  /// Nil where no loss is asked for.
  package let targets: Batch.Targets?
  /// Whether it goes on where the batch before ended.
  package let carriesStates: Bool
  /// Of what is drawn for it; nil to draw nothing.
  package let seed: UInt64?
  package let takesGradient: Bool
  /// Of the batch of which this is a part; nil if it is a whole one.
  package let whole: BatchTotals?

  package init(
    inputs: Batch.Inputs, lengths: PackedLengths, targets: Batch.Targets?, carriesStates: Bool, seed: UInt64?,
    takesGradient: Bool, whole: BatchTotals? = nil
  ) {
    self.inputs = inputs
    self.lengths = lengths
    self.targets = targets
    self.carriesStates = carriesStates
    self.seed = seed
    self.takesGradient = takesGradient
    self.whole = whole
  }
}

/// Some steps of a batch.
package struct Segment {
  package let steps: Range<Int>
  /// The lengths of the sequences' parts in the segment, and those of the whole batch.
  package let lengths: PackedLengths
  package let whole: PackedLengths
  /// The sequences as rows of what is read out of them.
  private let sequences: PackedLengths
  /// The rows of reverse passes that change places; empty where none reads in reverse.
  package let reversal: [Int]
  /// Whether a backward run follows.
  package let keeping: Bool
  /// Whether the states' gradients at all steps are kept on the way back.
  package let keepsStateGradients: Bool
  /// How a pass runs on what it reads.
  package let run: (SequenceRunner, UnsafePointer<Float>) -> Void

  package init(
    _ steps: Range<Int>, of whole: PackedLengths, reversal: [Int], keeping: Bool, keepsStateGradients: Bool = false,
    run: ((SequenceRunner, UnsafePointer<Float>) -> Void)? = nil
  ) {
    self.steps = steps
    lengths = whole.segment(steps)
    self.whole = whole
    sequences = whole.singleStep
    self.reversal = reversal
    self.keeping = keeping
    self.keepsStateGradients = keepsStateGradients
    self.run = run ?? { $0.forward($1, keeping: keeping) }
  }

  /// Whether no steps come before or after these.
  package var isFirst: Bool { steps.lowerBound == 0 }
  package var isLast: Bool { steps.upperBound == whole.steps }

  /// The rows of the segment; of sources those of a segment of their own.
  package func lengths(of span: NetworkGraph.Span) -> PackedLengths {
    span.isOfSteps ? lengths : sequences
  }
}

extension NetworkGraph.Span {
  /// Whether nodes with such rows run with a segment.
  func isDue(in segment: Segment) -> Bool {
    switch self {
    case .start, .source: segment.isFirst
    case .step: true
    case .sequence: segment.isLast
    }
  }
}

/// A batch whose memory is planned.
package struct MemoryPlan {
  /// The steps that are kept at a time.
  package let segments: [PackedLengths]
  package let sequences: Int
  /// What the sequences read, if it is known.
  package let inputs: Batch.Inputs?

  /// The most rows that are there at a time.
  package func rows(of span: NetworkGraph.Span) -> Int {
    switch span {
    case .step: segments.map(\.rows).max() ?? 0
    case .source: inputs?.source?.lengths.rows ?? 0
    case .start, .sequence: sequences
    }
  }
}

/// Rows on their way from one node to others, and their gradient on the way back.
package final class EdgeRows {
  package let width: Int
  package let span: NetworkGraph.Span
  package let isReversed: Bool
  /// The rows, where the node that gives them has them. Nodes in between, such as dropout, may put others in their place.
  package var values: UnsafePointer<Float>
  /// Whether anybody wants the gradient.
  package var takesGradient = true
  private let empty = FloatBuffer(count: 0)
  private var gradients = FloatBuffer(count: 0)
  /// What is added to a gradient that is there already.
  private var addends = FloatBuffer(count: 0)
  private var isWritten = false
  /// How many write a gradient of the rows.
  var writers: Int
  private let isReadInReverse: Bool

  /// - Parameters:
  ///   - isReversed: whether the rows stand in the order in which a pass in reverse reads them.
  ///   - writers: how many nodes write a gradient of the rows.
  ///   - isReadInReverse: whether one of these reads them in reverse.
  package init(width: Int, span: NetworkGraph.Span, isReversed: Bool = false, writers: Int = 1, isReadInReverse: Bool = false) {
    self.width = width
    self.span = span
    self.isReversed = isReversed
    self.writers = writers
    self.isReadInReverse = isReadInReverse
    values = UnsafePointer(empty.base)
  }

  /// Begins the way back: nothing is known yet of the gradient.
  func beginBackward() { isWritten = false }

  /// The gradient of `rows` rows, to be read or changed: zero if no node has written any.
  package func gradient(rows: Int) -> UnsafeMutablePointer<Float> {
    if !isWritten {
      gradients = gradients.grown(to: rows * width)
      gradients.clear(0..<rows * width)
      isWritten = true
    }
    return gradients.base
  }

  /// The gradient that was written when the last steps were run back, `rows` rows: that of what was read out of sequences serves
  /// all their steps.
  func keptGradient(rows: Int) -> UnsafeMutablePointer<Float> {
    ensure(gradients.count >= rows * width, "the gradient of what is read out is asked for before there is one")
    return gradients.base
  }

  /// Where the only node that reads the rows writes the gradient of `rows` rows, all of it.
  func ownGradient(rows: Int) -> UnsafeMutablePointer<Float> {
    gradients = gradients.grown(to: rows * width)
    isWritten = true
    return gradients.base
  }

  /// Takes in a gradient that `write` writes, and adds it to what is there.
  package func addGradient(rows: Int, _ write: (UnsafeMutablePointer<Float>) -> Void) {
    if isWritten {
      addends = addends.grown(to: rows * width)
      write(addends.base)
      for place in 0..<rows * width { gradients.base[place] += addends.base[place] }
    } else {
      gradients = gradients.grown(to: rows * width)
      isWritten = true
      write(gradients.base)
    }
  }

  /// Memory for `rows` rows that holds nothing yet, for a node that has to put a gradient in order before it is added.
  func scratch(rows: Int) -> UnsafeMutablePointer<Float> {
    addends = addends.grown(to: rows * width)
    return addends.base
  }

  /// Takes in a gradient that stands in ``scratch(rows:)`` in the order in which a pass in reverse reads.
  func addReversed(_ reversal: [Int], on machine: Machine) {
    let rows = reversal.count
    if !isWritten { gradients = gradients.grown(to: rows * width) }
    nonisolated(unsafe) let (target, source) = (gradients.base, addends.base)
    let (isAdded, width) = (isWritten, width)
    machine.eachRow(reversal, width: width) { row, other in
      for place in 0..<width {
        target[row * width + place] = (isAdded ? target[row * width + place] : 0) + source[other * width + place]
      }
    }
    isWritten = true
  }

  /// Those who read a memory add to its gradient where it stands.
  private var needsAddends: Bool { span != .source && (writers > 1 || isReadInReverse) }

  func plannedBytes(_ plan: MemoryPlan) -> Int { 4 * plan.rows(of: span) * width * (takesGradient ? needsAddends ? 2 : 1 : 0) }
  var allocatedBytes: Int { 4 * (gradients.count + addends.count) }
}

extension Machine {
  /// Runs `body` for each row with the row that it changes places with, spread over the threads.
  func eachRow(_ reversal: [Int], width: Int, _ body: @Sendable (_ row: Int, _ other: Int) -> Void) {
    reversal.withUnsafeBufferPointer { reversal in
      nonisolated(unsafe) let reversal = reversal
      eachRow(of: reversal.count, width: width) { body($0, reversal[$0]) }
    }
  }

  /// Runs `body` for each of some rows, spread over the threads.
  func eachRow(of count: Int, width: Int, _ body: @Sendable (_ row: Int) -> Void) {
    // A few microseconds of copying are not worth waking a thread for.
    forEachPart(of: count, grain: max(1, (1 << 15) / max(1, width))) { rows in
      for row in rows { body(row) }
    }
  }
}
