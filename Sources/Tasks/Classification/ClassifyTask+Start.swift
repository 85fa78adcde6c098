package import Networks
import Sequences
import Support
import Tables
package import TaskKit
import Models

extension ClassifyTask {
  package static func settings(
    of model: StartModel, in recipe: Recipe<ClassifyTask>
  ) throws -> ModelSettings<ClassifyTask> {
    let architecture = model.network.architecture
    var settings = ModelSettings(ClassifyTask())
    if let vocabulary = architecture.vocabulary {
      settings.recipe.task.tokens = vocabulary.kind
      settings.recipe.task.embedding = architecture.vectorLength ?? 0
      settings.decided = ["tokens", "embedding"]
    }
    // Layers without an output of their own, as other systems' files have them, can be read out in any way.
    if model.network.meaning != nil || architecture.output != .lastLayer || architecture.readout != .everyStep {
      guard architecture.readout != .everyStep else {
        throw RecurrentError(
          .unsuitable,
          "\(model.title) gives something at each step of a sequence, and a classifier once for all of it: it can't be the start")
      }
      settings.recipe.task.readout = architecture.readout
      settings.decided.insert("readout")
    }
    guard model.network.meaning != nil else { return settings }
    let form = try ClassifierDescription(of: model.network, path: model.title).form
    settings.recipe.task.missing = form.width == nil ? nil : form.missing
    settings.suggested = form.width == nil ? [] : ["missing"]
    // A .ts file says by itself what it holds.
    if recipe.task.path?.hasSuffix(".ts") == true { return settings }
    settings.recipe.task.take(form)
    settings.suggested.formUnion(["target", "columns", "group", "per-step", "separator", "elapsed", "static"])
    return settings
  }

  package static func names(of network: Network) -> NetworkNames {
    guard let description = try? ClassifierDescription(of: network, path: "") else { return NetworkNames() }
    let form = description.form
    return NetworkNames(features: form.width == nil ? nil : form.featureNames, outputs: description.labels, called: "labels")
  }

  /// Puts in what a file of that form does not show by itself.
  private mutating func take(_ form: SequenceForm) {
    (elapsed, `static`) = (form.further?.elapsed, form.further?.staticColumns)
    if form.isMultiple { separator = form.separator } else { hasSingleLabels = true }
    switch form.steps {
    case .row(_, let perStep): self.perStep = perStep == 1 ? nil : perStep
    case .rows(let columns, let group): (target, self.columns, self.group) = (form.labels, columns, group)
    case .text, .arrays, .dimensions: break
    }
  }
}
