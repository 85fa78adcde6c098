import Engine

/// Arrays of sequences as a file has them, and as packed rows, the longest sequence first.
struct Rows {
  let lengths: PackedLengths
  /// For each sequence of the sorted batch, which one of the file's it is.
  let places: [Int]
  /// Steps of the file's arrays.
  let steps: Int
  private let order: ArrayRun.Order
  /// The steps of each of the file's sequences that are run: those that a mask leaves out keep the states as they are.
  private let kept: [[Int]]

  init(kept: [[Int]], steps: Int, order: ArrayRun.Order) throws {
    places = kept.indices.sorted { (kept[$1].count, $0) < (kept[$0].count, $1) }
    lengths = try PackedLengths(places.map { kept[$0].count })
    (self.kept, self.steps, self.order) = (kept, steps, order)
  }

  var batch: Int { kept.count }

  /// Where a step of one of the file's sequences stands in the file's arrays, in rows.
  private func place(step: Int, sequence: Int) -> Int {
    order == .batchFirst ? sequence * steps + step : step * batch + sequence
  }

  private func eachRow(_ body: (_ row: Int, _ place: Int) -> Void) {
    for (sorted, sequence) in places.enumerated() {
      for (number, step) in kept[sequence].enumerated() {
        body(lengths.row(step: number, sequence: sorted), place(step: step, sequence: sequence))
      }
    }
  }

  func packed<Element: ExpressibleByIntegerLiteral>(_ values: [Element], width: Int) -> [Element] {
    var packed = [Element](repeating: 0, count: lengths.rows * width)
    eachRow { row, place in
      for column in 0..<width { packed[row * width + column] = values[place * width + column] }
    }
    return packed
  }

  func unpacked(_ rows: [Float], width: Int) -> [Float] {
    var values = [Float](repeating: 0, count: batch * steps * width)
    eachRow { row, place in
      for column in 0..<width { values[place * width + column] = rows[row * width + column] }
    }
    return values
  }

  /// Puts rows in the places of steps that are not run.
  ///
  /// - Parameters:
  ///   - values: an array in the form of the file, with `width` numbers a step.
  ///   - row: what stands there.
  ///   - repeats: whether what stands at the step before is put there instead, where there is one.
  func fill(_ values: inout [Float], with row: [Float], repeats: Bool) {
    let width = row.count
    for sequence in kept.indices {
      let own = Set(kept[sequence])
      var before: Int?
      for step in 0..<steps {
        let start = place(step: step, sequence: sequence) * width
        if own.contains(step) {
          before = start
        } else {
          for column in 0..<width {
            values[start + column] = repeats ? before.map { values[$0 + column] } ?? row[column] : row[column]
          }
        }
      }
    }
  }

  /// `[B, width]` of the file in the order of the sorted batch.
  func sorted(_ values: some RandomAccessCollection<Float>, width: Int) -> [Float] {
    places.flatMap { values.dropFirst($0 * width).prefix(width) }
  }

  /// `[B, width]` in the order of the file.
  func unsorted(_ values: [Float], width: Int) -> [Float] {
    var unsorted = values
    for (sorted, sequence) in places.enumerated() {
      for column in 0..<width { unsorted[sequence * width + column] = values[sorted * width + column] }
    }
    return unsorted
  }
}
