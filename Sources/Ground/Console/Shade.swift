/// How numbers between -1 and 1 look in cells: from blue over grey to orange, which all eyes tell apart, or as signs.
package enum Shade {
  package static let below = Style.colour(33)
  package static let above = Style.colour(208)

  package static func cell(_ fraction: Double) -> Style {
    let (black, white) = (16, 231)
    return switch fraction {
    case ..<(-0.75): .colour(white, on: 25)
    case ..<(-0.4): .colour(black, on: 68)
    case ..<(-0.1): .colour(black, on: 153)
    case ...0.1: .colour(black, on: 252)
    case ...0.4: .colour(black, on: 223)
    case ...0.75: .colour(black, on: 215)
    default: .colour(white, on: 166)
    }
  }

  /// A character for each of the seven colours, where there are none.
  package static func sign(_ fraction: Double) -> Character {
    switch fraction {
    case ..<(-0.75): "="
    case ..<(-0.4): "-"
    case ..<(-0.1): "~"
    case ...0.1: "."
    case ...0.4: "+"
    case ...0.75: "*"
    default: "#"
    }
  }

  /// One number of each colour, the lowest first.
  package static let samples = [-1, -0.6, -0.25, 0, 0.25, 0.6, 1]
}
