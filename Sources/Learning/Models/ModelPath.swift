import Storage

/// Where models are on the disk.
package enum ModelPath {
  /// What a run's folder calls its best model, or its last one if nothing was validated.
  package static let model = "model.safetensors"
  /// What a run's folder calls the training as it stood last, which can be read as a model, too.
  package static let checkpoint = "checkpoint.safetensors"

  /// The file of a model: `path` itself, or, if that is the folder of a run, the model in it. A run that has no model yet has a
  /// checkpoint.
  package static func file(at path: String) -> String {
    guard FileSystem.isFolder(path) else { return path }
    let folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let (model, checkpoint) = ("\(folder)/\(model)", "\(folder)/\(checkpoint)")
    return !FileSystem.exists(model) && FileSystem.exists(checkpoint) ? checkpoint : model
  }
}
