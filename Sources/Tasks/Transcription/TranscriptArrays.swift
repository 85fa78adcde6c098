import Models
import Support
import Tables
import TensorFiles

/// Reads sequences with their symbols from the arrays of an `.npz` file: all steps of all sequences one after the other,
/// `[all steps, width]`, how many each sequence has, and in the same way the symbols, as whole numbers.
struct TranscriptArrays {
  let form: TranscriptForm
  let width: Int
  let sequences: [(sequence: TranscribedSequence, fault: TranscriptFault?)]

  /// - Throws: ``RecurrentError`` if the file can't be read, its arrays don't go together, or it is not clear which is which.
  init(_ path: String, _ request: TranscriptRequest) throws(RecurrentError) {
    let file = try TensorFile(contentsOf: path)
    if request.cut != nil {
      throw RecurrentError(
        .data, naming: "\(path) lists its symbols, and \(Setting("tokens")) says how a text is cut: leave it out")
    }
    let form = try Self.form(file, path, request)
    self.form = form
    let shape = file[form.numbers]?.shape ?? []
    let width = shape.count == 2 ? shape[1] : 1
    guard width > 0 else { throw RecurrentError(.data, "\(path): “\(form.numbers)” has no number in a step") }
    self.width = width
    let values = try file.floats(form.numbers)
    let lengths = try form.lengths.map { name throws(RecurrentError) in try file.integers(name) } ?? []
    try Self.check(lengths, form.lengths, add: values.count / width, form.numbers, path)
    var symbols: [Int] = []
    var counts: [Int] = []
    if let name = form.symbols, request.takesSymbols, let countsName = form.counts {
      (symbols, counts) = (try file.integers(name), try file.integers(countsName))
      try Self.check(counts, countsName, add: symbols.count, name, path)
      if counts.count != lengths.count {
        throw RecurrentError(
          .data,
          "\(path): “\(form.lengths ?? "")” is of \(lengths.count) sequences, and “\(countsName)” of \(counts.count); they should be equal"
        )
      }
    }
    var (step, symbol) = (0, 0)
    var sequences: [(sequence: TranscribedSequence, fault: TranscriptFault?)] = []
    for (place, length) in lengths.enumerated() {
      var own: [String]?
      if place < counts.count {
        own = symbols[symbol..<symbol + counts[place]].map(String.init)
        symbol += counts[place]
      }
      let sequence = TranscribedSequence(
        line: place + 1, values: Array(values[step * width..<(step + length) * width]), steps: length, symbols: own)
      step += length
      sequences.append((sequence, TranscriptFault(sequence, width: width)))
    }
    self.sequences = sequences
  }

  /// - Throws: ``RecurrentError`` if the lengths are not those of parts of an array.
  private static func check(
    _ lengths: [Int], _ name: String?, add count: Int, _ array: String, _ path: String
  ) throws(RecurrentError) {
    let name = name ?? ""
    if let bad = lengths.firstIndex(where: { $0 < 0 || $0 > count }) {
      throw RecurrentError(
        .data, "\(path), sequence \(bad + 1): “\(name)” is \(lengths[bad]), and “\(array)” has \(count) rows in all")
    }
    // None is larger than the count, so that the sum can't overflow before it is too large.
    let sum = lengths.reduce(0) { $0 > count ? $0 : $0 + $1 }
    if sum != count {
      throw RecurrentError(
        .data,
        "\(path): “\(name)” says that there are \(sum > count ? "more than \(count)" : "\(sum)") rows, and “\(array)” has \(count)"
      )
    }
  }

  /// Finds out which arrays are which: by their types and shapes, and by which lengths add up to how much of another one.
  private static func form(
    _ file: TensorFile, _ path: String, _ request: TranscriptRequest
  ) throws(RecurrentError) -> TranscriptForm {
    let names = file.tensors.map(\.name)
    let asked = [request.numbers, request.lengths] + (request.takesSymbols ? [request.symbols, request.counts] : [])
    for name in asked.compactMap({ $0 }) where !names.contains(name) {
      throw RecurrentError(.data, "\(path): there is no array “\(name)”; it has \(shortened(names))")
    }
    func only(_ names: [String], _ asked: String?, _ what: String, _ setting: String) throws(RecurrentError) -> String {
      if let asked { return asked }
      if names.count == 1 { return names[0] }
      throw RecurrentError(
        .data,
        naming: names.isEmpty
          ? "\(path): none of its arrays can be \(what); it has \(shortened(file.tensors.map(\.name))): say which with \(Setting(setting))"
          : "\(path): \(what) may be \(names.map { "“\($0)”" }.joined(separator: " or ")): say which with \(Setting(setting))")
    }
    let whole = file.tensors.filter { $0.shape.count == 1 && $0.isWhole }
    var integers: [String: [Int]] = [:]
    for tensor in whole { integers[tensor.name] = try file.integers(tensor.name) }
    func adding(to count: Int, of sequences: Int?, _ others: [String?]) -> [String] {
      whole.map(\.name).filter { name in
        guard !others.contains(name), let lengths = integers[name], sequences == nil || lengths.count == sequences else {
          return false
        }
        return lengths.allSatisfy { $0 >= 0 && $0 <= count } && lengths.reduce(0, { $0 > count ? $0 : $0 + $1 }) == count
      }
    }
    let numbers = try only(
      file.tensors.filter { $0.shape.count == 2 && !request.names.contains($0.name) }.map(\.name), request.numbers,
      "the numbers of the steps, [all steps, numbers]", "values")
    guard let tensor = file[numbers], (1...2).contains(tensor.shape.count) else {
      throw RecurrentError(
        .data,
        "\(path): “\(numbers)” has the shape \(file[numbers]?.shape ?? []); the steps of all sequences stand one after the other, [all steps, numbers]"
      )
    }
    let lengths = try only(
      adding(to: tensor.shape[0], of: nil, [numbers, request.symbols, request.counts]), request.lengths,
      "how many of the steps each sequence has", "lengths")
    guard request.takesSymbols else {
      return TranscriptForm(numbers: numbers, symbols: request.symbols, lengths: lengths, counts: request.counts)
    }
    // The symbols and their counts are found together: a pair of which one says how the other is cut.
    let count = if let known = integers[lengths] { known.count } else { try file.integers(lengths).count }
    let pairs = whole.map(\.name).filter { ![numbers, lengths].contains($0) && (request.symbols ?? $0) == $0 }.flatMap {
      symbols in
      adding(to: integers[symbols]?.count ?? 0, of: count, [numbers, lengths, symbols])
        .filter { (request.counts ?? $0) == $0 }.map { (symbols: symbols, counts: $0) }
    }
    let symbols = try only(
      pairs.map(\.symbols).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }, request.symbols,
      "the symbols, [all symbols], with another array that says how many each sequence has", "target")
    let counts = try only(
      pairs.filter { $0.symbols == symbols }.map(\.counts), request.counts, "how many symbols each sequence has",
      "target-lengths")
    return TranscriptForm(numbers: numbers, symbols: symbols, lengths: lengths, counts: counts)
  }
}

extension TranscriptRequest {
  fileprivate var names: [String] { [symbols, lengths, counts].compactMap { $0 } }
}

extension TensorFile.Tensor {
  /// Whether its elements are whole numbers by their type.
  fileprivate var isWhole: Bool {
    [.uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64].contains(dataType)
  }
}
