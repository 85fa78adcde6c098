import CommandKit

extension Command {
  /// `recurrent cells`
  static let cells = Command(
    "cells", "Lists, shows, draws and checks cells.", commands: [.listCells, .showCell, .drawCell, .checkCells, .showLanguage])
}
