/// Parts of vectors.
extension SizeChecker {
  struct Slice {
    let vector: String
    let end: SizeForm
    let place: Span
  }

  mutating func slice(
    _ vector: ExpressionSyntax, _ from: SizeSyntax, _ to: SizeSyntax, at place: Span
  ) throws(Diagnostic) -> SizeForm {
    let name = source.text(of: vector.span)
    if SizeForm(from.size).isAlways(atMost: -1) {
      throw source.diagnostic(.badSlice(name), at: place)
    }
    let length = SizeForm(to.size).adding(SizeForm(from.size), times: -1)
    if length.isAlways(atMost: 0) {
      throw source.diagnostic(
        .emptySlice(source.text(of: place), from: from.size.description, to: to.size.description),
        at: place)
    }
    switch vector.kind {
    case .name(let name), .next(let name):
      slices.append(Slice(vector: name, end: SizeForm(to.size), place: place))
    default: break
    }
    return length
  }

  /// A vector of which nothing else says how long it is ends where the part of it ends that goes furthest. No part may end beyond
  /// its vector.
  mutating func measureSlices() throws(Diagnostic) {
    for slice in slices {
      guard let form = solver.resolved(vector(slice.vector)), !form.unknowns.isEmpty else {
        continue
      }
      let ends = slices.filter { $0.vector == slice.vector }.map(\.end)
      let longest = ends.first { end in
        ends.allSatisfy { end.adding($0, times: -1).isAlways(atLeast: 0) || end == $0 }
      }
      guard let longest else {
        let texts = ends.reduce(into: [String]()) {
          if !$0.contains($1.description) { $0.append($1.description) }
        }
        throw source.diagnostic(.unclearLength(slice.vector, ends: texts), at: slice.place)
      }
      _ = solver.equate(form, longest)
    }
    for slice in slices {
      guard let form = solver.resolved(vector(slice.vector)) else { continue }
      if form.adding(slice.end, times: -1).isAlways(atMost: -1) {
        throw source.diagnostic(
          .sliceBeyondEnd(
            source.text(of: slice.place), vector: slice.vector, size: form.description),
          at: slice.place)
      }
    }
  }
}
