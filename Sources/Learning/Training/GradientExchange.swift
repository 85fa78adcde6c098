import Engine
import Processes
import Support

/// Adds up what processes have summed up for parts of a batch.
///
/// Each process adds up a share of the numbers: the others send it what they have of these, it adds them along the tree over the shards,
/// and sends the sums to all. So a process sends and receives twice all numbers, less its own share, however many processes there are.
final class GradientExchange {
  private let team: any Communicator
  private let machine: Machine
  /// What other processes' parts have of this one's share.
  private var arrived: [Int: FloatBuffer] = [:]

  init(_ team: any Communicator, on machine: Machine) {
    self.team = team
    self.machine = machine
  }

  /// - Parameters:
  ///   - own: the numbers of this process's parts, `[count]` each; they hold nothing of use afterwards.
  ///   - target: receives the sums, `[count]`.
  /// - Throws: ``RecurrentError`` if a process has failed.
  func sum(
    _ own: [UnsafeMutablePointer<Float>], of deal: BatchDeal, count: Int, to target: UnsafeMutablePointer<Float>
  ) throws(RecurrentError) {
    let share = share(of: team.rank, count)
    var parts: [Int: UnsafeMutablePointer<Float>] = [:]
    for (part, numbers) in zip(deal.parts(of: team.rank), own) { parts[part.shard] = numbers + share.lowerBound }
    try eachOther { to, from throws(RecurrentError) in
      let theirs = deal.parts(of: from)
      let wanted = self.share(of: to, count)
      for place in 0..<max(own.count, theirs.count) {
        var incoming: (bytes: UnsafeMutableRawBufferPointer, from: Int)?
        if place < theirs.count {
          let numbers = (arrived[theirs[place].shard] ?? FloatBuffer(count: 0)).grown(to: share.count)
          arrived[theirs[place].shard] = numbers
          parts[theirs[place].shard] = numbers.base
          incoming = (bytes(numbers.base, share.count), from)
        }
        let outgoing = place < own.count ? bytes(own[place] + wanted.lowerBound, wanted.count) : nil
        try team.transfer(outgoing.map { (UnsafeRawBufferPointer($0), to) }, incoming)
      }
    }
    add(parts, count: share.count, to: target + share.lowerBound)
    try eachOther { to, from throws(RecurrentError) in
      let theirs = self.share(of: from, count)
      try team.transfer(
        (UnsafeRawBufferPointer(bytes(target + share.lowerBound, share.count)), to),
        (bytes(target + theirs.lowerBound, theirs.count), from))
    }
  }

  /// - Parameter parts: by their first shards: a part stands at its node of the tree as if the rest of it were empty.
  private func add(_ parts: [Int: UnsafeMutablePointer<Float>], count: Int, to target: UnsafeMutablePointer<Float>) {
    nonisolated(unsafe) let (places, target) = ((0..<(parts.keys.max() ?? 0) + 1).map { parts[$0] }, target)
    machine.forEachPart(of: count, grain: 1 << 14) { range in
      if let sum = sumTree(places.map { $0.map { $0 + range.lowerBound } }, count: range.count) {
        (target + range.lowerBound).update(from: sum, count: range.count)
      } else {
        (target + range.lowerBound).update(repeating: 0, count: range.count)
      }
    }
  }

  /// Goes through the other processes such that each sends to one and receives from one at a time.
  private func eachOther(_ body: (_ to: Int, _ from: Int) throws(RecurrentError) -> Void) throws(RecurrentError) {
    for distance in 1..<team.size {
      try body((team.rank + distance) % team.size, (team.rank + team.size - distance) % team.size)
    }
  }

  /// The numbers that a process adds up, whole cache lines of them.
  private func share(of process: Int, _ count: Int) -> Range<Int> {
    func bound(_ process: Int) -> Int { process == team.size ? count : count * process / team.size / 16 * 16 }
    return bound(process)..<bound(process + 1)
  }

  private func bytes(_ numbers: UnsafeMutablePointer<Float>, _ count: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: numbers, count: 4 * count)
  }
}
