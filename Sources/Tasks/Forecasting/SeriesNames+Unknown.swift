import Support

extension SeriesNames {
  /// That training has not seen some series, by the names of all; nil if it has seen them, or the network is not told names.
  package func sentence(about names: [String]) -> String? {
    let unknown = names.filter(lack)
    guard let first = unknown.first else { return nil }
    return unknown.count == 1
      ? "the series \(first) was not trained on: the model goes by its numbers alone"
      : "\(unknown.count.grouped) series were not trained on, such as \(first): the model goes by their numbers alone"
  }
}
