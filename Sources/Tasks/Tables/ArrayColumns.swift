import Support

/// Columns with an array in each row, whose elements are the steps of a sequence: a step has the numbers of all of them.
struct ArrayColumns {
  /// What messages call the columns.
  let titles: [String]
  /// The columns' indices in a row.
  let places: [Int]
  /// The number of numbers that a step has in each column.
  let widths: [Int]

  /// The number of numbers in a step.
  var width: Int { widths.reduce(0, +) }

  /// The numbers of a row, `[T, width]`; NaN where one is missing.
  ///
  /// - Parameter line: the row with its file, for messages.
  /// - Throws: ``RecurrentError`` if a field has no array, or the arrays differ in length.
  func numbers(of row: TableRow, line: String) throws(RecurrentError) -> [Double] {
    var arrays: [NumberArray] = []
    for (column, place) in places.enumerated() {
      let title = "\(line), \(titles[column])"
      if row[place].isEmpty {
        throw RecurrentError(.data, "\(title): it is empty; a sequence is an array with at least one step")
      }
      let array: NumberArray
      do throws(NumberArray.Problem) {
        array = try NumberArray(row[place])
      } catch {
        throw RecurrentError(.data, "\(title): \(error.text)")
      }
      if array.steps == 0 { throw RecurrentError(.data, "\(title): the array is empty; a sequence has at least one step") }
      guard array.width == widths[column] else {
        let count = array.width == 1 ? "1 number" : "\(array.width) numbers"
        throw RecurrentError(
          .data,
          "\(title): a step has \(count), and \(widths[column]) \(widths[column] == 1 ? "is" : "are") expected, as in the first sequence that "
            + "was trained on")
      }
      if let first = arrays.first, array.steps != first.steps {
        throw RecurrentError(
          .data,
          "\(title): it has \(array.steps == 1 ? "1 step" : "\(array.steps) steps"), and \(titles[0]) has \(first.steps); the arrays of a row have the same steps"
        )
      }
      arrays.append(array)
    }
    return (0..<(arrays.first?.steps ?? 0)).flatMap { step in
      arrays.flatMap { $0.values[step * $0.width..<(step + 1) * $0.width] }
    }
  }

  /// Where one of a step's numbers is, for messages.
  func place(ofNumber number: Int) -> String {
    var inner = number
    for (title, width) in zip(titles, widths) {
      if inner < width { return width == 1 ? title : "\(title), number \(inner + 1) of a step" }
      inner -= width
    }
    return ""
  }
}
