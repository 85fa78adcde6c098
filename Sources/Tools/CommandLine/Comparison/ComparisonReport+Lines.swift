import Console
import Experiments

extension ComparisonReport {
  /// The report as a table.
  func lines(on channel: Channel) -> [String] {
    let columns = columns
    var table = Table(columns: columns.enumerated().map { $0.offset == 0 ? .text($0.element.title) : .numbers($0.element.title) })
    table.rows = entries.map { entry in columns.map { $0.text(entry) } }
    return table.lines { channel.styled($0, .bold) }
  }
}
