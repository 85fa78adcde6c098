import Storage
package import Support

/// Arrays that an HDF5 file is to have, by their paths.
package struct HDF5Tree: Sendable {
  package var arrays: [(path: String, values: [Float], shape: [Int])] = []
  /// Groups without arrays, which some readers look for.
  package var groups: [String] = []

  package init() {}

  /// The bytes of the file: the same ones for the same tree.
  ///
  /// - Throws: ``RecurrentError`` if a group has more members than the format's oldest and most widely read form can list.
  package func bytes() throws(RecurrentError) -> [UInt8] {
    var root = Group()
    for path in groups { root.add(nil, at: path.split(separator: "/")) }
    for (place, array) in arrays.enumerated() { root.add(place, at: array.path.split(separator: "/")) }
    let most = root.mostMembers
    guard most <= UInt16.max else {
      throw RecurrentError(cannotWrite: "an HDF5 file", "a group of it has \(most) members; the most are 65535")
    }
    var writer = Writer(membersPerList: max(8, most + most % 2))
    let address = writer.add(root, arrays)
    writer.finish(root: address)
    return writer.bytes
  }
}

/// Members by their names.
private struct Group {
  private(set) var groups: [String: Group] = [:]
  /// Each by its number.
  private(set) var arrays: [String: Int] = [:]

  /// Adds an array, or nil for a group, and the groups that lead to it.
  mutating func add(_ array: Int?, at path: [Substring]) {
    guard let name = path.first.map(String.init) else { return }
    if let array, path.count == 1 {
      arrays[name] = array
    } else {
      groups[name, default: Group()].add(array, at: Array(path.dropFirst()))
    }
  }

  var mostMembers: Int { max(groups.count + arrays.count, groups.values.map(\.mostMembers).max() ?? 0) }
}

/// Writes blocks one after the other, each when the addresses that stand in it are known.
private struct Writer {
  private(set) var bytes: [UInt8]
  /// How many members a group's list has room for. Readers know it from the file's header, so that one list is enough for any
  /// group.
  private let membersPerList: Int
  /// How many lists a group's tree has room for; there is one.
  private let listsPerTree = 32

  private static let headerSize = 96

  init(membersPerList: Int) {
    bytes = [UInt8](repeating: 0, count: Self.headerSize)
    self.membersPerList = membersPerList
  }

  /// Writes a group after its members.
  ///
  /// - Returns: the address of its header.
  mutating func add(_ group: Group, _ arrays: [(path: String, values: [Float], shape: [Int])]) -> Int {
    var members: [(name: String, address: Int)] = []
    for (name, inner) in group.groups.sorted(by: { $0.key < $1.key }) { members.append((name, add(inner, arrays))) }
    for (name, place) in group.arrays.sorted(by: { $0.value < $1.value }) {
      members.append((name, add(arrays[place].values, arrays[place].shape)))
    }
    // Readers look for names by halves, in the order of their bytes.
    members.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }

    var names = [UInt8](repeating: 0, count: 8)
    var places: [Int] = []
    for (name, _) in members {
      places.append(names.count)
      names += Array(name.utf8) + [UInt8](repeating: 0, count: 8 - name.utf8.count % 8)
    }
    let heap = bytes.count
    bytes += Array("HEAP".utf8) + [0, 0, 0, 0]
    // The 1 says that no bytes are free.
    add(names.count, 1, heap + 32)
    bytes += names

    let list = bytes.count
    if !members.isEmpty {
      bytes += Array("SNOD".utf8) + [1, 0] + little(UInt16(members.count))
      for ((_, address), place) in zip(members, places) { add(place, address, 0, 0, 0) }
      fill(to: list + 8 + 40 * membersPerList)
    }
    let tree = bytes.count
    bytes += Array("TREE".utf8) + [0, 0] + little(UInt16(members.isEmpty ? 0 : 1))
    // No tree stands beside it; the list's last name follows the list.
    add(-1, -1, 0, members.isEmpty ? 0 : list, places.last ?? 0)
    fill(to: tree + 24 + 16 * listsPerTree + 8)
    return addHeader([(17, little(tree) + little(heap))])
  }

  private mutating func add(_ values: [Float], _ shape: [Int]) -> Int {
    let start = bytes.count
    values.withUnsafeBytes { bytes += $0 }
    fill(to: (bytes.count + 7) / 8 * 8)
    let space = [1, UInt8(shape.count), 0, 0, 0, 0, 0, 0] + shape.flatMap(little)
    // Little-endian, the fraction's first bit left out, the sign in bit 31; 32 bits from bit 0 on; the exponent's 8 from bit 23
    // on; the fraction's 23 from bit 0 on; 127 is added to the exponent.
    let type = [0x11, 0x20, 31, 0] + little(UInt32(4)) + [0, 0, 32, 0, 23, 8, 0, 23] + little(UInt32(127))
    // Space is had when numbers are written, and nothing else is filled in.
    let filling: [UInt8] = [2, 2, 2, 1, 0, 0, 0, 0]
    let place = [3, 1] + little(values.isEmpty ? -1 : start) + little(values.count * 4)
    return addHeader([(1, space), (3, type), (5, filling), (8, place)])
  }

  /// Writes an object's header.
  private mutating func addHeader(_ messages: [(kind: UInt16, body: [UInt8])]) -> Int {
    let address = bytes.count
    var body: [UInt8] = []
    for message in messages {
      let size = (message.body.count + 7) / 8 * 8
      body += little(message.kind) + little(UInt16(size)) + [0, 0, 0, 0]
      body += message.body + [UInt8](repeating: 0, count: size - message.body.count)
    }
    // One link leads to it.
    bytes += [1, 0] + little(UInt16(messages.count)) + little(UInt32(1)) + little(UInt32(body.count)) + [0, 0, 0, 0] + body
    return address
  }

  mutating func finish(root: Int) {
    let tree = little(UInt16(membersPerList / 2)) + little(UInt16(listsPerTree / 2))
    let header = HDF5Blocks.signature + [0, 0, 0, 0, 0, 8, 8, 0] + tree + [0, 0, 0, 0]
    // The file begins at 0, knows of no free space, ends here, and has no driver. Then its root, which has no name.
    let addresses = [0, -1, bytes.count, -1, 0, root, 0, 0, 0].flatMap(little)
    bytes.replaceSubrange(..<Self.headerSize, with: header + addresses)
  }

  private mutating func add(_ numbers: Int...) { bytes += numbers.flatMap(little) }

  private mutating func fill(to count: Int) { bytes += [UInt8](repeating: 0, count: count - bytes.count) }

  private func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
