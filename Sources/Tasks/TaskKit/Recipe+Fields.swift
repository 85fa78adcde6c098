import Engine
import Networks
package import Support
import Training

extension Recipe where Task: TrainableTask {
  /// All settings: those of the task first, then those that all tasks have in common.
  package static var fields: [SettingField<Recipe>] { Task.fields + Task.defaults.fields() }

  /// The setting of that name, which must be one of the task's.
  package static func field(_ name: String) -> SettingField<Recipe> {
    guard let field = fields.first(where: { $0.setting.name == name }) else {
      fatalError("there is no setting \(name) of the task \(Task.kind)")
    }
    return field
  }

  /// The whole numbers that a setting takes; its values must be whole numbers.
  package static func wholeNumbers(of name: String) -> ClosedRange<Int> {
    guard case .whole(let range, _) = field(name).numbers else { fatalError("the setting \(name) takes no whole numbers") }
    return range
  }

  /// The numbers that a setting takes; its values must be numbers.
  package static func numbers(of name: String) -> Bounds {
    guard case .decimal(let bounds, _) = field(name).numbers else { fatalError("the setting \(name) takes no numbers") }
    return bounds
  }
}

extension TaskDefaults {
  /// The settings of the network and of how it is trained, with these defaults in their help.
  fileprivate func fields<Task: LearningTask>() -> [SettingField<Recipe<Task>>] {
    networkFields().map { $0.within(\Recipe<Task>.network) } + trainingFields().map { $0.within(\Recipe<Task>.training) }
      + regularizationFields().map { $0.within(\Recipe<Task>.training.regularization) }
      + [zoneout.within(\Recipe<Task>.network)]
  }

  private func networkFields() -> [SettingField<NetworkSettings>] {
    var fields: [SettingField<NetworkSettings>] = [
      .text(
        "from", "MODEL", \.from,
        "start from the weights of a model, a file or the folder of a run; what is not asked for is as it is there"),
      .cell("cell", \.cell, default: Sentence(cell), "a cell of the library, or a .cell file with equations of your own"),
      layers,
      .integer(
        "units", \.units, in: 1...65_536, default: small.map { "\(units); \($0.units) of few steps" as Sentence } ?? "\(units)",
        "units in each layer"),
      .value(
        Setting("size"), "P=N", \.sizes, "the value of a size that the cell's equations name; several are written P=N,Q=N",
        expected: "sizes such as P=64 or P=64,Q=32", takes: { $0.values.allSatisfy { $0 >= 1 } }, shows: texts, read: namedSizes),
      .flag("learn-states", \.learnsInitialStates, "learn the states before the first step, which are zero otherwise"),
    ]
    if let isBidirectional {
      fields.append(
        isBidirectional
          ? .flag(
            "forward", \.isBidirectional, gives: false,
            "read each sequence from its beginning only, and not from its end, too")
          : .flag(
            "bidirectional", \.isBidirectional,
            "read each sequence from its end, too, with weights of their own for that direction"))
      fields.append(
        .choice("merge", \.merge, "what a bidirectional layer makes of its two directions (default: concatenate)"))
    }
    return fields
  }

  /// A number of layers that are alike, or a page of equations for networks.
  private var layers: SettingField<NetworkSettings> {
    let counts = 1...64
    return SettingField(
      Setting("layers"), "N",
      "recurrent layers, one above the other; or what each reads, as equations: \"a = gru(x); y = x + a\", or a file of these, block.network",
      default: "1", expected: "\(expectation(counts)), or a network such as \"y = x + gru(x)\" or a file block.network",
      numbers: .whole(counts) { $1.choice = LayerChoice(count: $0) }, isSet: { $0.choice != LayerChoice() },
      refused: { network in network.layers.flatMap { counts.contains($0) ? nil : "\($0)" } },
      transfer: .init(
        isSaid: { $0.choice != LayerChoice() }, shown: { $0.choice.text }, agrees: { $0.choice == $1.choice },
        copy: { $1.choice = $0.choice })
    ) { text, network in
      guard let count = wholeNumber(text, in: Int.min...Int.max) else {
        network.choice = LayerChoice(page: try NetworkText(argument: text))
        return true
      }
      guard counts.contains(count) else { return false }
      network.choice = LayerChoice(count: count)
      return true
    }
  }

  private func trainingFields() -> [SettingField<TrainingSettings>] {
    var fields: [SettingField<TrainingSettings>] = [
      .integer("batch", \.batch, in: 1...65_536, default: "\(batch)", "sequences that are trained on at once"),
      .integer(
        "iterations", \.iterations, in: 1...TrainingSettings.mostIterations,
        "how often the weights change (default: \(iterations))"),
      .choice("optimizer", \.optimizer, default: .adam, "how a gradient changes the weights"),
      .number("momentum", \.momentum, in: .range(0, below: 1), default: "0.9", "of sgd"),
      .number("learning-rate", \.learningRate, in: .positive, default: Sentence(short(learningRate)), "how large a step is"),
      .choice("schedule", \.schedule, default: .constant, "how the learning rate goes on"),
      .integer(
        "warmup", \.warmup, in: 0...1_000_000_000, default: "0",
        "iterations in which the learning rate rises to the full one"),
      .number("clip", \.clip, in: .notNegative, default: Sentence(short(clip)), "largest norm of the gradient; 0 for no limit"),
      .integer(
        "validate-every", \.validateEvery, in: 1...1_000_000_000,
        "iterations from one validation to the next (default: \(validateEvery))"),
      .integer(
        "patience", \.patience, in: 0...1_000_000, default: "\(patience)",
        "stop after this many validations without a better one; 0 to go on to the end"),
      .flag(
        "checkpoint-gradients", \.checkpointsGradients,
        "keep few steps of long sequences and run the others again: less memory, a third slower, the same weights"),
      .flag(
        "watch-gradients", \.watchesGradients,
        "log at each validation how far gradients reach back and how many gates are closed or open"),
      .list(
        "freeze", "PARTS", \.freeze,
        "parts of the network whose weights stay as they are, with commas between them: embedding, spelling, layer1, layer2, …, head"
      ),
      .integer("seed", \.seed, in: 0...Int.max, default: "0", "the same seed gives the same weights"),
      .integer(
        "shards", \.shards, in: 1...TrainingOptions.mostShards, default: "\(PackedLengths.standardShards)",
        "into how many parts a batch is dealt, at least as many as processes train together"),
    ]
    if epochs != nil || epochsHelp != nil { fields.insert(epochsField, at: 2) }
    return fields
  }

  /// The setting of epochs, which is an option of tasks that count by them, and a part of every recipe.
  var epochsField: SettingField<TrainingSettings> {
    .number(
      "epochs", \.epochs, in: .positive, default: epochs.map { Sentence(short($0)) },
      ("how often the data are gone through" as Sentence) + (epochsHelp.map { " (default: \($0))" } ?? ""))
  }

  private func regularizationFields() -> [SettingField<RegularizationSettings>] {
    let few = small?.regularization ?? .init()
    func fraction(
      _ name: String, _ path: SettingField<RegularizationSettings>.Path<Double>, few: Double = 0, shown: Sentence? = nil,
      _ help: Sentence
    ) -> SettingField<RegularizationSettings> {
      .number(
        name, path, in: .range(0, below: 1), default: shown ?? (few > 0 ? "0; \(short(few)) of few steps" : "0"), help)
    }
    func weight(
      _ name: String, _ path: SettingField<RegularizationSettings>.Path<Double>, _ help: Sentence
    ) -> SettingField<RegularizationSettings> {
      .number(name, path, in: .notNegative, default: "0", help)
    }
    return [
      fraction("dropout", \.dropout, few: few.dropout, "fraction of each layer's outputs set to 0 in training"),
      fraction(
        "input-dropout", \.inputDropout, few: few.inputDropout, "fraction of what the first layer reads set to 0 in training"),
      .flag(
        "variational", \.isVariational,
        "let \(Setting("dropout")) and \(Setting("input-dropout")) set the same elements to 0 at all steps of a sequence"),
      fraction(
        "recurrent-dropout", \.recurrentDropout, few: few.recurrentDropout, shown: recurrentDropout,
        "fraction of the states set to 0 where matrices read them, the same at all steps of a sequence"),
      fraction("weight-drop", \.weightDrop, "fraction of the recurrent matrices' weights set to 0 for each batch"),
      fraction(
        "embedding-dropout", \.embeddingDropout, "fraction of the symbols whose learned vectors are 0 throughout a batch"),
      .number(
        "weight-decay", \.weightDecay, in: .notNegative,
        "fraction of itself, times the learning rate, that each weight of a matrix loses at each iteration (default: 0.01 with adamw, else 0)"
      ),
      weight(
        "activation-penalty", \.activationPenalty, "what the mean square of the last layer's outputs counts beside the loss"),
      weight(
        "temporal-penalty", \.temporalPenalty, "what the mean square of their changes from step to step counts beside the loss"),
      fraction("label-smoothing", \.labelSmoothing, "fraction of each target that all classes get alike in training"),
    ]
  }

  private var zoneout: SettingField<NetworkSettings> {
    let bounds = Bounds.range(0, below: 1)
    return .value(
      Setting("zoneout"), "X", \.zoneout,
      "fraction of each state's units that keep their value at a step of training; by state: c=0.5,h=0.05",
      expected: "\(bounds.expectation), or such numbers by state, as in c=0.5,h=0.05",
      takes: { $0.fractions.allSatisfy { bounds.contains($0) } }, shows: { $0.text }, read: { ZoneoutFractions($0) })
  }
}

extension TrainingSettings {
  package static let mostIterations = 1_000_000_000
}

/// Sizes as a text, `C=16,P=64`.
@Sendable private func texts(_ sizes: [String: Int]) -> String {
  sizes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
}

/// The sizes in a text such as `P=64,C=16`; nil if the text has another form or gives a size twice.
@Sendable package func namedSizes(_ text: String) -> [String: Int]? {
  var sizes: [String: Int] = [:]
  for item in text.split(separator: ",", omittingEmptySubsequences: false) {
    let parts = item.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, let value = wholeNumber(parts[1], in: 1...Int.max),
      sizes.updateValue(value, forKey: parts[0]) == nil
    else { return nil }
  }
  return sizes
}
