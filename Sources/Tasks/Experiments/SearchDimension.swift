import Platform
package import Support
public import TaskKit

/// A number of a recipe that a search varies, and the range of its values; or a setting with some values to try.
///
///     let dimensions: [SearchDimension<ProblemTask>] = [.learningRate(0.001...0.1), .units(8...64)]
public struct SearchDimension<Task: LearningTask>: Sendable {
  /// How numbers are drawn from a range.
  public enum Scale: Sendable, Hashable {
    /// All numbers are equally likely.
    case even
    /// The logarithms of the numbers are equally likely; the range must lie above 0.
    case logarithmic
  }

  /// Where a recipe keeps the number.
  private enum Place: Sendable {
    case number(any WritableKeyPath<Recipe<Task>, Double?> & Sendable)
    case integer(any WritableKeyPath<Recipe<Task>, Int?> & Sendable)
    /// Texts, of which the first stands for what training chooses by itself; the number is a text's place in the list.
    case choice([String], set: @Sendable (String, inout Recipe<Task>) -> Void)
  }

  /// The setting that is varied.
  package let setting: Setting
  /// The title of its column in tables.
  package let title: String
  package let range: ClosedRange<Double>
  package let scale: Scale
  private let place: Place

  /// The name of the setting in files: `learning_rate`.
  package var key: String { setting.key }

  private init(_ name: String, _ title: String?, _ place: Place, _ range: ClosedRange<Double>, _ scale: Scale) {
    setting = Setting(name)
    self.title = title ?? name
    self.range = range
    self.scale = scale
    self.place = place
  }

  /// Varies a number: to two digits on a logarithmic scale, and in hundredths on an even one.
  ///
  /// - Parameters:
  ///   - name: the name of the setting, in lower case with hyphens: `recurrent-dropout`.
  ///   - path: of the number in a recipe.
  ///   - title: of its column in tables; nil for the name.
  public static func number(
    _ name: String, _ path: any WritableKeyPath<Recipe<Task>, Double?> & Sendable, in range: ClosedRange<Double>,
    scale: Scale = .even, title: String? = nil
  ) -> SearchDimension {
    SearchDimension(name, title, .number(path), range, scale)
  }

  /// Varies a whole number.
  ///
  /// - Parameters:
  ///   - name: the name of the setting, in lower case with hyphens: `warmup`.
  ///   - path: of the number in a recipe.
  ///   - title: of its column in tables; nil for the name.
  public static func integer(
    _ name: String, _ path: any WritableKeyPath<Recipe<Task>, Int?> & Sendable, in range: ClosedRange<Int>,
    scale: Scale = .even, title: String? = nil
  ) -> SearchDimension {
    SearchDimension(name, title, .integer(path), Double(range.lowerBound)...Double(range.upperBound), scale)
  }

  /// Varies the learning rate, on a logarithmic scale.
  public static func learningRate(_ range: ClosedRange<Double>) -> SearchDimension {
    number("learning-rate", \.training.learningRate, in: range, scale: .logarithmic, title: "rate")
  }

  /// Varies the units in each layer, on a logarithmic scale.
  public static func units(_ range: ClosedRange<Int>) -> SearchDimension {
    integer("units", \.network.units, in: range, scale: .logarithmic)
  }

  /// Varies the number of layers.
  public static func layers(_ range: ClosedRange<Int>) -> SearchDimension {
    integer("layers", \.network.layers, in: range)
  }

  /// Varies the dropout of each layer's outputs.
  public static func dropout(_ range: ClosedRange<Double>) -> SearchDimension {
    number("dropout", \.training.regularization.dropout, in: range)
  }
}

extension SearchDimension where Task: TrainableTask {
  /// Varies a setting that the recipe leaves open.
  ///
  /// - Parameter chosen: the recipe with all that training chooses by itself.
  init?(_ choice: SearchedChoice, beside chosen: Recipe<Task>) {
    let field = Recipe<Task>.field(choice.name)
    guard let own = field.transfer?.shown(chosen) else { return nil }
    let texts = [own] + choice.values.filter { $0 != own }
    let place = Place.choice(texts) { text, recipe in
      let isTaken = (try? field.set(text, &recipe)) ?? false
      ensure(isTaken, "the setting \(choice.name) takes no \(text), which is to be searched")
    }
    self.init(choice.name, nil, place, 0...Double(texts.count - 1), .even)
  }
}

extension SearchDimension {
  /// Whether it varies a setting that is no number.
  package var isChoice: Bool { if case .choice = place { true } else { false } }

  /// The value that a trial gives a setting that is no number; nil if training chooses it, or if it is a number.
  package func chosenText(_ settings: TrialSettings) -> String? {
    guard case .choice(let texts, _) = place, let number = settings[key], number > 0 else { return nil }
    return texts[Int(number)]
  }

  /// - Throws: ``RecurrentError`` if the range is not one for the scale.
  func check() throws(RecurrentError) {
    if scale == .logarithmic, range.lowerBound <= 0 {
      throw RecurrentError(
        .usage,
        naming: "\(setting) is searched from \(short(range.lowerBound)) on a logarithmic scale, which begins above 0")
    }
  }

  /// Draws a number within the range.
  func draw(_ random: inout Random) -> Double {
    switch (place, scale) {
    case (.integer, .even), (.choice, _):
      return Double(random.integer(in: Int(range.lowerBound)..<Int(range.upperBound) + 1))
    case (.integer, .logarithmic): return nearest(to: even(random.uniform()).rounded())
    case (.number, .even):
      let number = range.lowerBound + random.uniform() * (range.upperBound - range.lowerBound)
      return nearest(to: (number * 100).rounded() / 100)
    case (.number, .logarithmic): return nearest(to: twoDigits(even(random.uniform())))
    }
  }

  /// The number of the range that is nearest to another one.
  func nearest(to number: Double) -> Double { min(max(number, range.lowerBound), range.upperBound) }

  /// The number at that fraction of the range on a logarithmic scale.
  private func even(_ fraction: Double) -> Double {
    exp(log(range.lowerBound) + fraction * (log(range.upperBound) - log(range.lowerBound)))
  }

  /// The number rounded to two digits: 0.00213 and 0.0021 make no difference to what is learned.
  private func twoDigits(_ number: Double) -> Double {
    let scale = pow(10, 1 - log10(number).rounded(.down))
    return (number * scale).rounded() / scale
  }

  /// The number in a recipe.
  func value(in recipe: Recipe<Task>) -> Double? {
    switch place {
    case .number(let path): recipe[keyPath: path]
    case .integer(let path): recipe[keyPath: path].map(Double.init)
    case .choice: 0
    }
  }

  /// Sets the number in a recipe, or removes it. What training chooses by itself is left open.
  func set(_ number: Double?, in recipe: inout Recipe<Task>) {
    switch place {
    case .number(let path): recipe[keyPath: path] = number
    case .integer(let path): recipe[keyPath: path] = number.map { Int($0) }
    case .choice(let texts, let set): if let number, number > 0 { set(texts[Int(number)], &recipe) }
    }
  }

  /// The number of a trial as a text: `0.002`, `128`.
  package func text(_ settings: TrialSettings) -> String {
    let number = settings[key] ?? range.lowerBound
    if case .choice(let texts, _) = place { return texts[Int(number)] }
    return short(number)
  }

  /// The setting and its range: `units 16...128`.
  var description: String { "\(key) \(short(range.lowerBound))...\(short(range.upperBound))" }
}
