extension Command {
  /// `recurrent cells`
  static let cells = Command("cells", "Lists, shows and checks cells.", commands: [.listCells, .showCell, .checkCells])
}
