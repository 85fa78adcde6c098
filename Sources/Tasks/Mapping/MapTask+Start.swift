package import Networks
import Support
import Tables
package import TaskKit
import Models

extension MapTask {
  package static func settings(of model: StartModel, in recipe: Recipe<MapTask>) throws -> ModelSettings<MapTask> {
    guard model.network.architecture.readout == .everyStep else {
      throw RecurrentError(
        .unsuitable,
        "\(model.title) gives something once for all of a sequence, and a model of a system at each step of it: it can't be the start"
      )
    }
    var settings = ModelSettings(MapTask())
    guard model.network.meaning != nil else { return settings }
    let description = try MapDescription(of: model.network, path: model.title)
    if description.audio != nil || recipe.task.isAudio { return settings }
    let form = description.form
    settings.recipe.task.target = form.targetColumns
    (settings.recipe.task.columns, settings.recipe.task.missing) = (form.columns, form.missing)
    (settings.recipe.task.group, settings.recipe.task.time) = (.some(ColumnChoice(form.group)), .some(ColumnChoice(form.time)))
    (settings.recipe.task.elapsed, settings.recipe.task.static) = (form.further?.elapsed, form.further?.staticColumns)
    settings.suggested = ["target", "columns", "group", "time", "missing", "elapsed", "static"]
    return settings
  }

  package static func names(of network: Network) -> NetworkNames {
    guard let description = try? MapDescription(of: network, path: "") else { return NetworkNames() }
    return NetworkNames(
      features: description.form.featureNames, outputs: description.form.targetColumns, called: "outputs")
  }
}
