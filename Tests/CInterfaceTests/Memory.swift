/// Arrays at fixed places, as a program in C has them.
final class Memory {
  private var counts: [UnsafeMutableRawPointer: Int] = [:]
  private var others: [UnsafeMutableRawPointer] = []

  deinit {
    for array in counts.keys { array.deallocate() }
    for other in others { other.deallocate() }
  }

  func array<Number: BinaryFloatingPoint>(_ values: [Number]) -> UnsafeMutablePointer<Number> {
    let array = UnsafeMutablePointer<Number>.allocate(capacity: max(values.count, 1))
    for (place, value) in values.enumerated() { array[place] = value }
    counts[array] = values.count
    return array
  }

  /// Numbers that nothing has written yet.
  func array(_ count: Int) -> UnsafeMutablePointer<Float> { array([Float](repeating: 99, count: count)) }

  func values<Number>(_ array: UnsafeMutablePointer<Number>) -> [Number] {
    Array(UnsafeBufferPointer(start: array, count: counts[array] ?? 0))
  }

  func integers(_ values: [Int]) -> UnsafePointer<Int64> {
    let array = UnsafeMutablePointer<Int64>.allocate(capacity: values.count)
    for (place, value) in values.enumerated() { array[place] = Int64(value) }
    others.append(array)
    return UnsafePointer(array)
  }

  func pointers<Number>(_ values: [UnsafeMutablePointer<Number>]) -> UnsafePointer<UnsafeMutablePointer<Number>?> {
    let array = UnsafeMutablePointer<UnsafeMutablePointer<Number>?>.allocate(capacity: values.count)
    for (place, value) in values.enumerated() { array[place] = value }
    others.append(array)
    return UnsafePointer(array)
  }

  func constants<Number>(_ values: [UnsafeMutablePointer<Number>]) -> UnsafePointer<UnsafePointer<Number>?> {
    let array = UnsafeMutablePointer<UnsafePointer<Number>?>.allocate(capacity: values.count)
    for (place, value) in values.enumerated() { array[place] = UnsafePointer(value) }
    others.append(array)
    return UnsafePointer(array)
  }
}
