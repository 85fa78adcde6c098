import Support

/// `; did you mean --units?` if one of `known` is close to `word`.
package func suggestion(_ word: String, _ known: [String]) -> String {
  closest(to: word, in: known).map { "; did you mean \($0)?" } ?? ""
}
