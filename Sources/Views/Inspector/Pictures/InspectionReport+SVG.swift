extension InspectionReport {
  /// A picture as an SVG file.
  package struct Picture: Sendable {
    /// The file's name: `layer-1-f.svg`, `memory.svg`, `source.svg`; with two models `a-…` and `b-…`.
    package let name: String
    package let svg: String
  }

  /// The heat map of every quantity, how far back the outputs look, and what of a source they depend on, one model after the other.
  package var pictures: [Picture] {
    zip(models, ["a-", "b-"]).flatMap { model, prefix in
      let prefix = models.count > 1 ? prefix : ""
      let maps = model.layers.enumerated().flatMap { place, layer in
        layer.quantities.map { quantity in
          // A state's name is no local vector's, so that it needs no prime to be told apart.
          let name = "\(prefix)layer-\(place + 1)-\(quantity.name.filter { $0 != "'" }).svg"
          let svg =
            MatrixPicture(model: model, layer: layer, quantity: quantity)?.svg
            ?? HeatMapPicture(model: model, layer: layer, quantity: quantity).svg
          return Picture(name: name, svg: svg)
        }
      }
      let memory = MemoryPicture(model: model).map { [Picture(name: "\(prefix)memory.svg", svg: $0.svg)] } ?? []
      let source = model.sourceReach.map { reach in
        [Picture(name: "\(prefix)source.svg", svg: HeatMapPicture(model: model, layer: nil, quantity: reach).svg)]
      }
      return maps + memory + (source ?? [])
    }
  }
}
