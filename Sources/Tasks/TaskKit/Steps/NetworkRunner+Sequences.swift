import Engine
package import Networks
import Sequences
package import Support

extension NetworkRunner {
  /// What a network of numbers gives at each step of some sequences, which it reads from their beginnings to their ends.
  ///
  /// - Parameters:
  ///   - sequences: `[T, width]` each, of any lengths, in any order.
  ///   - outputs: the numbers that the network gives at a step.
  ///   - progress: called with the number of steps so far.
  /// - Returns: `[T, outputs]` for each.
  package func outputs(
    ofSequences sequences: [[Float]], width: Int, outputs: Int, progress: (Int) -> Void = { _ in }
  ) throws(RecurrentError) -> [[Float]] {
    let order = sequences.indices.filter { !sequences[$0].isEmpty }
      .sorted { (sequences[$1].count, $0) < (sequences[$0].count, $1) }
    var given = [[Float]](repeating: [], count: sequences.count)
    var (next, done) = (0, 0)
    while next < order.count {
      // Batches are bounded in memory: by their rows, which their longest sequence decides.
      let longest = sequences[order[next]].count / width
      let own = order[next..<min(order.count, next + max(1, min(256, Self.mostRows / max(1, longest))))]
      next = own.endIndex
      let lengths = PackedLengths(sorted: own.map { sequences[$0].count / width })
      var rows: [Float] = []
      rows.reserveCapacity(lengths.rows * width)
      for step in 0..<lengths.steps {
        for place in own.prefix(while: { sequences[$0].count > step * width }) {
          rows += sequences[place][step * width..<(step + 1) * width]
        }
      }
      let all = try self.outputs(network.architecture.input.rows(rows), lengths: lengths)
      for (number, place) in own.enumerated() {
        given[place].reserveCapacity(lengths.perSequence[number] * outputs)
        for step in 0..<lengths.perSequence[number] {
          let row = lengths.row(step: step, sequence: number) * outputs
          given[place] += all[row..<row + outputs]
        }
      }
      done += lengths.rows
      progress(done)
    }
    return given
  }

  /// The rows of a batch if no single sequence is longer.
  private static let mostRows = 1 << 18
}
