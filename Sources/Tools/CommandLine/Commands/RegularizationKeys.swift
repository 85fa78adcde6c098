import CellCompiler
import CellLanguage
import CommandKit
import Networks
import Support

/// The options of what training does so that less is learnt by heart.
struct RegularizationKeys: Sendable {
  let dropout: Key<Double>
  let inputDropout: Key<Double>
  let variational: Key<Bool>
  let recurrentDropout: Key<Double>
  let zoneout: Key<ZoneoutShares>
  let weightDrop: Key<Double>
  let embeddingDropout: Key<Double>
  let weightDecay: Key<Double?>
  let activationPenalty: Key<Double>
  let temporalPenalty: Key<Double>
  let labelSmoothing: Key<Double>

  /// - Parameters:
  ///   - small: what some kinds of dropout are of small data, for the help.
  ///   - recurrent: what recurrent dropout is if nobody says it, where that depends on something else.
  init(_ declare: inout Declaration, small: Regularization = .init(), recurrent: String? = nil) {
    func share(_ name: String, _ words: String, small: Double = 0, shown: String? = nil) -> Key<Double> {
      declare.number(
        name, in: .range(0, below: 1), default: 0, shown: shown ?? (small > 0 ? "0; \(short(small)) of few steps" : nil), words)
    }
    func weight(_ name: String, _ words: String) -> Key<Double> {
      declare.number(name, in: .notNegative, default: 0, words)
    }
    dropout = share("--dropout", "share of each layer's outputs set to 0 in training", small: small.dropout)
    inputDropout = share("--input-dropout", "share of what the first layer reads set to 0 in training", small: small.inputDropout)
    variational = declare.flag(
      "--variational", "let --dropout and --input-dropout set the same elements to 0 at all steps of a sequence")
    recurrentDropout = share(
      "--recurrent-dropout", "share of the states set to 0 where matrices read them, the same at all steps of a sequence",
      small: small.recurrentDropout, shown: recurrent)
    zoneout = declare.zoneout()
    weightDrop = share("--weight-drop", "share of the recurrent matrices' weights set to 0 for each batch")
    embeddingDropout = share("--embedding-dropout", "share of the symbols whose learned vectors are 0 throughout a batch")
    weightDecay = declare.number(
      "--weight-decay", in: .notNegative,
      "share of itself, times the learning rate, that each weight of a matrix loses at each iteration (default: 0.01 with adamw, else 0)"
    )
    activationPenalty = weight("--activation-penalty", "what the mean square of the last layer's outputs counts beside the loss")
    temporalPenalty = weight(
      "--temporal-penalty", "what the mean square of their changes from step to step counts beside the loss")
    labelSmoothing = share("--label-smoothing", "share of each target that all classes get alike in training")
  }

  /// - Parameter customary: what the data ask for: its three kinds of dropout hold as far as none is given that says otherwise, each by
  ///   itself, and masks stay the same at all steps, as it says, unless both kinds that this is about are given.
  /// - Throws: ``RecurrentError`` if the cell has nothing of what is to be dropped.
  func value(_ invocation: Invocation, for cell: Cell, customary: Regularization = .init()) throws -> Regularization {
    for key in [recurrentDropout, weightDrop] where invocation[key] > 0 && !cell.hasRecurrentMatrices {
      throw RecurrentError(.usage, 
        "\(key.name) can't be used with \(cell.name), none of whose matrices reads what the step before left: leave it out")
    }
    func isOpen(_ key: Key<Double>) -> Bool { invocation.values[key.name] == nil }
    let shares = (
      output: isOpen(dropout) ? customary.dropout : invocation[dropout],
      input: isOpen(inputDropout) ? customary.inputDropout : invocation[inputDropout]
    )
    if invocation[variational] && shares.output == 0 && shares.input == 0 {
      throw RecurrentError(.usage, "--variational says how --dropout or --input-dropout works: give one of them too")
    }
    let hasStates = customary.recurrentDropout > 0 && isOpen(recurrentDropout) && cell.hasRecurrentMatrices
    return Regularization(
      dropout: shares.output, inputDropout: shares.input,
      isVariational: invocation[variational] || customary.isVariational && (isOpen(dropout) || isOpen(inputDropout)),
      recurrentDropout: hasStates ? customary.recurrentDropout : invocation[recurrentDropout], weightDrop: invocation[weightDrop],
      embeddingDropout: invocation[embeddingDropout], weightDecay: invocation[weightDecay] ?? 0,
      activationPenalty: invocation[activationPenalty], temporalPenalty: invocation[temporalPenalty],
      labelSmoothing: invocation[labelSmoothing])
  }

  /// The options of dropout that a training has and nobody gave.
  func unasked(_ regularization: Regularization, _ invocation: Invocation) -> [String] {
    [
      (dropout.name, regularization.dropout), (inputDropout.name, regularization.inputDropout),
      (recurrentDropout.name, regularization.recurrentDropout),
    ].filter { invocation.values[$0.0] == nil && $0.1 > 0 }.map { "\($0.0) \(short($0.1))" }
  }

  /// The cell with the zoneout that is asked for.
  ///
  /// - Throws: ``RecurrentError`` if it has no such state.
  func zoned(_ cell: Cell, _ invocation: Invocation) throws -> Cell {
    let states = cell.states.map(\.name)
    switch invocation[zoneout] {
    case .none: return cell
    case .all(let share): return cell.zoningOut(Dictionary(uniqueKeysWithValues: states.map { ($0, share) }))
    case .some(let shares):
      if let other = shares.keys.sorted().first(where: { !states.contains($0) }) {
        let has = states.count == 1 ? "its state is \(states[0])" : "its states are \(states.joined(separator: ", "))"
        throw RecurrentError(.usage, "--zoneout names \(other), which is no state of \(cell.name): \(has)")
      }
      return cell.zoningOut(shares)
    }
  }
}

/// What each state keeps of itself from step to step, as `--zoneout` has it.
enum ZoneoutShares: Sendable, Hashable {
  /// As the cell says.
  case none
  case all(Double)
  case some([String: Double])

  /// `0.1`, or `c=0.5,h=0.05`; nil if the text is none such or gives a state twice.
  init?(_ text: String) {
    let bounds = Bounds.range(0, below: 1)
    if let share = decimalNumber(text, bounds) {
      self = .all(share)
      return
    }
    var shares: [String: Double] = [:]
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = item.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, let share = decimalNumber(parts[1], bounds),
        shares.updateValue(share, forKey: parts[0]) == nil
      else { return nil }
    }
    self = .some(shares)
  }
}

extension Declaration {
  fileprivate mutating func zoneout() -> Key<ZoneoutShares> {
    add(
      "--zoneout", "X", "share of each state's units that keep their value at a step of training; by state: c=0.5,h=0.05",
      expected: "a number of at least 0 and below 1, or such numbers by state, as in c=0.5,h=0.05", standard: .none, shown: nil
    ) { ZoneoutShares($0) }
  }
}

extension Cell {
  /// Whether a matrix is multiplied with what depends on the step before.
  var hasRecurrentMatrices: Bool {
    guard let dimensions = try? dimensions(inputs: 1, units: 1) else { return true }
    return compile(self, dimensions: dimensions).products.contains { $0.stage != nil }
  }
}
