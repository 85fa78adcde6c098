/// Labels in the order of a network's classes: by their numbers if all are whole numbers, otherwise by their characters.
package func sortedLabels(_ found: Set<String>) -> [String] {
  let numbers = found.compactMap { label in Int(label).map { (number: $0, label: label) } }
  if numbers.count == found.count { return numbers.sorted { ($0.number, $0.label) < ($1.number, $1.label) }.map(\.label) }
  return found.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
}
