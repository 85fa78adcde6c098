import Testing

/// Fails unless two arrays agree within `tolerance` times their largest number, or 1 if that is larger.
func expectClose(
  _ actual: [Float], _ expected: [Float], tolerance: Float, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record("\(what): \(actual.count) numbers, expected \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  let scale = expected.reduce(1) { max($0, abs($1)) }
  for (index, (a, e)) in zip(actual, expected).enumerated() where !(abs(a - e) <= tolerance * scale) {
    Issue.record("\(what)[\(index)] is \(a), expected \(e) ± \(tolerance * scale)", sourceLocation: sourceLocation)
    return
  }
}

func expectClose(
  _ actual: Trial.Result, _ expected: Trial.Result, tolerance: Float, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  for (state, values) in expected.states.enumerated() {
    expectClose(actual.states[state], values, tolerance: tolerance, "\(what): state \(state)", sourceLocation: sourceLocation)
    expectClose(
      actual.final[state], expected.final[state], tolerance: tolerance, "\(what): final state \(state)",
      sourceLocation: sourceLocation)
    expectClose(
      actual.initialGradients[state], expected.initialGradients[state], tolerance: tolerance,
      "\(what): gradient of initial state \(state)", sourceLocation: sourceLocation)
  }
  expectClose(
    actual.inputGradient, expected.inputGradient, tolerance: tolerance, "\(what): gradient of the input",
    sourceLocation: sourceLocation)
  expectClose(
    actual.parameterGradient, expected.parameterGradient, tolerance: tolerance, "\(what): gradient of the parameters",
    sourceLocation: sourceLocation)
}
