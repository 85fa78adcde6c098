import CellCompiler
import CellLanguage
import Engine
import Sequences
import Support

/// What a word's vector has after its embedding: what a network makes of its characters, and its shapes.
struct WordFormPart: InputPart {
  /// The network that gives a vector for the spelling of a word; nil if words are not spelled.
  private let spelling: Architecture?
  /// The features of a word's shape.
  private let shapes: Int
  /// The network, compiled, without weights.
  private var network: Network?

  static let prefix = "spelling."

  init(spelling: Architecture?, shapes: Int) {
    self.spelling = spelling
    self.shapes = shapes
  }

  var width: Int { spelled + shapes }
  var form: InputForm { .special("words with their spelling") }
  /// The numbers that the network gives for a word.
  private var spelled: Int { network?.architecture.outputWidth ?? spelling?.outputWidth ?? 0 }

  func prepared() throws -> WordFormPart {
    var part = self
    part.network = try spelling.map { try Network($0) { [Float](repeating: 0, count: $0.count) } }
    return part
  }

  var tensors: [WeightTensor] {
    (network?.graph.tensors ?? []).map { WeightTensor(Self.prefix + $0.name, $0.axes, isFixed: $0.isFixed) }
  }

  func initialWeights(isTied: Bool, using random: inout Random) -> [Float] { network?.initialParameters(&random) ?? [] }

  func fault(in rows: any InputRows, count: Int) -> String? {
    guard let forms = rows as? WordForms else { return "has no words with their spelling" }
    if forms.spellings.count != count { return "has \(forms.spellings.count) spellings for \(count) rows" }
    let words = forms.lengths.batch
    if let odd = forms.spellings.first(where: { $0 < 0 || Int($0) >= words }) {
      return "has no spelling \(odd); it has \(words), counted from 0"
    }
    if forms.shapes.count != words * shapes {
      return "has \(forms.shapes.count) shapes; \(words) words have \(shapes) each"
    }
    return nil
  }

  func encoder(machine: Machine, trains: Bool, dropout: Double, isTied: Bool) -> any PartEncoder {
    WordFormEncoder(
      network.map { NetworkRunner($0, machine: machine, trains: trains) }, trains: trains, spelled: spelled, shapes: shapes)
  }
}

/// Spells each different word of a batch once; rows point to it.
private final class WordFormEncoder: PartEncoder {
  private let runner: NetworkRunner?
  private let trains: Bool
  private let spelled: Int
  private let shapes: Int
  private var forms = WordForms(spellings: [], lengths: PackedLengths(steps: 0, batch: 0), characters: [], shapes: [])
  /// What the network gave, `[different words, spelled]`.
  private var vectors: [Float] = []
  /// The gradient of that: a word may stand in sentences of several shards.
  private var sums: SymbolSums

  init(_ runner: NetworkRunner?, trains: Bool, spelled: Int, shapes: Int) {
    self.runner = runner
    self.trains = trains
    self.spelled = spelled
    self.shapes = shapes
    sums = SymbolSums(symbols: 0, width: spelled)
  }

  var isLearned: Bool { runner != nil }

  func load(_ weights: UnsafePointer<Float>) {
    guard let runner else { return }
    runner.load(Array(UnsafeBufferPointer(start: weights, count: runner.layout.count)))
  }

  func plannedBytes(_ rows: any InputRows) -> Int {
    let lengths = rows.read(as: WordForms.self).lengths
    return runner?.plannedMemory(lengths).bytes ?? 0
  }

  var allocatedBytes: Int {
    runner.map { $0.allocatedBytes + $0.startBytes(sequences: forms.lengths.batch) } ?? 0
  }

  func begin(_ rows: any InputRows, _ lengths: PackedLengths, seed: UInt64?) {
    forms = rows.read(as: WordForms.self)
    guard let runner else { return }
    let count = forms.lengths.batch * spelled
    do throws(RecurrentError) {
      guard trains else {
        vectors = try runner.outputs(.tokens(forms.characters), lengths: forms.lengths)
        return
      }
      let given = try runner.outputsToPullBack(.tokens(forms.characters), lengths: forms.lengths, carriesStates: false)
      vectors = Array(UnsafeBufferPointer(start: given, count: count))
    } catch {
      fatalError("the characters of words are none that their network reads: \(error)")
    }
    sums = SymbolSums(symbols: forms.lengths.batch, width: spelled)
    sums.begin(lengths)
  }

  func write(_ rows: Range<Int>, to target: UnsafeMutablePointer<Float>, stride: Int) {
    vectors.withUnsafeBufferPointer { vectors in
      forms.shapes.withUnsafeBufferPointer { shapes in
        for (place, row) in rows.enumerated() {
          let (word, target) = (Int(forms.spellings[row]), target + place * stride)
          for number in 0..<spelled { target[number] = vectors[word * spelled + number] }
          for number in 0..<self.shapes { target[spelled + number] = shapes[word * self.shapes + number] }
        }
      }
    }
  }

  /// Takes in the last row first.
  func backward(
    _ rows: Range<Int>, from source: UnsafePointer<Float>, stride: Int, _ gradients: UnsafeMutablePointer<Float>
  ) {
    if runner == nil { return }
    for (place, row) in rows.enumerated().reversed() {
      sums.add(source + place * stride, times: 1, to: Int(forms.spellings[row]), ofRow: row)
    }
  }

  func finish(_ gradients: UnsafeMutablePointer<Float>) {
    let whole = FloatBuffer(count: sumCount)
    addSums(to: whole.base)
    finish(gradients, from: whole.base)
  }

  /// A word is spelled once in a batch, however many of its sentences have it.
  var sumCount: Int { runner == nil ? 0 : forms.lengths.batch * spelled }

  func addSums(to target: UnsafeMutablePointer<Float>) { sums.finish(target) }

  func finish(_ gradients: UnsafeMutablePointer<Float>, from sums: UnsafePointer<Float>) {
    runner?.backpropagate(sums, to: gradients, inputGradient: nil)
  }
}
