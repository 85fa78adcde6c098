/// `; did you mean --units?` if one of `known` is close to `word`.
func suggestion(_ word: String, _ known: [String]) -> String {
  closest(to: word, in: known).map { "; did you mean \($0)?" } ?? ""
}

/// The candidate that takes the fewest edits to become `word`, if one edit for every three letters is enough.
private func closest(to word: String, in candidates: [String]) -> String? {
  let ranked = candidates.map { (name: $0, edits: edits(Array(word), Array($0))) }
  guard let best = ranked.min(by: { $0.edits < $1.edits }) else { return nil }
  let length = max(word.count, best.name.count)
  return best.edits < length && best.edits <= (length + 2) / 3 ? best.name : nil
}

/// The distance of Damerau: insertions, deletions, replacements and swaps of neighbours.
private func edits(_ left: [Character], _ right: [Character]) -> Int {
  var rows = [Array(0...right.count)]
  for (i, character) in left.enumerated() {
    var row = [i + 1]
    for j in right.indices {
      var fewest = min(rows[i][j] + (character == right[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, character == right[j - 1], left[i - 1] == right[j] { fewest = min(fewest, rows[i - 1][j - 1] + 1) }
      row.append(fewest)
    }
    rows.append(row)
  }
  return rows[left.count][right.count]
}
