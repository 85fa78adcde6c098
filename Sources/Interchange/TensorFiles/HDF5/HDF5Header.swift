import Storage

/// What an object's header says of it, one message after another.
struct HDF5Message {
  let kind: Kind
  var body: ByteReader

  enum Kind: UInt16 {
    case dataspace = 1
    case linkInfo = 2
    case dataType = 3
    case link = 6
    case externalFiles = 7
    case layout = 8
    case filters = 11
    case attribute = 12
    case continuation = 16
    case symbolTable = 17
    case attributeInfo = 21
  }
}

extension HDF5Blocks {
  /// The messages of the object's header at an address, without those that say nothing of what is read here.
  mutating func messages(at address: UInt64) throws(Problem) -> [HDF5Message] {
    let what = "an object's header"
    guard !isOpened(address) else {
      throw Problem(
        "it stands where another object does, at byte \(address): groups that hold themselves and objects with two names are not read here"
      )
    }
    var reader = try open(address, what)
    let start = reader
    var messages: [HDF5Message] = []
    // Where the header goes on.
    var rest: [(address: UInt64, size: Int)] = []
    func add(_ kind: UInt16, _ flags: UInt8, _ body: ByteReader) throws(Problem) {
      guard let kind = HDF5Message.Kind(rawValue: kind) else { return }
      guard flags & 2 == 0 else {
        throw Problem("a part of its description stands elsewhere and is shared, which is not read here")
      }
      var body = body
      guard kind == .continuation else {
        guard messages.count < UInt16.max else { throw Problem("\(what) has more parts than there can be") }
        messages.append(HDF5Message(kind: kind, body: body))
        return
      }
      rest.append((try body.number(UInt64.self), try body.length()))
    }

    if try reader.number(UInt8.self) == 1 {
      try reader.skip(7)
      let size = Int(try reader.number(UInt32.self))
      try reader.skip(4)
      try claim(16 + size, what)
      var part = try reader.part(size)
      while true {
        // What is shorter than a message fills up.
        while part.count >= 8 {
          let (kind, size) = (try part.number(UInt16.self), Int(try part.number(UInt16.self)))
          let flags = try part.number(UInt8.self)
          try part.skip(3)
          try add(kind, flags, part.part(size))
        }
        guard let next = rest.popLast() else { return messages }
        part = try open(next.address, next.size, "the rest of \(what)")
      }
    }

    reader = start
    guard try reader.bytes(4) == Array("OHDR".utf8), try reader.number(UInt8.self) == 2 else {
      throw Problem("\(what) at byte \(address) is damaged or of an unknown version")
    }
    let flags = try reader.number(UInt8.self)
    try reader.skip((flags & 0x20 == 0 ? 0 : 16) + (flags & 0x10 == 0 ? 0 : 4))
    let size = Int(clamping: try reader.number(bytes: 1 << Int(flags & 3)))
    var part = try reader.part(size)
    try HDF5Checksum.check(start, to: &reader, what)
    try claim(reader.position - start.position, what)
    let prefix = flags & 4 == 0 ? 4 : 6
    while true {
      while part.count >= prefix {
        let (kind, size) = (UInt16(try part.number(UInt8.self)), Int(try part.number(UInt16.self)))
        let messageFlags = try part.number(UInt8.self)
        try part.skip(prefix - 4)
        try add(kind, messageFlags, part.part(size))
      }
      guard let next = rest.popLast() else { return messages }
      var block = try open(next.address, next.size, "the rest of \(what)")
      let start = block
      guard next.size >= 8, try block.bytes(4) == Array("OCHK".utf8) else { throw Problem("the rest of \(what) is damaged") }
      part = try block.part(next.size - 8)
      try HDF5Checksum.check(start, to: &block, "the rest of \(what)")
    }
  }
}
