import CellLanguage
import Console
import Engine
import Models
import Networks
import Storage
import Support
import TaskKit
import Training

/// What a model's file says of it: what it is for, what it reads and gives, its parts, and where its training started.
struct ModelDescription: Encodable {
  /// The name of its task; nil if it says none.
  let task: String?
  let model: String
  let reads: String
  /// What it has learned vectors of, or places for, and how many: characters, words.
  let vocabularies: [String: Int]
  /// What it knows of each sequence before its first step, and the layers of its encoder; nil if it knows nothing, or has none.
  let context: String?
  let encoder: [String]?
  let layers: [String]
  /// The page of its layers, where they read something else than the layer below; nil where they don't.
  let equations: [String]?
  /// The same as a flow chart, of any network.
  let diagram: String
  let parts: [Part]
  let digest: String
  /// In which numbers its matrices are stored.
  let weights: WeightKind
  let start: TrainingStart?
  let frozen: [String]?

  /// A part that a training can leave as it is.
  struct Part: Encodable {
    let name: String
    let weights: Int
  }

  /// - Parameter path: of a model's file, or of the folder of a run.
  init(contentsOf path: String, _ tasks: TaskRegistry) throws {
    let file = try Safetensors(contentsOf: ModelPath.file(at: path))
    let network = try Network(file)
    let (architecture, owner) = (network.architecture, tasks.owner(of: network))
    task = owner?.kind
    model = owner?.presentation.model ?? "a network that does not say what it is for"
    reads = architecture.input.encoding.summary
    vocabularies = Dictionary(architecture.input.encoding.legends.map { ($0.what, $0.names.count) }) { first, _ in first }
    context = architecture.context?.summary
    encoder = architecture.context?.encoder?.layers.map(Self.text(of:))
    layers = architecture.layers.map(Self.text(of:))
    diagram = NetworkPage(architecture).mermaid
    equations = architecture.branches ? NetworkPage(architecture).lines : nil
    parts = network.layout.parts.map { part in Part(name: part.name, weights: part.weights.reduce(0) { $0 + $1.count }) }
    digest = network.digest.digits
    weights = network.weightKind
    let options = TrainingOptions(metadata: file.metadata)
    (start, frozen) = (options?.start, options?.frozen)
  }

  private static func text(of layer: Architecture.Layer) -> String {
    let units =
      layer.cell.hasUnits ? "\(layer.units.grouped) \(layer.cell.name) \(layer.units == 1 ? "unit" : "units")" : layer.cell.name
    return units + (layer.directionWord.map { ", " + $0 } ?? "")
  }

  /// Whether something is a model's file or the folder of a run, and no data.
  static func isModel(_ path: String) -> Bool {
    let file = ModelPath.file(at: path)
    if file != path { return FileSystem.exists(file) }
    return (try? Safetensors(contentsOf: file)).map { $0.metadata["network"] != nil } ?? false
  }

  func lines(_ path: String, on channel: Channel) -> [String] {
    let all = parts.reduce(0) { $0 + $1.weights }
    let known = vocabularies.sorted { $0.key < $1.key }.map { ", \($1.grouped) \($0)" }.joined()
    var lines = ["\(path): \(model), \(all.grouped) weights (digest \(digest))", "reads \(reads)\(known)"]
    if let context { lines.append("begins each sequence with \(context)") }
    lines += (encoder ?? []).enumerated().map { "encoder's layer \($0 + 1): \($1)" }
    lines += layers.enumerated().map { "layer \($0 + 1): \($1)" }
    if let equations { lines += ["what each reads:"] + equations.map { "  " + $0 } }
    if weights != .float32 { lines.append("its matrices are stored as \(weights.rawValue), to be run and not to be trained") }
    if let start { lines.append("its training started from \(start.description)") }
    if let frozen { lines.append("left as it was there: \(frozen.joined(separator: ", "))") }
    let table = Table(columns: [.text("part"), .numbers("weights")], rows: parts.map { [$0.name, $0.weights.grouped] })
    lines += [""] + table.lines(heading: { channel.styled($0, .bold) })
    guard let task, weights == .float32 else { return lines }
    return lines + ["", "to train it further on other data: recurrent train \(task) FILE --from \(shellWord(path))"]
  }
}
