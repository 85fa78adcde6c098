import CellAnalysis
import CellLanguage
import Markup

/// How large a node is drawn and what is written in it. Lengths are pixels, from the node's centre.
struct DiagramShape: Sendable, Hashable {
  enum Outline: Sendable, Hashable { case port, box, circle }

  let outline: Outline
  /// The node's name and function: `f = σ`. For a circle what it does, for a port what arrives.
  let heading: MeasuredText
  /// A layer's sum.
  let lines: [MeasuredText]
  /// What it is in words, from the equation's label.
  let caption: MeasuredText?
  /// A circle's name, which stands at its way out.
  let name: MeasuredText?
  /// Half of the outline's width and height.
  let halfWidth: Double
  let halfHeight: Double

  static let headingSize = 13.0
  static let lineSize = 12.0
  static let captionSize = 10.5
  static let radius = 13.0
  static let lineHeight = 16.0

  init(_ node: Int, of flow: DataFlow) {
    let name = flow.name(of: node)
    let equation = flow.nodes[node].equation.map { flow.cell.equations[$0] }
    // A state's caption stands at its way out.
    let caption = equation.flatMap { $0.isUpdate ? nil : $0.label.map(Self.brief) }
    switch flow.nodes[node].kind {
    case .input, .memory, .state: self.init(port: name ?? "", caption: nil)
    case .next(let state):
      let update = flow.cell.equations.first { $0.isUpdate && $0.target == flow.cell.states[state].name }
      self.init(port: name ?? "", caption: update?.label.map(Self.brief))
    case .operation(let sign): self.init(circle: sign, name: equation.flatMap { $0.isUpdate ? nil : name })
    case .layer(let function, let terms): self.init(box: function, name: name, terms: terms, caption: caption)
    }
  }

  private init(port text: String, caption: MeasuredText?) {
    outline = .port
    heading = MeasuredText(formula: text)
    lines = []
    self.caption = caption
    name = nil
    halfWidth = max(14, heading.width(size: Self.headingSize) / 2 + 9).rounded(.up)
    halfHeight = 14
  }

  private init(circle sign: String, name: String?) {
    outline = .circle
    heading = MeasuredText(words: sign)
    (lines, caption) = ([], nil)
    self.name = name.map(MeasuredText.init(formula:))
    halfWidth = max(Self.radius, heading.width(size: Self.headingSize) / 2 + 6).rounded(.up)
    halfHeight = Self.radius
  }

  private init(box function: String?, name: String?, terms: [DataFlow.Term], caption: MeasuredText?) {
    outline = .box
    // A function's name is a word, whatever stands in it.
    heading =
      MeasuredText(formula: name.map { $0 + " =" } ?? "")
      + MeasuredText(words: function.map { name == nil ? $0 : " " + $0 } ?? "")
    lines = Self.lines(of: terms)
    self.caption = caption
    self.name = nil
    let widest = max(
      heading.width(size: Self.headingSize), caption?.width(size: Self.captionSize) ?? 0,
      lines.reduce(0) { max($0, $1.width(size: Self.lineSize)) })
    halfWidth = (widest / 2 + 10).rounded(.up)
    let rows = (heading.isEmpty ? 0 : 1) + lines.count + (caption == nil ? 0 : 1)
    halfHeight = (Double(rows) * Self.lineHeight / 2 + 6).rounded(.up)
  }

  /// How far the node reaches to the right, with what is written there.
  var reach: Double {
    halfWidth + (name.map { $0.width(size: Self.lineSize) + 6 } ?? 0)
      + (outline == .port ? caption.map { $0.width(size: Self.captionSize) + 8 } ?? 0 : 0)
  }

  /// The first words of a label, without what stands in parentheses: `input gate` of `input (write) gate: how much enters`.
  private static func brief(_ label: String) -> MeasuredText {
    var depth = 0
    let plain = label.prefix { !":,".contains($0) }.filter { character in
      depth += character == "(" ? 1 : 0
      defer { depth -= character == ")" ? 1 : 0 }
      return depth == 0
    }
    return MeasuredText(words: plain.split(separator: " ").joined(separator: " "))
  }

  /// The summands in lines of about twenty-five characters.
  private static func lines(of terms: [DataFlow.Term]) -> [MeasuredText] {
    var lines: [[DataFlow.Term]] = []
    for term in terms {
      if let last = lines.last, DataFlow.text(of: last + [term]).count <= 26 {
        lines[lines.count - 1].append(term)
      } else {
        lines.append([term])
      }
    }
    return lines.enumerated().map { index, line in
      let text = DataFlow.text(of: line)
      return MeasuredText(formula: index == 0 ? text : line[0].isSubtracted ? "- " + text.dropFirst() : "+ " + text)
    }
  }
}
