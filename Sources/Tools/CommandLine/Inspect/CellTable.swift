import Console
import Support

/// Steps side by side with rows of cells below them, in as many blocks as the channel's width asks for.
struct CellTable {
  /// A line with a cell for each step.
  struct Row {
    enum Cells {
      case fractions((_ step: Int) -> Double)
      case texts((_ step: Int) -> String)
    }

    let name: String
    let cells: Cells
  }

  /// Texts in the widths of their steps. Where one is longer than its step, equal ones that follow each other are written once, behind a bar, and cut
  /// where the next one begins.
  private static func texts(_ steps: [(text: String, width: Int)]) -> String {
    if steps.allSatisfy({ $0.text.count <= $0.width }) { return steps.map { $0.text.padded(to: $0.width) }.joined() }
    var runs: [(text: String, width: Int)] = []
    for step in steps {
      if let last = runs.last, last.text == step.text {
        runs[runs.count - 1].width += step.width
      } else {
        runs.append(step)
      }
    }
    return runs.map { ("|" + $0.text).padded(to: $0.width).prefix($0.width) }.joined()
  }

  /// What a block of steps is headed by, by its first one.
  let heads: [String]
  /// What each step is, as wide as its cells.
  let texts: [String]
  let rows: [Row]

  func lines(on channel: Channel) -> [String] {
    let margin = max((rows.map(\.name.count) + heads.map(\.count)).max() ?? 0, 4) + 2
    let widths = texts.map(\.count)
    var lines: [String] = []
    var first = 0
    while first < texts.count {
      var end = first
      var width = margin
      while end < texts.count, end == first || width + widths[end] <= channel.width {
        width += widths[end]
        end += 1
      }
      let shown = first..<end
      if first > 0 { lines.append("") }
      lines.append(heads[first].padded(to: margin) + texts[shown].joined())
      for row in rows {
        let cells =
          switch row.cells {
          case .fractions(let fraction): shown.map { Self.cell(fraction($0), width: widths[$0], channel) }.joined()
          case .texts(let text): Self.texts(shown.map { (text($0), widths[$0]) })
          }
        lines.append(row.name.padded(to: margin) + cells)
      }
      first = end
    }
    return lines
  }

  static func cell(_ fraction: Double, width: Int, _ channel: Channel) -> String {
    channel.abilities.hasColours
      ? channel.styled(String(repeating: " ", count: width), Shade.cell(fraction))
      : String(repeating: Shade.sign(fraction), count: width)
  }

  /// A text such that ends of lines and control characters take a place of their own.
  static func visible(_ text: String, _ channel: Channel) -> String {
    String(
      text.map { character in
        switch character {
        case "\n": channel.abilities.hasUnicode ? "⏎" : "$"
        case "\t": channel.abilities.hasUnicode ? "⇥" : "$"
        case _ where character.unicodeScalars.contains { $0.properties.generalCategory == .control }: "?"
        default: character
        }
      })
  }
}
