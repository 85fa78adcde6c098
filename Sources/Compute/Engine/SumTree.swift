/// Adds up what the shards hold, `[count]` each, in a balanced binary tree over their numbers, in place.
///
/// A shard without sequences has no part in it, which is as if it held zeros but for the sign of a zero: sums to be added to what
/// begins at zero, as gradients do, are the same bits.
///
/// - Parameter parts: one for each shard, nil for one without sequences.
/// - Returns: the one that holds the sum then, that of the first shard with sequences; nil if none has any. The others hold
///   nothing of use.
package func sumTree(_ parts: [UnsafeMutablePointer<Float>?], count: Int) -> UnsafeMutablePointer<Float>? {
  var parts = parts
  while parts.count > 1 {
    parts = stride(from: 0, to: parts.count, by: 2).map { place in
      guard place + 1 < parts.count, let right = parts[place + 1] else { return parts[place] }
      guard let left = parts[place] else { return right }
      for place in 0..<count { left[place] += right[place] }
      return left
    }
  }
  return parts.first ?? nil
}

/// Adds up a number for each shard in a balanced binary tree over their numbers; 0 is that of a shard without sequences.
package func sumTree(_ parts: [Double]) -> Double {
  var parts = parts
  while parts.count > 1 {
    parts = stride(from: 0, to: parts.count, by: 2).map { $0 + 1 < parts.count ? parts[$0] + parts[$0 + 1] : parts[$0] }
  }
  return parts.first ?? 0
}
