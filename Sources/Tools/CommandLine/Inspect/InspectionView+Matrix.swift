import CellCompiler
import Console
import Engine
import Inspector
import Support

/// A quantity that is a matrix: heat maps of some steps side by side, as many as fit, those of several heads one below the other.
extension InspectionView {
  /// The most rows and columns of a head that are told apart; of larger matrices a cell stands for a block of elements.
  private static let mostCells = 16

  func matrixLines(_ shape: Graph.Shape, on channel: Channel) -> [String] {
    guard let columns = shape.columns else { return [] }
    let rows = shape.width / columns / shape.heads
    let block = max(1, (max(rows, columns) + Self.mostCells - 1) / Self.mostCells)
    func blocks(_ count: Int) -> [Range<Int>] {
      stride(from: 0, to: count, by: block).map { $0..<min(count, $0 + block) }
    }
    let (rowBlocks, columnBlocks) = (blocks(rows), blocks(columns))
    // A character is about twice as high as it is wide.
    let cellWidth = columnBlocks.count <= 8 ? 2 : 1
    let width = max(cellWidth * columnBlocks.count, 10) + 2
    let steps = spreadOut(max(1, (channel.width + 2) / width), over: inspection.input.count)
    /// The strongest element of a block.
    func strongest(_ step: Int, _ head: Int, _ row: Range<Int>, _ column: Range<Int>) -> Double {
      var found = 0.0
      for row in row {
        for column in column {
          let own = fraction(step, (head * rows + row) * columns + column)
          if abs(own) > abs(found) { found = own }
        }
      }
      return found
    }
    let names = steps.map { step in "\(name(ofStep: step, channel).prefix(width - 2))".padded(to: width) }
    let count = "\(rows) x \(columns) numbers\(shape.heads > 1 ? " for each of \(shape.heads) heads" : "")"
    var lines = [channel.styled("\(title), \(count)", .bold), names.joined()]
    for head in 0..<shape.heads {
      if shape.heads > 1 { lines.append("head \(head)") }
      for row in rowBlocks {
        let maps = steps.map { step in
          let cells = columnBlocks.map { CellTable.cell(strongest(step, head, row, $0), width: cellWidth, channel) }.joined()
          return cells + String(repeating: " ", count: width - cellWidth * columnBlocks.count)
        }
        lines.append(maps.joined())
      }
    }
    let blockText = block == 1 ? "" : "; a cell is the strongest of \(block) x \(block) numbers"
    return lines + ["", legend(channel) + blockText + "; --unit shows single numbers at all steps"]
  }

  /// The number or name of a step, and what is read there.
  private func name(ofStep step: Int, _ channel: Channel) -> String {
    let number = inspection.input.names?[step] ?? "\(step)"
    return inspection.input.steps.symbols == nil ? number : "\(number) \(cellText(step, channel))"
  }
}
