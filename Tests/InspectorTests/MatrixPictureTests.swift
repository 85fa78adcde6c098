import CellLanguage
import Engine
import Foundation
import Inspector
import Networks
import Sequences
import Testing

/// A quantity that is a matrix is told apart from vectors by its shape, and shown as a heat map a step.
struct MatrixPictureTests {
  /// A matrix state of 3 rows and 2 columns for each of two heads, numbers of each head, vectors, and a local matrix.
  private static let text = """
    cell shapes
    input x
    heads 2
    state h, C(units, 4), n
    scalar f, n
    f  = σ(F x)
    B  = f * C                          # what is kept
    C' = B + outer(V x, K x)            # memory
    n' = f * n + 1
    h' = tanh(C' p)

    """

  private func inspection(heads: Int = 2) throws -> Inspection {
    let letters = try Vocabulary(kind: .characters, symbols: ["<", "&", " ", "b"])
    let cell = try Cell(parsing: Self.text.replacing("heads 2", with: "heads \(heads)"), file: "shapes")
    let network = try Network(input: .tokens(letters), layers: [.init(cell, units: 6)], output: .categorical, seed: 3)
    let tokens = (0..<20).map { Int32($0 * 7 % 4) }
    return try Inspection(network, name: "m", on: InspectedInput(.tokens(tokens, letters)), machine: Machine(threads: 1))
  }

  @Test func theReportSaysWhichQuantitiesAreMatrices() throws {
    let layer = try inspection().layer()
    let shapes = Dictionary(uniqueKeysWithValues: layer.quantities.map { ($0.name, [$0.width, $0.columns, $0.heads]) })
    #expect(shapes["C'"] == [12, 2, 2] && shapes["B"] == [12, 2, 2])
    #expect(shapes["f"] == [2, nil, 2] && shapes["n'"] == [2, nil, 2])
    #expect(shapes["h'"] == [6, nil, nil])
    let one = try inspection(heads: 1).layer()
    #expect(one.quantities.first { $0.name == "C'" }?.columns == 4)
    #expect(one.quantities.first { $0.name == "C'" }?.heads == 1)
    let json = String(decoding: try InspectionReport([inspection()], title: "m").json, as: UTF8.self)
    #expect(json.contains("\"columns\":2,\"heads\":2"))
  }

  /// Eight steps of twenty, two heads: sixteen grounds, on which the cells are as strong as their values are large.
  @Test func thePictureHasAMatrixForEachOfSomeSteps() throws {
    let inspection = try inspection()
    let pictures = try InspectionReport([inspection], title: "m").pictures
    let svg = try #require(pictures.first { $0.name == "layer-1-C.svg" }?.svg)
    #expect(svg.contains("Heat maps of 3 rows and 2 columns for each of 2 heads at 8 of 20 steps"))
    let grounds = svg.matches(of: /<path d="M(\S+) (\S+)h\S+v/).map { (Double($0.output.1) ?? 0, Double($0.output.2) ?? 0) }
    #expect(grounds.count == 16)
    let quantity = try #require(inspection.traces[0]["C'"])
    let size = Double(quantity.values.map(abs).max() ?? 0)
    let squashes = size > 1.2 && quantity.values.contains { $0 < 0 }
    let shown = cells(of: svg)
    let steps = [0, 2, 5, 8, 10, 13, 16, 19]
    #expect(spreadOut(8, over: 20) == steps && spreadOut(8, over: 3) == [0, 1, 2] && spreadOut(1, over: 3) == [2])
    for (place, step) in steps.enumerated() {
      for element in 0..<12 {
        let (head, row, column) = (element / 6, element % 6 / 2, element % 2)
        let corner = grounds[2 * place + head]
        let value = Double(quantity.values[step * 12 + element])
        let strength = shown[[corner.0 + 8 * Double(column), corner.1 + 8 * Double(row)]] ?? 0
        #expect(abs(strength - (squashes ? tanh(value) : value / size)) <= 0.5 / 16 + 0.006, "step \(step), element \(element)")
      }
    }
    #expect(pictures.first { $0.name == "layer-1-h.svg" }?.svg.contains("a row for each of 6 units") == true)
  }

  /// The strength of each cell by its left upper corner, below zero for blue ones.
  private func cells(of svg: String) -> [[Double]: Double] {
    var cells: [[Double]: Double] = [:]
    for path in svg.matches(of: /<path d="([^"]*)" class="([^"]*)" stroke-opacity="([^"]*)"/) {
      let strength = (Double(path.output.3) ?? 0) * (path.output.2 == "below" ? -1 : 1)
      for line in path.output.1.matches(of: /M([\d.]+) ([\d.]+)h([\d.]+)/) {
        let (x, y, width) = (Double(line.output.1) ?? 0, Double(line.output.2) ?? 0, Double(line.output.3) ?? 0)
        for cell in 0..<Int(width / 8) { cells[[x + 8 * Double(cell), y - 4]] = strength }
      }
    }
    return cells
  }
}
