import CellLanguage
import Engine
import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif
import Inspector
import Networks
import Sequences
import Testing

struct PictureTests {
  private func report(_ cells: [Cell]) throws -> (InspectionReport, Inspection) {
    let vocabulary = try Vocabulary(kind: .characters, symbols: ["<", "&", " ", "\n"])
    let tokens: [Int32] = [0, 1, 2, 3, 0, 0, 2, 1, 3, 3, 2, 0]
    let inspections = try cells.map { cell in
      let network = try Network(input: .tokens(vocabulary), layers: [.init(cell, units: 5)], output: .categorical, seed: 3)
      return try Inspection(network, name: "a", on: InspectedInput(.tokens(tokens, vocabulary)), machine: try Machine(threads: 1))
    }
    return (try InspectionReport(inspections, title: "a"), try #require(inspections.first))
  }

  @Test func aFileForEachQuantityAndOneForTheMemory() throws {
    let (one, _) = try report([.gru])
    #expect(
      one.pictures.map(\.name) == [
        "layer-1-r.svg", "layer-1-r.pre.svg", "layer-1-z.svg", "layer-1-z.pre.svg", "layer-1-n.svg", "layer-1-n.pre.svg",
        "layer-1-h.svg", "memory.svg",
      ])
    let (two, _) = try report([.rnn, .rnn])
    #expect(
      two.pictures.map(\.name) == [
        "a-layer-1-h.svg", "a-layer-1-h.pre.svg", "a-memory.svg", "b-layer-1-h.svg", "b-layer-1-h.pre.svg", "b-memory.svg",
      ])
  }

  @Test func theMemoryHasALineAtOnePercent() throws {
    let (report, _) = try report([.gru])
    let svg = try #require(report.pictures.last?.svg)
    #expect(svg.ranges(of: "class=\"curve dashed\"").count == 1)
    #expect(svg.contains(">1 % of step 11</text>") && svg.contains(">step 11</text>"))
  }

  @Test func everyPictureIsXML() throws {
    for picture in try report([.lstm]).0.pictures {
      let parser = XMLParser(data: Data(picture.svg.utf8))
      #expect(parser.parse(), "\(picture.name): \(String(describing: parser.parserError))")
    }
  }

  @Test(arguments: ["f", "g", "c'"])
  func everyCellHasTheStrengthOfItsValue(name: String) throws {
    let (report, inspection) = try report([.lstm])
    let quantity = try #require(inspection.traces[0].quantities.first { $0.name == name })
    let picture = try #require(report.pictures.first { $0.name == "layer-1-\(name.prefix(1)).svg" })
    let size = name == "c'" ? Double(quantity.values.map(abs).max() ?? 0) : 1
    let found = cells(of: picture.svg)
    for step in 0..<12 {
      for unit in 0..<5 {
        let value = Double(quantity.values[step * 5 + unit]) / size
        let shown = found[Place(step: step, row: unit)] ?? 0
        // Half of one of the sixteen strengths, half of the last decimal of the opacity, and the sixteen bits of the value.
        #expect(abs(shown - value) <= 0.5 / 16 + 0.005 + 1.0 / 65534, "step \(step), unit \(unit)")
      }
    }
  }

  /// The strength of each cell that is drawn, below zero for blue ones.
  private func cells(of svg: String) -> [Place: Double] {
    let lines = svg.matches(of: /<path d="([^"]*)" class="([^"]*)" stroke-opacity="([^"]*)" stroke-width/).flatMap {
      path -> [Line] in
      let strength = (Double(path.output.3) ?? 0) * (path.output.2 == "below" ? -1 : 1)
      return path.output.1.matches(of: /M([\d.]+) ([\d.]+)h([\d.]+)/).map { line in
        Line(
          x: Double(line.output.1) ?? 0, y: Double(line.output.2) ?? 0, width: Double(line.output.3) ?? 0, strength: strength)
      }
    }
    let column = 24.0
    let row = 14.0
    let top = lines.map { $0.y }.min() ?? 0
    var cells: [Place: Double] = [:]
    for line in lines {
      let first = Int((line.x - 40) / column)
      for step in first..<first + Int(line.width / column) {
        cells[Place(step: step, row: Int((line.y - top) / row))] = line.strength
      }
    }
    return cells
  }

  private struct Line {
    let x: Double
    let y: Double
    let width: Double
    let strength: Double
  }

  private struct Place: Hashable {
    let step: Int
    let row: Int
  }
}
