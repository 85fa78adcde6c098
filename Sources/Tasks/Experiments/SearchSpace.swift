import Support
package import TaskKit

/// The settings that a search tries.
package struct SearchSpace<Task: LearningTask>: Sendable {
  /// What is varied. Numbers are drawn in the order of this list.
  package let dimensions: [SearchDimension<Task>]

  package init(_ dimensions: [SearchDimension<Task>]) { self.dimensions = dimensions }

  /// The settings of trial `trial` of the search that `seed` begins.
  package func settings(trial: Int, seed: UInt64) -> TrialSettings {
    var random = Random(.searchTrial, trial, seed: seed)
    var settings = TrialSettings()
    for dimension in dimensions { settings[dimension.key] = dimension.draw(&random) }
    return settings
  }

  /// The settings of this space that are nearest to those of a recipe. Trying the defaults first ensures that a
  /// search finds nothing worse than them.
  package func nearest(to recipe: Recipe<Task>) -> TrialSettings {
    var settings = TrialSettings()
    for dimension in dimensions {
      settings[dimension.key] = dimension.nearest(to: dimension.value(in: recipe) ?? dimension.range.lowerBound)
    }
    return settings
  }

  /// A recipe with the smallest numbers that are searched, and one with the largest.
  func ends(of recipe: Recipe<Task>) -> [Recipe<Task>] {
    [
      dimensions.reduce(into: recipe) { $1.set($1.range.lowerBound, in: &$0) },
      dimensions.reduce(into: recipe) { $1.set($1.range.upperBound, in: &$0) },
    ]
  }

  /// The recipe with the settings of a trial.
  package func recipe(_ recipe: Recipe<Task>, with settings: TrialSettings) -> Recipe<Task> {
    var other = recipe
    for dimension in dimensions { dimension.set(settings[dimension.key], in: &other) }
    return other
  }
}

extension SearchSpace {
  /// - Throws: ``RecurrentError`` if nothing is varied, or something twice, or not within a range that can be searched.
  func check() throws(RecurrentError) {
    if dimensions.isEmpty { throw RecurrentError(.usage, "nothing is searched: name what is to be varied") }
    for (place, dimension) in dimensions.enumerated() {
      try dimension.check()
      if dimensions[..<place].contains(where: { $0.key == dimension.key }) {
        throw RecurrentError(.usage, naming: "\(dimension.setting) is searched twice")
      }
    }
  }
}
