/// Equations between sizes, solved one after another.
struct SizeSolver {
  /// Whether lengths may be differences, as those of the parts of vectors are: they have to be looked at where the sizes are known.
  var allowsDifferences = false
  private var solutions: [Int: SizeForm] = [:]
  private var count = 0
  /// What earlier equations require of the named sizes, solved for one name each.
  private var replacements: [(name: String, form: SizeForm)] = []
  /// The constraints in the order in which they were found.
  private(set) var constraints: [Cell.Constraint] = []

  /// The result of adding an equation.
  enum Outcome {
    case holds
    /// It will have to be looked at again when more is known.
    case open
    case neverHolds
    case tooLarge
  }

  mutating func unknown() -> SizeForm {
    count += 1
    return SizeForm(unknown: count - 1)
  }

  /// The form with all that is known put in; nil if its numbers grow too large.
  func resolved(_ form: SizeForm) -> SizeForm? {
    var result = form
    while let unknown = result.unknowns.keys.first(where: { solutions[$0] != nil }),
      let solution = solutions[unknown], let times = result.unknowns[unknown]
    {
      result.unknowns[unknown] = nil
      result = result.adding(solution, times: times)
      guard result.isSmall else { return nil }
    }
    return result
  }

  mutating func equate(_ left: SizeForm, _ right: SizeForm) -> Outcome {
    guard let left = resolved(left), let right = resolved(right) else { return .tooLarge }
    let difference = left.adding(right, times: -1).reduced
    if difference.isZero { return .holds }
    if difference.unknowns.isEmpty { return constrain(difference) ? .holds : .neverHolds }
    guard let (unknown, form) = difference.solved(for: \.unknowns, removing: { $0.unknowns[$1] = nil }) else { return .open }
    if form.unknowns.isEmpty && !canBeLength(form) { return .neverHolds }
    solutions[unknown] = form
    return .holds
  }

  func canBeLength(_ form: SizeForm) -> Bool {
    allowsDifferences ? !form.isAlways(atMost: 0) : form.isLength
  }

  /// Gives what is still open the length `units`.
  mutating func settle(_ form: SizeForm) -> SizeForm? {
    guard let open = resolved(form) else { return nil }
    for unknown in open.unknowns.keys { solutions[unknown] = SizeForm(.units) }
    return resolved(open)
  }

  /// Notes that `difference` must be zero; false if it can't be.
  private mutating func constrain(_ difference: SizeForm) -> Bool {
    var rest = difference
    for (name, form) in replacements {
      guard let times = rest.terms[name] else { continue }
      rest.terms[name] = nil
      rest = rest.adding(form, times: times)
      guard rest.isSmall else { return false }
    }
    if rest.isZero { return true }
    // How many rows a memory has differs from sequence to sequence: it is no other length.
    if difference.size.countsRowsOfMemory { return false }
    guard rest.canBeZero else { return false }
    if let (name, form) = rest.reduced.solved(for: \.terms, removing: { $0.terms[$1] = nil }) {
      replacements.append((name, form))
    }
    constraints.append(Self.constraint(from: difference))
    return true
  }

  /// The difference as an equation with no minus signs; `inputs`, or else a size of the cell's own, on the left.
  private static func constraint(from difference: SizeForm) -> Cell.Constraint {
    let leading = difference.terms.min { Self.rank($0.key) < Self.rank($1.key) }?.value ?? 1
    let sign = leading < 0 ? -1 : 1
    func side(_ sign: Int) -> Size {
      Size(terms: difference.terms.mapValues { max(0, $0 * sign) }, constant: max(0, difference.constant * sign))
    }
    return Cell.Constraint(left: side(sign), right: side(-sign))
  }

  private static func rank(_ name: String) -> (Int, String) { (name == "inputs" ? 0 : name == "units" ? 2 : 1, name) }
}
