import CellCompiler
import Engine
import Sequences
package import Support

/// What is known of each sequence before its first step: a vector that is given, or what an encoder reads of a source.
package struct ContextNode: NetworkNode {
  private let context: Architecture.Context
  /// The encoder, compiled, without weights; nil of a vector that is given.
  package let encoder: Network?
  package let width: Int

  /// The numbers that the encoder's last layer gives at each step of a source; nil of a vector that is given.
  var stepWidth: Int? { encoder.map { $0.graph.edges[$0.graph.top].width } }

  static let prefix = "encoder."

  /// - Throws: ``RecurrentError`` if the encoder can't be built.
  init(_ context: Architecture.Context) throws {
    self.context = context
    encoder = try context.encoder.map { try Network($0) { [Float](repeating: 0, count: $0.count) } }
    width = if case .vector(let count) = context.origin { count } else { encoder?.architecture.outputWidth ?? 0 }
  }

  package var name: String { "the context" }
  package var reads: [Int] { [] }

  package var tensors: [WeightTensor] {
    (encoder?.graph.tensors ?? []).map { WeightTensor(Self.prefix + $0.name, $0.axes, isFixed: $0.isFixed) }
  }

  package func initialWeights(isTied: Bool, using random: inout Random) -> [Float] { encoder?.initialParameters(&random) ?? [] }

  package func runner(_ parts: RunnerParts) -> any NodeRunner { ContextRunner(encoder.map(parts.nested), parts) }

  package func stream(_ stream: StreamParts) throws(RecurrentError) -> StreamNode { ContextStream(stream) }

  /// - Throws: ``RecurrentError`` if the sources of a batch are not what the context is made of, or not those of its sequences.
  func check(_ source: Batch.Source?, of lengths: PackedLengths) throws(RecurrentError) {
    guard let source else {
      throw RecurrentError(.shape, "the network begins with \(context.summary), and the batch has no sources: give it those")
    }
    guard source.lengths.shards == lengths.shards, source.lengths.numbers.sorted() == lengths.numbers.sorted() else {
      throw RecurrentError(
        .shape, "the numbers of the batch's sources are not those of its sequences: each sequence needs one source")
    }
    if let empty = source.lengths.perSequence.firstIndex(of: 0) {
      throw RecurrentError(
        .shape, "the source of sequence \(source.lengths.numbers[empty]) has no steps; it must have at least one")
    }
    if let encoder { return try encoder.check(source.inputs, source.lengths, readBy: "the encoder's input") }
    if let long = source.lengths.perSequence.firstIndex(where: { $0 > 1 }) {
      throw RecurrentError(
        .shape,
        "the source of sequence \(source.lengths.numbers[long]) has \(source.lengths.perSequence[long]) steps, and the network begins with "
          + "\(context.summary): give it one step")
    }
    guard let numbers = source.inputs.numbers, numbers.count == lengths.batch * width else {
      throw RecurrentError(
        .shape,
        "the network begins with \(context.summary), and the batch has "
          + (source.inputs.numbers.map { "\($0.count) numbers for \(lengths.batch) sequences" } ?? "no numbers in its sources"))
    }
  }
}

/// Gives what is known of each sequence of a batch, in the order of the sequences.
package final class ContextRunner: NodeRunner {
  package let span = NetworkGraph.Span.start
  private let runner: NetworkRunner?
  private let output: EdgeRows
  private let weights: Range<Int>
  private var run: BatchRun?
  /// The place among the batch's sequences of the one that each source belongs to.
  private(set) var places: [Int] = []
  /// The gradient of what the encoder gives at each step, where layers read that.
  private var memory: EdgeRows?
  private var values = FloatBuffer(count: 0)
  /// Receives the gradient of the vectors that the encoder's first layer reads at all steps of the sources, or of the vectors that are given, packed
  /// rows of the sources; it then does not go on into weights. Nil for nothing.
  var sourceGradient: UnsafeMutablePointer<Float>? { didSet { output.takesGradient = runner != nil || sourceGradient != nil } }

  init(_ runner: NetworkRunner?, _ parts: RunnerParts) {
    self.runner = runner
    output = parts.output
    weights = parts.weights
    output.takesGradient = runner != nil
  }

  package func load(_ weights: UnsafePointer<Float>) {
    runner?.load(Array(UnsafeBufferPointer(start: weights + self.weights.lowerBound, count: self.weights.count)))
  }

  package func begin(_ run: BatchRun) {
    self.run = run
    let ofNumber = Dictionary(uniqueKeysWithValues: run.lengths.numbers.enumerated().map { ($1, $0) })
    places = source.lengths.numbers.map { number in
      found(ofNumber[number], orFail: "a source has the number \(number), which no sequence of the batch has")
    }
  }

  var source: Batch.Source {
    found(run?.inputs.source, orFail: "a batch without sources came to a network that begins with them")
  }

  /// The seed of what is drawn for the sources: a stream of its own, since steps and layers have the numbers that those of the sequences have.
  var seed: UInt64? {
    run?.seed.map { seed in
      var random = Random(.encoder, seed: seed)
      return random.next()
    }
  }

  /// What the encoder's last layer gives at each step of the sources, packed rows, after a forward run.
  var steps: UnsafePointer<Float> {
    found(runner, orFail: "a vector was given in the place of a source, and its steps are asked for").graph.top.values
  }

  /// Keeps what the encoder gives at each step, whose gradient comes along an edge.
  func keepSteps(gradientOf edge: EdgeRows) {
    memory = edge
    guard let runner else { return }
    runner.keepsAllSteps = true
    runner.graph.top.writers += 1
  }

  package func forward(_ segment: Segment) {
    let (source, width) = (source, output.width)
    values = values.grown(to: places.count * width)
    func write(_ rows: UnsafePointer<Float>) {
      for (row, place) in places.enumerated() { (values.base + place * width).update(from: rows + row * width, count: width) }
    }
    if let runner {
      do throws(RecurrentError) {
        write(
          try runner.outputsToPullBack(
            source.inputs, lengths: source.lengths, carriesStates: false, seed: seed, keeping: segment.keeping,
            whole: run?.whole?.ofSources))
      } catch {
        fatalError("the sources of a batch are none that the encoder reads: \(error)")
      }
    } else {
      source.inputs.numbers?.withUnsafeBufferPointer { numbers in if let base = numbers.baseAddress { write(base) } }
    }
    output.values = UnsafePointer(values.base)
  }

  package func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    if runner == nil && sourceGradient == nil { return }
    let (gradient, width) = (output.gradient(rows: places.count), output.width)
    let ordered = FloatBuffer(count: places.count * width)
    for (row, place) in places.enumerated() { (ordered.base + row * width).update(from: gradient + place * width, count: width) }
    guard let runner else {
      sourceGradient?.update(from: ordered.base, count: places.count * width)
      return
    }
    let ofSteps = memory.map { UnsafePointer($0.gradient(rows: source.lengths.rows)) }
    runner.backpropagate(
      ordered.base, steps: ofSteps, to: gradients + weights.lowerBound, inputGradient: sourceGradient,
      whole: run?.whole?.ofSources)
  }

  package func finishWhole(_ gradients: UnsafeMutablePointer<Float>) {
    guard let runner else { return }
    for node in runner.graph.nodes.reversed() { node.finishWhole(gradients + weights.lowerBound) }
  }

  /// Sets how many rows a segment of the sources has at least (``NetworkRunner/segmentRows``).
  func setSegmentRows(_ rows: Int) { runner?.segmentRows = rows }

  /// What the encoder sums up over a batch before a gradient follows from it.
  var sumCount: Int { runner?.sumCount ?? 0 }
  func addSums(to sums: UnsafeMutablePointer<Float>) { runner?.addSums(to: sums) }
  func finish(_ gradients: UnsafeMutablePointer<Float>, from sums: UnsafePointer<Float>) {
    runner?.graph.input.finish(gradients + weights.lowerBound, from: sums)
  }

  package func plannedBytes(_ plan: MemoryPlan) -> Int {
    let own = 4 * plan.sequences * output.width
    guard let runner, let source = plan.inputs?.source else { return own }
    return own + runner.plannedMemory(source.lengths, reading: source.inputs).bytes
  }

  package var allocatedBytes: Int {
    guard let runner else { return 4 * values.count }
    return 4 * values.count + runner.allocatedBytes + runner.starts.count * runner.startBytes(sequences: runner.lengths.batch)
  }

  /// Looks for the first quantity of the encoder that is not finite; nil if all are, or nothing is encoded.
  func divergence() throws(RecurrentError) -> String? {
    try runner?.notFinite(inLayersOn: source.inputs, source.lengths, continues: false, seed: seed).map { "of the encoder, \($0)" }
  }
}

extension Network {
  /// The network that reads sources, with its weights; nil if this one begins with none.
  package var encoder: Network? {
    guard var encoder = graph.context?.encoder else { return nil }
    encoder.parameters = layout.entries.filter { $0.name.hasPrefix(ContextNode.prefix) }.flatMap { Array(parameters[$0.range]) }
    return encoder
  }
}
