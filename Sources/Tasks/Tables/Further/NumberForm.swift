/// How a file has the numbers of steps, and in which order a network reads them: first those that the first layer reads, then those
/// that cells read as inputs of their own.
package protocol NumberForm {
  /// The names of the numbers of a step as files have them; those of ``further`` stand last.
  var stepNames: [String] { get }
  /// What is done about missing numbers.
  var missing: MissingPolicy { get }
  /// What cells may read beside the numbers of a step; nil for nothing.
  var further: FurtherColumns? { get set }
}

extension NumberForm {
  /// Notes what cells read as inputs of their own.
  package mutating func read(by inputs: [FurtherInput]) {
    if further == nil, inputs.isEmpty { return }
    var columns = further ?? FurtherColumns()
    columns.inputs = inputs
    further = columns
  }

  /// The numbers of a step without those of further columns.
  private var ownWidth: Int { stepNames.count - (further?.count ?? 0) }
  /// Whether the first layer reads which numbers are there.
  private var readsPresence: Bool { missing == .mask && further?.gives(.presence) != true }
  /// Whether it reads the time since the row before.
  private var readsElapsed: Bool {
    further.map { $0.elapsed != nil && !$0.gives(.elapsed) && !$0.gives(.ages) } ?? false
  }
  /// The constants that it reads.
  private var readConstants: [String] { further.map { $0.gives(.constants) ? [] : $0.constants } ?? [] }

  /// The names of the numbers that the first layer reads.
  package var featureNames: [String] {
    let own = Array(stepNames.prefix(ownWidth))
    return own + (readsPresence ? own.map { $0 + ", whether it is there" } : [])
      + (readsElapsed ? ["time since the row before"] : [])
      + readConstants
  }

  /// How the numbers that the first layer reads are scaled.
  package func featureScaling(_ scaling: [Scaling]) -> [Scaling] {
    let (own, others) = (Array(scaling.prefix(ownWidth)), scaling.dropFirst(ownWidth))
    var all = own
    if readsPresence { all += own.map { _ in .identity } }
    if readsElapsed { all += others.prefix(1) }
    return all + Array(others.suffix(readConstants.count))
  }

  /// What cells read by name, with the numbers of each.
  package var vectors: [(name: String, width: Int)] {
    let features = featureNames.count
    return (further?.inputs ?? []).map { input in
      let width =
        switch input {
        case .presence, .ages: features
        case .elapsed: 1
        case .constants: further?.constants.count ?? 0
        }
      return (input.rawValue, width)
    }
  }

  /// All numbers that a network reads at a step.
  package var inputWidth: Int { vectors.reduce(featureNames.count) { $0 + $1.width } }

  /// How the numbers of a step are scaled: their mean becomes 0 and their deviation 1; of times the mean becomes 1.
  ///
  /// - Parameter values: those of one number of each step, by its place.
  package func scaling<Values: Sequence<Double>>(_ values: (Int) -> Values) -> [Scaling] {
    stepNames.indices.map { place in
      guard place == ownWidth, further?.elapsed != nil else { return Scaling(of: values(place)) }
      return Scaling(ofTimes: values(place))
    }
  }

  /// What a network reads of a sequence's numbers, `[T, stepNames]`, as `[T, inputWidth]`: in place of missing ones the mean of all.
  package func features(_ numbers: [Double], _ scaling: [Scaling]) -> [Float] {
    var ages = StepAges()
    return features(numbers, scaling, &ages)
  }

  /// What a network reads of a part of a sequence.
  ///
  /// - Parameter ages: how long ago each number was there at the end of the part before.
  package func features(_ numbers: [Double], _ scaling: [Scaling], _ ages: inout StepAges) -> [Float] {
    let (all, own) = (stepNames.count, ownWidth)
    func scaled(_ place: Int) -> Float { numbers[place].isNaN ? 0 : Float(scaling[place % all].scaled(numbers[place])) }
    guard readsPresence || further != nil else { return numbers.indices.map(scaled) }
    var rows: [Float] = []
    rows.reserveCapacity(numbers.count / all * inputWidth)
    for start in stride(from: 0, to: numbers.count, by: all) {
      let isThere = numbers[start..<start + own].map { !$0.isNaN }
      rows += (start..<start + own).map(scaled)
      let presence = isThere.map { $0 ? 1 : 0 as Float }
      if readsPresence { rows += presence }
      guard let further else { continue }
      let elapsed = further.elapsed == nil ? 0 : scaled(start + own)
      let constants = (start + all - further.constants.count..<start + all).map(scaled)
      if readsElapsed { rows.append(elapsed) }
      if !readConstants.isEmpty { rows += constants }
      // What is no number of the file is always there.
      let others = featureNames.count - own
      for input in further.inputs {
        switch input {
        case .presence: rows += presence + Array(repeating: 1, count: others)
        case .elapsed: rows.append(elapsed)
        case .ages: rows += ages.next(elapsed, own) + Array(repeating: elapsed, count: others)
        case .constants: rows += constants
        }
      }
      ages.note(isThere)
    }
    return rows
  }
}

/// How long ago each number of a step was there.
package struct StepAges: Sendable {
  private var ages: [Float] = []

  package init() {}

  /// The ages at the next step, for a time since the step before.
  fileprivate mutating func next(_ elapsed: Float, _ width: Int) -> [Float] {
    ages = ages.isEmpty ? Array(repeating: elapsed, count: width) : ages.map { $0 + elapsed }
    return ages
  }

  /// Takes in which numbers are there at that step.
  fileprivate mutating func note(_ isThere: [Bool]) {
    for place in ages.indices where isThere[place] { ages[place] = 0 }
  }
}
