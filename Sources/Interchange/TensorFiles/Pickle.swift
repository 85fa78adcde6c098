import Storage
import Support

/// The value of a pickle, as far as PyTorch's tensors need pickles; it runs nothing.
///
/// A pickle is a program for a stack machine. Of its operations those are known that build numbers, texts, lists, tuples,
/// dictionaries and objects, and of the functions and classes that it may name those that ``PickleNames`` has, which are kept as
/// names. All else is refused by name. Source: the comments of Python's module `pickletools`.
struct Pickle {
  typealias Problem = StrictJSON.Problem

  /// A value; parts of it are indices into ``nodes``, so that values that hold themselves and deep ones do no harm.
  enum Node {
    case mark
    case none
    case bool(Bool)
    case integer(Int)
    case number
    case text(String)
    case tuple([Int])
    case list([Int])
    case dictionary([(key: Int, value: Int)])
    /// A function or a class, `module.name`.
    case global(String)
    /// What a function was called with, or an object made of a class. What is said of its state afterwards is not kept.
    case call(String, [Int])
    /// What stands outside of the pickle, by its identifier.
    case persistent(Int)
  }

  private(set) var nodes: [Node] = []
  /// The whole value.
  private(set) var root = 0

  private var stack: [Int] = []
  private var memo: [Int: Int] = [:]

  init(_ bytes: ByteReader) throws(Problem) {
    var reader = bytes
    while !reader.isAtEnd {
      let place = reader.position
      let operation = try reader.number(UInt8.self)
      if operation == UInt8(ascii: ".") {
        root = try pop()
        return
      }
      do throws(Problem) { try run(operation, &reader) } catch {
        throw Problem("the pickle can't be read at byte \(place) of the file: \(error.text)")
      }
    }
    throw Problem("the pickle has no end")
  }

  private mutating func run(_ operation: UInt8, _ reader: inout ByteReader) throws(Problem) {
    switch Unicode.Scalar(operation) {
    // A protocol's number and a frame's length change nothing here.
    case "\u{80}": try reader.skip(1)
    case "\u{95}": try reader.skip(8)
    case "(": push(.mark)
    case "N": push(.none)
    case "\u{88}": push(.bool(true))
    case "\u{89}": push(.bool(false))
    case "J": push(.integer(Int(try reader.number(Int32.self))))
    case "K": push(.integer(Int(try reader.number(UInt8.self))))
    case "M": push(.integer(Int(try reader.number(UInt16.self))))
    case "\u{8A}": push(try longInteger(Int(try reader.number(UInt8.self)), &reader))
    case "\u{8B}": push(try longInteger(Int(try reader.number(UInt32.self)), &reader))
    case "G":
      try reader.skip(8)
      push(.number)
    case "X": push(.text(try text(Int(try reader.number(UInt32.self)), &reader)))
    case "\u{8C}": push(.text(try text(Int(try reader.number(UInt8.self)), &reader)))
    // Bytes are parts of values that are not read, such as NumPy's numbers.
    case "C": try pushBytes(Int(try reader.number(UInt8.self)), &reader)
    case "B": try pushBytes(Int(try reader.number(UInt32.self)), &reader)
    case "\u{8E}": try pushBytes(try reader.length(), &reader)
    case ")": push(.tuple([]))
    case "t": push(.tuple(try popToMark()))
    case "\u{85}": push(.tuple(try pop(1)))
    case "\u{86}": push(.tuple(try pop(2)))
    case "\u{87}": push(.tuple(try pop(3)))
    case "]", "\u{8F}": push(.list([]))
    case "\u{91}": push(.list(try popToMark()))
    case "}": push(.dictionary([]))
    case "a": try append(try pop(1))
    case "e", "\u{90}": try append(try popToMark())
    case "s": try set(try pop(2))
    case "u": try set(try popToMark())
    case "c": push(try global(try line(&reader), try line(&reader)))
    case "\u{93}":
      let names = try pop(2)
      guard case .text(let module) = nodes[names[0]], case .text(let name) = nodes[names[1]] else {
        throw Problem("a function is named by something that is no text")
      }
      push(try global(module, name))
    case "R", "\u{81}": try reduce(try pop(2))
    case "\u{92}":
      let values = try pop(3)
      guard case .dictionary = nodes[values[2]] else { throw Problem("it names arguments by something that is no dictionary") }
      try reduce(Array(values[..<2]))
    // The attributes of a dictionary hold nothing of its contents, and objects are passed over.
    case "b":
      let value = try pop(2)[0]
      switch nodes[value] {
      case .dictionary, .call: stack.append(value)
      default: throw Problem("it changes the state of an object, which is refused")
      }
    case "Q": push(.persistent(try pop()))
    case "h": try recall(Int(try reader.number(UInt8.self)))
    case "j": try recall(Int(try reader.number(UInt32.self)))
    case "q": memo[Int(try reader.number(UInt8.self))] = try top()
    case "r": memo[Int(try reader.number(UInt32.self))] = try top()
    case "\u{94}": memo[memo.count] = try top()
    default:
      let shown = (0x21...0x7E).contains(operation) ? "\(Unicode.Scalar(operation))" : "0x" + String(operation, radix: 16)
      throw Problem("it uses the operation \(shown), which tensors don't need and which is refused")
    }
  }

  // MARK: The stack

  private mutating func push(_ node: Node) {
    stack.append(nodes.count)
    nodes.append(node)
  }

  private mutating func pop() throws(Problem) -> Int {
    guard let value = stack.popLast() else { throw Problem("it takes a value from an empty stack") }
    if case .mark = nodes[value] { throw Problem("it takes a mark for a value") }
    return value
  }

  private mutating func pop(_ count: Int) throws(Problem) -> [Int] {
    var values: [Int] = []
    for _ in 0..<count { values.append(try pop()) }
    return values.reversed()
  }

  private mutating func popToMark() throws(Problem) -> [Int] {
    let mark = stack.lastIndex { if case .mark = nodes[$0] { true } else { false } }
    guard let mark else { throw Problem("it looks for a mark that is not there") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[(mark + 1)...])
  }

  private func top() throws(Problem) -> Int {
    guard let value = stack.last else { throw Problem("it takes a value from an empty stack") }
    return value
  }

  private mutating func recall(_ place: Int) throws(Problem) {
    guard let value = memo[place] else { throw Problem("it recalls value \(place), which it has not remembered") }
    stack.append(value)
  }

  // MARK: Values

  private mutating func append(_ values: [Int]) throws(Problem) {
    guard case .list(var list) = nodes[try top()] else { throw Problem("it appends to something that is no list") }
    let place = try top()
    // The list must not be held twice while it grows, or each step would copy it.
    nodes[place] = .none
    list += values
    nodes[place] = .list(list)
  }

  private mutating func set(_ values: [Int]) throws(Problem) {
    guard values.count.isMultiple(of: 2) else { throw Problem("it sets a key without a value") }
    guard case .dictionary(var pairs) = nodes[try top()] else { throw Problem("it sets keys of something that is no dictionary") }
    let place = try top()
    nodes[place] = .none
    for pair in stride(from: 0, to: values.count, by: 2) { pairs.append((values[pair], values[pair + 1])) }
    nodes[place] = .dictionary(pairs)
  }

  private func global(_ module: String, _ name: String) throws(Problem) -> Node {
    let name = "\(module).\(name)"
    guard PickleNames.isKnown(name) else { throw Problem(PickleNames.refusal(of: name)) }
    return .global(name)
  }

  private mutating func reduce(_ values: [Int]) throws(Problem) {
    guard case .global(let name) = nodes[values[0]], case .tuple(let arguments) = nodes[values[1]] else {
      throw Problem("it calls something that is no function")
    }
    switch true {
    case PickleNames.isDictionary(name):
      // Most are filled after the call. One that is made of another one is that: both hold the same.
      let filled = arguments.first { if case .dictionary = nodes[$0] { true } else { false } }
      if let filled { return stack.append(filled) }
      guard arguments.allSatisfy({ if case .global = nodes[$0] { true } else { false } }) else {
        throw Problem("it makes \(quoted(name)) of something that is no dictionary")
      }
      push(.dictionary([]))
    case PickleNames.isList(name):
      guard let list = arguments.first else { return push(.list([])) }
      stack.append(list)
    default: push(.call(name, arguments))
    }
  }

  private mutating func pushBytes(_ count: Int, _ reader: inout ByteReader) throws(Problem) {
    try reader.skip(count)
    push(.none)
  }

  private mutating func longInteger(_ count: Int, _ reader: inout ByteReader) throws(Problem) -> Node {
    let bytes = try reader.bytes(count)
    // Longer ones count nothing that a file holds.
    guard bytes.count <= 8 else { return .number }
    let fill: UInt8 = bytes.last.map { $0 & 0x80 == 0 ? 0 : 0xFF } ?? 0
    let padded = bytes + Array(repeating: fill, count: 8 - bytes.count)
    return .integer(Int(truncatingIfNeeded: padded.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
  }

  private func text(_ length: Int, _ reader: inout ByteReader) throws(Problem) -> String {
    guard let text = String(validating: try reader.bytes(length), as: UTF8.self) else { throw Problem("a text is not UTF-8") }
    return text
  }

  private func line(_ reader: inout ByteReader) throws(Problem) -> String {
    guard let text = String(validating: try reader.line(), as: UTF8.self) else { throw Problem("a name is not UTF-8") }
    return text
  }
}
