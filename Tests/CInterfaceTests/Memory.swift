/// Arrays at fixed places, as a program in C has them.
final class Memory {
  private var counts: [UnsafeMutablePointer<Float>: Int] = [:]
  private var others: [UnsafeMutableRawPointer] = []

  deinit {
    for array in counts.keys { array.deallocate() }
    for other in others { other.deallocate() }
  }

  func array(_ values: [Float]) -> UnsafeMutablePointer<Float> {
    let array = UnsafeMutablePointer<Float>.allocate(capacity: max(values.count, 1))
    for (place, value) in values.enumerated() { array[place] = value }
    counts[array] = values.count
    return array
  }

  /// Numbers that nothing has written yet.
  func array(_ count: Int) -> UnsafeMutablePointer<Float> { array([Float](repeating: 99, count: count)) }

  func values(_ array: UnsafeMutablePointer<Float>) -> [Float] {
    Array(UnsafeBufferPointer(start: array, count: counts[array] ?? 0))
  }

  func integers(_ values: [Int]) -> UnsafePointer<Int64> {
    let array = UnsafeMutablePointer<Int64>.allocate(capacity: values.count)
    for (place, value) in values.enumerated() { array[place] = Int64(value) }
    others.append(array)
    return UnsafePointer(array)
  }

  func pointers(_ values: [UnsafeMutablePointer<Float>]) -> UnsafePointer<UnsafeMutablePointer<Float>?> {
    let array = UnsafeMutablePointer<UnsafeMutablePointer<Float>?>.allocate(capacity: values.count)
    for (place, value) in values.enumerated() { array[place] = value }
    others.append(array)
    return UnsafePointer(array)
  }

  func constants(_ values: [UnsafeMutablePointer<Float>]) -> UnsafePointer<UnsafePointer<Float>?> {
    let array = UnsafeMutablePointer<UnsafePointer<Float>?>.allocate(capacity: values.count)
    for (place, value) in values.enumerated() { array[place] = UnsafePointer(value) }
    others.append(array)
    return UnsafePointer(array)
  }
}
