import Engine

extension Trace.Quantity {
  /// An order of the units in which those that move alike stand side by side: from the two that are most alike, a chain grows at
  /// either end by whichever unit is most like the one there. Alike is what correlates.
  var chain: [Int] {
    let rows = profiles()
    guard width > 2 else { return Array(0..<width) }
    var similarity = [Float](repeating: -2, count: width * width)
    for left in 0..<width {
      for right in 0..<left {
        var sum: Float = 0
        for place in rows[left].indices { sum += rows[left][place] * rows[right][place] }
        similarity[left * width + right] = sum
        similarity[right * width + left] = sum
      }
    }
    let best = similarity.indices.max { similarity[$0] < similarity[$1] } ?? 1
    var chain = [best / width, best % width]
    var rest = Set(0..<width).subtracting(chain)
    func nearest(_ unit: Int) -> (unit: Int, similarity: Float) {
      rest.sorted().reduce((unit, -3)) { best, other in
        similarity[unit * width + other] > best.1 ? (other, similarity[unit * width + other]) : best
      }
    }
    var (front, back) = (nearest(chain[0]), nearest(chain[1]))
    while !rest.isEmpty {
      let added = front.similarity > back.similarity ? front.unit : back.unit
      let growsAtFront = front.similarity > back.similarity
      if growsAtFront { chain.insert(added, at: 0) } else { chain.append(added) }
      rest.remove(added)
      if rest.isEmpty { break }
      if growsAtFront || front.unit == added { front = nearest(chain[0]) }
      if !growsAtFront || back.unit == added { back = nearest(chain[chain.count - 1]) }
    }
    return chain
  }

  /// Each unit's values less their mean, scaled to length 1, at no more than 512 steps.
  private func profiles() -> [[Float]] {
    let stride = max(1, (steps + 511) / 512)
    return units { values in
      let chosen = Swift.stride(from: 0, to: values.count, by: stride).map { values[$0].isFinite ? values[$0] : 0 }
      let mean = chosen.reduce(0, +) / Float(chosen.count)
      let length = chosen.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
      return chosen.map { length > 0 ? ($0 - mean) / length : 0 }
    }
  }
}
