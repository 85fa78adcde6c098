import Storage
import Support

/// What Keras 3 writes under names that end in `.keras`: an archive with the model's description and, in HDF5, its weights.
enum KerasArchive {
  static let weights = "model.weights.h5"

  /// The weights, and the texts `config.json` and `metadata.json`.
  static func contents(
    _ archive: ZipArchive, _ weights: ZipArchive.Entry, _ file: MappedFile
  ) throws(StrictJSON.Problem) -> HDF5Contents {
    let (bytes, range) = try weights.content(in: file)
    var contents = try HDF5Contents(bytes, in: range)
    for name in ["config.json", "metadata.json"] {
      guard let entry = archive[name] else { throw StrictJSON.Problem("the archive has no \(name)") }
      let (bytes, range) = try entry.content(in: file)
      guard let text = bytes.withBytes(in: range, { String(validating: $0, as: UTF8.self) }) else {
        throw StrictJSON.Problem("the archive's member \(quoted(name)) is not UTF-8")
      }
      contents.texts[name] = [text]
    }
    return contents
  }
}
