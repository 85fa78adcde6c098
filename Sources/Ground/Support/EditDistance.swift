/// The candidate that `word` was probably meant to be, or nil if none is near.
///
/// Near means: few insertions, deletions, replacements and swaps of neighbours lead from one to the other
/// (Damerau 1964), one for every three letters; upper and lower case count as the same. Of equally near ones the first.
package func closest(to word: String, in candidates: some Sequence<String>) -> String? {
  var best: (candidate: String, distance: Int)?
  for candidate in candidates where candidate != word {
    let length = max(word.count, candidate.count)
    let found = distance(Array(word.lowercased()), Array(candidate.lowercased()))
    if found < length, found <= (length + 2) / 3, found < best?.distance ?? .max { best = (candidate, found) }
  }
  return best?.candidate
}

/// The end of a message about a word that is unknown: `; did you mean --units?` if one of `known` is near it, or else nothing.
package func suggestion(_ word: String, _ known: [String]) -> String {
  closest(to: word, in: known).map { "; did you mean \($0)?" } ?? ""
}

/// The fewest edits that turn `a` into `b`; two neighbours swapped are one edit.
package func distance(_ a: [Character], _ b: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      let replaced = last[j] + (a[i] == b[j] ? 0 : 1)
      var fewest = min(replaced, last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { fewest = min(fewest, beforeLast[j - 1] + 1) }
      row.append(fewest)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
