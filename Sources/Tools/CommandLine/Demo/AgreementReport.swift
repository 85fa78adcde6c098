import CellLanguage
import CommandKit
import Console
import Support

/// The outcomes of a study with one distance for each lesson.
struct AgreementReport {
  let cells: [Cell]
  let distances: [Int]
  let outcomes: [AgreementStudy.Lesson: AgreementStudy.Outcome]

  private func fraction(_ cell: Cell, _ distance: Int) -> Double {
    outcomes[.init(cell: cell, distances: distance...distance)]?.fractionRight ?? 0
  }

  /// The fraction of right answers of each cell at each distance; bars begin at the level of guessing.
  func lines(on channel: Channel) -> [String] {
    let bars = Bars(hasUnicode: channel.abilities.hasUnicode)
    var table = Table(columns: [.numbers("distance")] + cells.flatMap { [.text($0.name), .numbers("")] })
    for distance in distances {
      let parts = cells.flatMap { cell in
        let fraction = fraction(cell, distance)
        return [bars.right(2 * fraction - 1, 20).padded(to: 20), "\((fraction * 100).fixed(0)) %"]
      }
      table.rows.append(["\(distance)"] + parts)
    }
    return table.lines { channel.styled($0, .bold) }
  }

  /// The longest distance up to which a cell answers at least 95 of 100 questions right; nil if there is none.
  func reach(_ cell: Cell) -> Int? { distances.prefix { fraction(cell, $0) >= 0.95 }.last }
}
