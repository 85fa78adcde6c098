import CellCompiler
import CellLanguage
import Engine
import EngineLaws

/// The rows and steps of a piece of work that are compared: few enough for the reference to take a moment.
struct BenchmarkSlice {
  let work: BenchmarkWork
  /// The compared rows of the batch.
  let rows: [Int]
  /// The number of compared steps, from the first on.
  let steps: Int

  init(_ work: BenchmarkWork) {
    self.work = work
    rows = Set([0, work.batch / 2, work.batch - 1]).sorted()
    steps = min(work.steps, 4)
  }

  var lengths: PackedLengths { PackedLengths(steps: steps, batch: rows.count) }

  /// The indices of the slice among the `T · B` rows of an array `[T, B, …]`.
  private var places: [Int] { (0..<steps).flatMap { step in rows.map { step * work.batch + $0 } } }

  /// The slice of an array `[T, B, …]`.
  func cut(_ values: [Float]) -> [Float] { take(places, of: values, total: work.batch * work.steps) }

  /// The rows of an array `[B, …]`.
  func cutRows(_ values: [Float]) -> [Float] { take(rows, of: values, total: work.batch) }

  /// An array `[T, B, …]` with zeros outside of the slice.
  func masked(_ values: [Float]) -> [Float] {
    let width = values.count / (work.batch * work.steps)
    var result = [Float](repeating: 0, count: values.count)
    for place in places {
      let range = place * width..<(place + 1) * width
      result.replaceSubrange(range, with: values[range])
    }
    return result
  }

  private func take(_ places: [Int], of values: [Float], total: Int) -> [Float] {
    let width = values.count / total
    return places.flatMap { values[$0 * width..<($0 + 1) * width] }
  }
}

extension BenchmarkSlice {
  /// How far a right result in Float may be from the reference, as a fraction of the largest number of its array (at least 1).
  ///
  /// A step rounds once for each addition of its longest sums, n of them, and a few ulps for each pointwise operation. With
  /// weights within ±1/√units and vectors within ±1 the terms of a sum have about √n / 4 as the sum of their magnitudes;
  /// the roundings of a sum of n terms, each as likely up as down, stay below 4 √n halves of an ulp of that (Higham & Mary
  /// 2019, theorem 2.4, with a probability of 0.999), which is n halves. Such weights make no error larger from step to
  /// step, so that errors add up over the steps, and once more on the way back. 2⁻²⁴ is half an ulp of 1.
  var tolerance: Double {
    let memory = (work.memoryRows ?? 0) + (work.plan.memoryWidth ?? 0)
    let additions = work.plan.products.reduce(2 + steps * rows.count + memory) { $0 + max($1.k, $1.n) }
    return Double(2 * steps) * (Double(additions) + work.plan.pointwiseRoundings) * 0x1p-24
  }

  /// The first number that is further from the expected one than ``tolerance`` allows, in words; nil if there is none.
  func deviation(of actual: [Float], from expected: [Double], in what: String) -> String? {
    guard actual.count == expected.count else { return "\(what) has \(actual.count) numbers, not \(expected.count)" }
    let bound = tolerance * expected.reduce(1) { max($0, abs($1)) }
    let bad = actual.indices.first { !(abs(Double(actual[$0]) - expected[$0]) <= bound) }
    return bad.map { "number \($0) of \(what) is \(actual[$0]), expected \(Float(expected[$0])) ± \(Float(bound))" }
  }
}
