import ChartPictures
import CommandKit
import Console

/// Curves over 1, 2, 3, … in characters: as fine dots in colours if the channel shows these, or else as a letter for each curve.
struct TerminalPlot {
  let curves: [(name: String, values: [Double])]
  let xTitle: String
  let isLogarithmic: Bool

  private static let height = 16

  /// Colours that can be told apart on light and dark backgrounds.
  private static let colours = [32, 166, 35, 133, 136, 74, 98, 244]

  func lines(on channel: Channel) -> [String] {
    let axis = Axis(fitting: curves.lazy.flatMap(\.values), marks: 5, isLogarithmic: isLogarithmic)
    let margin = axis.marks.map(\.text.count).max() ?? 0
    let width = max(20, min(channel.width, 100) - margin - 3)
    let canvas = isFine(channel) ? fine(axis, width, channel) : coarse(axis, width)
    let bar = channel.abilities.hasUnicode ? "┤" : "|"
    let rows = canvas.enumerated().map { row, line in
      let here = axis.marks.first { mark in
        axis.place(of: mark.value).map { Int(((1 - $0) * Double(Self.height - 1)).rounded()) == row } ?? false
      }
      let text = here?.text ?? ""
      return String(repeating: " ", count: margin - text.count) + text + " " + (here == nil ? bar == "┤" ? "│" : "|" : bar) + line
    }
    let count = curves.map(\.values.count).max() ?? 0
    let (first, last) = ("1 \(xTitle)", "\(count)")
    let ruler =
      String(repeating: " ", count: margin + 1) + (channel.abilities.hasUnicode ? "└" : "+")
      + String(repeating: channel.abilities.hasUnicode ? "─" : "-", count: width)
    let space = String(repeating: " ", count: max(1, width - first.count - last.count))
    return rows + [ruler, String(repeating: " ", count: margin + 2) + first + space + last]
  }

  /// The sign of a curve in the legend.
  func key(of curve: Int, on channel: Channel) -> String {
    isFine(channel) ? channel.styled("━", Self.style(curve)) : String(Self.letter(curve))
  }

  private func isFine(_ channel: Channel) -> Bool { channel.abilities.hasUnicode && channel.abilities.hasColours }

  private static func style(_ curve: Int) -> Style { .colour(colours[curve % colours.count]) }

  private static func letter(_ curve: Int) -> Character { Array("abcdefghijklmnopqrstuvwxyz")[curve % 26] }

  /// The cells of a grid that a curve passes: for each column the rows from its last place on.
  private func places(_ values: [Double], _ axis: Axis, columns: Int, rows: Int) -> [(column: Int, row: Int)] {
    let count = curves.map(\.values.count).max() ?? 0
    var found: [(column: Int, row: Int)] = []
    var before: (column: Int, row: Int)?
    for (index, value) in values.enumerated() {
      guard let height = axis.place(of: value) else {
        before = nil
        continue
      }
      let column = count > 1 ? Int((Double(index) / Double(count - 1) * Double(columns - 1)).rounded()) : 0
      let row = Int(((1 - height) * Double(rows - 1)).rounded())
      if let before, column > before.column {
        for next in before.column + 1...column {
          let fraction = Double(next - before.column) / Double(column - before.column)
          found.append((next, before.row + Int((fraction * Double(row - before.row)).rounded())))
        }
      } else {
        found.append((column, row))
      }
      before = (column, row)
    }
    return found
  }

  /// Dots of Braille characters, two across and four down in each. Where curves meet, the first one's colour is seen.
  private func fine(_ axis: Axis, _ width: Int, _ channel: Channel) -> [String] {
    var dots = Array(repeating: Array(repeating: UInt32(0), count: width), count: Self.height)
    var owners = Array(repeating: Array(repeating: 0, count: width), count: Self.height)
    let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    for curve in curves.indices.reversed() {
      for place in places(curves[curve].values, axis, columns: 2 * width, rows: 4 * Self.height) {
        dots[place.row / 4][place.column / 2] |= bits[place.row % 4][place.column % 2]
        owners[place.row / 4][place.column / 2] = curve
      }
    }
    return zip(dots, owners).map { dots, owners in
      zip(dots, owners).map { dot, owner in
        guard dot > 0, let scalar = Unicode.Scalar(0x2800 + dot) else { return " " }
        return channel.styled(String(Character(scalar)), Self.style(owner))
      }.joined()
    }
  }

  private func coarse(_ axis: Axis, _ width: Int) -> [String] {
    var canvas = Array(repeating: Array(repeating: Character(" "), count: width), count: Self.height)
    for curve in curves.indices.reversed() {
      for place in places(curves[curve].values, axis, columns: width, rows: Self.height) {
        canvas[place.row][place.column] = Self.letter(curve)
      }
    }
    return canvas.map { String($0) }
  }
}
