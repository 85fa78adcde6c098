import Platform
package import Support
public import TaskKit

/// A number of a recipe that a search varies, and the range in which it does.
public struct SearchDimension<Task: LearningTask>: Sendable {
  /// How numbers are spread over a range.
  public enum Scale: Sendable, Hashable {
    /// Any number is as likely as any other.
    case even
    /// Any factor is as likely as any other; the range must lie above 0.
    case logarithmic
  }

  /// Where a recipe keeps the number.
  private enum Place: Sendable {
    case number(any WritableKeyPath<Recipe<Task>, Double?> & Sendable)
    case integer(any WritableKeyPath<Recipe<Task>, Int?> & Sendable)
  }

  /// What is varied, as settings are called.
  package let setting: Setting
  /// What tables call it.
  package let title: String
  package let range: ClosedRange<Double>
  package let scale: Scale
  private let place: Place

  /// The name under which files keep it: `learning_rate`.
  package var key: String { setting.key }

  private init(_ name: String, _ title: String?, _ place: Place, _ range: ClosedRange<Double>, _ scale: Scale) {
    setting = Setting(name)
    self.title = title ?? name
    self.range = range
    self.scale = scale
    self.place = place
  }

  /// A number, drawn to two digits on a logarithmic scale, and in hundredths on an even one.
  ///
  /// - Parameters:
  ///   - name: what is varied, in lower case with hyphens: `recurrent-dropout`.
  ///   - path: where a recipe keeps it.
  ///   - title: what tables call it; nil for its name.
  public static func number(
    _ name: String, _ path: any WritableKeyPath<Recipe<Task>, Double?> & Sendable, in range: ClosedRange<Double>,
    scale: Scale = .even, title: String? = nil
  ) -> SearchDimension {
    SearchDimension(name, title, .number(path), range, scale)
  }

  /// A whole number.
  ///
  /// - Parameters:
  ///   - name: what is varied, in lower case with hyphens: `warmup`.
  ///   - path: where a recipe keeps it.
  ///   - title: what tables call it; nil for its name.
  public static func integer(
    _ name: String, _ path: any WritableKeyPath<Recipe<Task>, Int?> & Sendable, in range: ClosedRange<Int>,
    scale: Scale = .even, title: String? = nil
  ) -> SearchDimension {
    SearchDimension(name, title, .integer(path), Double(range.lowerBound)...Double(range.upperBound), scale)
  }

  /// How large a step of training is, on a logarithmic scale.
  public static func learningRate(_ range: ClosedRange<Double>) -> SearchDimension {
    number("learning-rate", \.training.learningRate, in: range, scale: .logarithmic, title: "rate")
  }

  /// Units in each layer, on a logarithmic scale.
  public static func units(_ range: ClosedRange<Int>) -> SearchDimension {
    integer("units", \.network.units, in: range, scale: .logarithmic)
  }

  /// Recurrent layers, one above the other.
  public static func layers(_ range: ClosedRange<Int>) -> SearchDimension {
    integer("layers", \.network.layers, in: range)
  }

  /// Fraction of each layer's outputs set to 0 in training.
  public static func dropout(_ range: ClosedRange<Double>) -> SearchDimension {
    number("dropout", \.training.regularization.dropout, in: range)
  }
}

extension SearchDimension {
  /// - Throws: ``RecurrentError`` if numbers can't be spread over the range.
  func check() throws(RecurrentError) {
    if scale == .logarithmic, range.lowerBound <= 0 {
      throw RecurrentError(
        .usage,
        naming: "\(setting) is searched from \(short(range.lowerBound)) on a logarithmic scale, which begins above 0")
    }
  }

  /// A number within the range.
  func draw(_ random: inout Random) -> Double {
    switch (place, scale) {
    case (.integer, .even):
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

  /// A number to two digits: 0.00213 and 0.0021 can't be told apart by what is learned with them.
  private func twoDigits(_ number: Double) -> Double {
    let scale = pow(10, 1 - log10(number).rounded(.down))
    return (number * scale).rounded() / scale
  }

  /// What a recipe has there.
  func value(in recipe: Recipe<Task>) -> Double? {
    switch place {
    case .number(let path): recipe[keyPath: path]
    case .integer(let path): recipe[keyPath: path].map(Double.init)
    }
  }

  /// Puts a number there, or nothing.
  func set(_ number: Double?, in recipe: inout Recipe<Task>) {
    switch place {
    case .number(let path): recipe[keyPath: path] = number
    case .integer(let path): recipe[keyPath: path] = number.map { Int($0) }
    }
  }

  /// What is written for those settings' number: `0.002`, `128`.
  package func text(_ settings: TrialSettings) -> String { short(settings[key] ?? range.lowerBound) }

  /// What is searched, in one word: `units 16...128`.
  var description: String { "\(key) \(short(range.lowerBound))...\(short(range.upperBound))" }
}
