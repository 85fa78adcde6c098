package import Engine
package import Sequences
package import Support

/// What a network gives at each row, and the loss that training makes small: the one description of a kind of output. Runners,
/// exporters, the inspector and files ask it, and know of no kinds.
///
/// As a Codable value it is what a model file has under `output`; ``NetworkKinds`` lists the kinds that files may have.
package protocol OutputHead: Sendable, Hashable, Codable {
  /// The keys of the kind's JSON that are always there, and those that may be. No other kind's may look the same.
  static var keys: (required: Set<String>, optional: Set<String>) { get }
  /// What the kind is called where a file has none or several: `classes`.
  static var title: String { get }

  /// The numbers of a row; nil for as many as the layer below gives.
  var outputs: Int? { get }
  /// Whether the outputs are a matrix times what the layer below gives, plus a bias; otherwise they are what it gives.
  var isLinear: Bool { get }
  /// What becomes of a row of these numbers.
  var function: HeadFunction { get }
  /// Whether a row of what the network gives is the probabilities of classes.
  var givesClasses: Bool { get }
  /// Whether the loss is that of whole sequences: the blocks of rows that are scored are then a sequence each, from its first step to
  /// its last.
  var scoresSequences: Bool { get }
  /// Whether what the network gives at a step depends on the other steps' outputs, too: rows are then finished a sequence at a time.
  var finishesSequences: Bool { get }
  /// Weights of its own after the matrix and the bias, of a linear head; they begin at 0.
  var tensors: [WeightTensor] { get }
  /// What the loss is counted in.
  var unit: LossUnit { get }
  /// Whether a fraction of a target can be spread over other ones (``Regularization/labelSmoothing``).
  var smoothsTargets: Bool { get }
  /// Whether a target that is NaN is one that is missing.
  var skipsMissingTargets: Bool { get }

  /// Whether an output of this head means what one of the other head means, whatever their numbers are.
  func isOfSameKind(as other: any OutputHead) -> Bool
  /// The numbers of a row's target, of as many outputs.
  func targets(of outputs: Int) -> Int
  /// The head of a network with that input: with whatever was left to the input to say.
  ///
  /// - Throws: ``RecurrentError`` if the input does not say it, or there is no such head.
  func resolved(reading input: any InputEncoding) throws(RecurrentError) -> Self
  /// What is wrong with a batch's targets, as a sentence; nil if nothing is.
  func fault(in targets: Batch.Targets, rows: Int, width: Int) -> String?
  /// The loss of a block of rows.
  ///
  /// - Parameters:
  ///   - outputs: `[rows, width]`, which become the gradient of the loss times ``LossTerms/scale``.
  ///   - rows: which of the targets' they are.
  func loss(
    _ outputs: UnsafeMutablePointer<Float>, width: Int, rows: Range<Int>, of targets: Batch.Targets, _ terms: LossTerms
  ) -> Double
  /// Makes what the network gives of its outputs, `[rows, width]`.
  ///
  /// - Parameter weights: those of ``tensors``, one after the other.
  func finish(
    _ outputs: UnsafeMutablePointer<Float>, rows: Int, width: Int, weights: UnsafePointer<Float>, on kernels: InstructionSet)
  /// The classes that are most probable, of rows by themselves or of a sequence, for a head that gives classes. It finishes the
  /// outputs, too.
  func choose(
    _ outputs: UnsafeMutablePointer<Float>, rows: Int, width: Int, weights: UnsafePointer<Float>, on kernels: InstructionSet
  ) -> [Int32]
  /// Targets whose loss has a gradient that shows what the outputs depend on.
  ///
  /// - Parameters:
  ///   - rows: what the network gave at each row that is asked for, nil at others.
  ///   - known: the class that each row ought to have given, where that is known.
  func probe(_ rows: [ArraySlice<Float>?], width: Int, known: [Int32?]) -> Batch.Targets
}

extension OutputHead {
  package var isLinear: Bool { true }
  package var givesClasses: Bool { function == .softmax }
  package var scoresSequences: Bool { false }
  package var finishesSequences: Bool { false }
  package var tensors: [WeightTensor] { [] }
  package var smoothsTargets: Bool { false }
  package var skipsMissingTargets: Bool { false }
  package func isOfSameKind(as other: any OutputHead) -> Bool { type(of: other) == Self.self }
  package func targets(of outputs: Int) -> Int { outputs }
  package func resolved(reading input: any InputEncoding) throws(RecurrentError) -> Self { self }
  package func finish(
    _ outputs: UnsafeMutablePointer<Float>, rows: Int, width: Int, weights: UnsafePointer<Float>, on kernels: InstructionSet
  ) {}

  package func choose(
    _ outputs: UnsafeMutablePointer<Float>, rows: Int, width: Int, weights: UnsafePointer<Float>, on kernels: InstructionSet
  ) -> [Int32] {
    finish(outputs, rows: rows, width: width, weights: weights, on: kernels)
    return (0..<rows).map { row in
      let own = outputs + row * width
      return Int32((0..<width).max { own[$0] < own[$1] } ?? 0)
    }
  }

  func isEqual(to other: any OutputHead) -> Bool { (other as? Self) == self }
}

/// What becomes of a row of outputs, as other systems see it.
package enum HeadFunction: Sendable, Hashable {
  case identity
  /// Probabilities of classes.
  case softmax
  /// Something that others don't have, as a message names it: `ordinal regression`.
  case special(String)
}

/// How a block of rows is scored.
package struct LossTerms {
  /// What a row counts in the mean loss.
  package let scale: Float
  /// The fraction of a target that is spread evenly over all classes, in gradients.
  package let smoothing: Double
  package let kernels: InstructionSet
  /// The head's own weights (``OutputHead/tensors``), one after the other.
  package let weights: UnsafePointer<Float>
  /// Where their gradient is added to; nil if no gradient is asked for, that of the outputs neither.
  package let gradient: UnsafeMutablePointer<Float>?
}

/// What a loss is counted in, and how it is written.
package struct LossUnit: Sendable, Hashable {
  package let name: String
  /// Digits after the point in a table, and in a sentence.
  package let digits: (table: Int, sentence: Int)
  /// What the loss is a mean over: nothing that is named, whatever a step is called, a step in any case, or a symbol of a target.
  package let per: Per
  /// Whether it is in nats of a choice among classes, which may be said in bits and as a perplexity, too.
  package let isOfClasses: Bool

  package enum Per: Sendable { case nothing, namedStep, step, symbol }

  package init(_ name: String, digits: (table: Int, sentence: Int), per: Per, isOfClasses: Bool = false) {
    self.name = name
    self.digits = digits
    self.per = per
    self.isOfClasses = isOfClasses
  }

  package static func == (left: LossUnit, right: LossUnit) -> Bool {
    left.name == right.name && left.digits == right.digits && left.per == right.per && left.isOfClasses == right.isOfClasses
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension Architecture {
  /// What a network gives at each step, or for each sequence, and the loss that training makes small.
  public struct Output: Sendable, Hashable {
    package let head: any OutputHead

    package init(_ head: any OutputHead) { self.head = head }

    /// One of a number of classes; softmax cross-entropy. Nil: one of the symbols that the network reads.
    public static func classes(_ count: Int?) -> Output { Output(ClassesHead(classes: count)) }

    /// A number of values; mean squared error.
    public static func values(_ count: Int) -> Output { Output(ValuesHead(values: count)) }

    /// A number of future values, each as a distribution; the negative log-likelihood, or what stands in for it.
    public static func distribution(_ distribution: Distribution, targets: Int) -> Output {
      Output(DistributionHead(distribution, targets: targets))
    }

    /// What the last layer gives, as it is: no weights stand above it. Mean squared error.
    public static let lastLayer = Output(LastLayerHead())

    /// One of the symbols that the network reads: the next one, in a language model.
    public static let categorical = Output.classes(nil)

    public static func == (left: Output, right: Output) -> Bool { left.head.isEqual(to: right.head) }

    public func hash(into hasher: inout Hasher) { head.hash(into: &hasher) }
  }

  /// Whether the network gives probabilities of classes.
  package var givesClasses: Bool { output.head.givesClasses }

  /// Whether a sequence has to be there whole before anything is known of its first step's output, or of its loss.
  package var needsWholeSequences: Bool { readsInReverse || output.head.scoresSequences }

  /// The numbers of a row that the network gives; 0 if its layers can't be built, or nothing says how many there are.
  package var outputWidth: Int {
    let head = (try? output.head.resolved(reading: input.encoding)) ?? output.head
    return head.outputs ?? (head.isLinear ? 0 : (try? topWidth()) ?? 0)
  }

  /// The numbers of a row's target: as many as the network gives, unless it gives distributions.
  package var targetWidth: Int { output.head.targets(of: outputWidth) }

  /// The rows that the network gives, and of targets: one for each step, or, if it reads out sequences, for each sequence.
  package func outputRows(_ lengths: PackedLengths) -> Int { readout == .everyStep ? lengths.rows : lengths.batch }
}
