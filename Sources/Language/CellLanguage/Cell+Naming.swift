extension Cell {
  /// The same equations under another name.
  ///
  /// - Parameter name: as a text may have it after `cell`.
  package func renamed(_ name: String) -> Cell {
    var cell = self
    cell.name = name
    return cell
  }
}
