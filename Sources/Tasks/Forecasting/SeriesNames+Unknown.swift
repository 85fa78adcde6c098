import Support

extension SeriesNames {
  /// A sentence about the series that were not trained on; nil if there are none, or the network reads no names.
  package func sentence(about names: [String]) -> String? {
    let unknown = names.filter(lack)
    guard let first = unknown.first else { return nil }
    return unknown.count == 1
      ? "the series \(first) was not trained on: the model goes by its numbers alone"
      : "\(unknown.count.grouped) series were not trained on, such as \(first): the model goes by their numbers alone"
  }
}
