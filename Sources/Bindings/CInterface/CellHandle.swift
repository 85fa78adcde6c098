public import CRecurrent
import CellAnalysis
import CellLanguage

/// A cell, with what C reads of it.
final class CellHandle: Handle, Sendable {
  let cell: Cell
  private let (name, text, warnings): (CText, CText, CText)
  private let (states, parameters, sizes): ([CText], [CText], [CText])

  enum Part: String {
    case state, parameter, size
  }

  init(_ cell: Cell) {
    self.cell = cell
    name = CText(cell.name)
    text = CText(cell.description)
    warnings = CText(cell.warnings.joined(separator: "\n"))
    states = cell.states.map { CText($0.name) }
    parameters = cell.parameters.map { CText($0.name) }
    sizes = cell.sizes.map { CText($0.name) }
  }

  var info: recurrent_cell_info {
    recurrent_cell_info(
      name: name.pointer, text: text.pointer, warnings: warnings.pointer, states: Int64(states.count),
      parameters: Int64(parameters.count), sizes: Int64(sizes.count))
  }

  func name(of part: Part, _ index: Int64) throws(Failure) -> UnsafePointer<CChar> {
    let names =
      switch part {
      case .state: states
      case .parameter: parameters
      case .size: sizes
      }
    return try names.element(index, part.rawValue, of: "cell \(cell.name)").pointer
  }
}

@c @implementation
public func recurrent_cell_open(
  _ text: UnsafePointer<CChar>?, _ name: UnsafePointer<CChar>?, _ cell: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  CellHandle.open(cell, "cell", error) {
    let file = name == nil ? "cell" : try CText.text(name, "name")
    return CellHandle(try Cell(parsing: CText.text(text, "text"), file: file))
  }
}

@c @implementation
public func recurrent_cell_open_named(
  _ name: UnsafePointer<CChar>?, _ cell: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  CellHandle.open(cell, "cell", error) { CellHandle(try .named(CText.text(name, "name"))) }
}

@c @implementation
public func recurrent_cell_close(_ cell: OpaquePointer?) { CellHandle.close(cell) }

@c @implementation
public func recurrent_cell_describe(
  _ cell: OpaquePointer?, _ info: UnsafeMutablePointer<recurrent_cell_info>?, _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try required(info, "info").pointee = CellHandle.at(cell, "cell").info }
}

@c @implementation
public func recurrent_cell_state(
  _ cell: OpaquePointer?, _ index: Int64, _ name: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try required(name, "name").pointee = CellHandle.at(cell, "cell").name(of: .state, index) }
}

@c @implementation
public func recurrent_cell_parameter(
  _ cell: OpaquePointer?, _ index: Int64, _ name: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try required(name, "name").pointee = CellHandle.at(cell, "cell").name(of: .parameter, index) }
}

@c @implementation
public func recurrent_cell_size(
  _ cell: OpaquePointer?, _ index: Int64, _ name: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try required(name, "name").pointee = CellHandle.at(cell, "cell").name(of: .size, index) }
}

@c @implementation
public func recurrent_library_count() -> Int64 { Int64(Cell.library.count) }

@c @implementation
public func recurrent_library_cell(
  _ index: Int64, _ cell: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  CellHandle.open(cell, "cell", error) { CellHandle(try Cell.library.element(index, "cell", of: "the library")) }
}
