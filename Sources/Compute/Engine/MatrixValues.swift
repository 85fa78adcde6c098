import CellCompiler
import CellLanguage
import Kernels

/// What a tile of a matrix meets.
enum MatrixFactor: Equatable {
  enum Matrix: Equatable {
    case place(Plan.Place)
    /// A tile of scratch memory.
    case tile(Int)
  }

  case matrix(Matrix)
  case row(Plan.Place)
  case column(Plan.Place)
  case number(Plan.Place)
  /// A column or a number times a row or a matrix.
  case scaled(by: Plan.Place, isNumber: Bool, row: Plan.Place?, matrix: Matrix?)
  /// A row times a matrix.
  case scaledColumns(Plan.Place, Matrix)
  case matrices(Matrix, Matrix)

  /// Nil if the tile has to be given one factor after the other.
  static func product(_ a: MatrixFactor, _ b: MatrixFactor) -> MatrixFactor? {
    switch (a, b) {
    case (.column(let column), .row(let row)), (.row(let row), .column(let column)):
      .scaled(by: column, isNumber: false, row: row, matrix: nil)
    case (.number(let number), .row(let row)), (.row(let row), .number(let number)):
      .scaled(by: number, isNumber: true, row: row, matrix: nil)
    case (.column(let column), .matrix(let matrix)), (.matrix(let matrix), .column(let column)):
      .scaled(by: column, isNumber: false, row: nil, matrix: matrix)
    case (.number(let number), .matrix(let matrix)), (.matrix(let matrix), .number(let number)):
      .scaled(by: number, isNumber: true, row: nil, matrix: matrix)
    case (.row(let row), .matrix(let matrix)), (.matrix(let matrix), .row(let row)): .scaledColumns(row, matrix)
    case (.matrix(let first), .matrix(let second)): .matrices(first, second)
    default: nil
    }
  }

  func fill(_ operation: inout rk_matrix_operation, _ numbers: BufferNumbers) {
    func operand(_ matrix: Matrix) -> rk_operand {
      switch matrix {
      case .place(let place): numbers.operand(place)
      case .tile(let tile): rk_operand(buffer: Int32(-1 - tile), column: 0)
      }
    }
    func scale(_ place: Plan.Place, isNumber: Bool) {
      operation.column = numbers.operand(place)
      operation.column_is_number = isNumber ? 1 : 0
    }
    let factors: Int
    switch self {
    case .matrix(let matrix):
      factors = Int(RK_FACTOR_MATRIX)
      operation.matrices.0 = operand(matrix)
    case .row(let row):
      factors = Int(RK_FACTOR_ROW)
      operation.row = numbers.operand(row)
    case .column(let column):
      factors = Int(RK_FACTOR_COLUMN)
      scale(column, isNumber: false)
    case .number(let number):
      factors = Int(RK_FACTOR_COLUMN)
      scale(number, isNumber: true)
    case .scaled(let column, let isNumber, let row, let matrix):
      factors = Int(row == nil ? RK_FACTORS_COLUMN_MATRIX : RK_FACTORS_COLUMN_ROW)
      scale(column, isNumber: isNumber)
      if let row { operation.row = numbers.operand(row) }
      if let matrix { operation.matrices.0 = operand(matrix) }
    case .scaledColumns(let row, let matrix):
      factors = Int(RK_FACTORS_ROW_MATRIX)
      operation.row = numbers.operand(row)
      operation.matrices.0 = operand(matrix)
    case .matrices(let first, let second):
      factors = Int(RK_FACTORS_MATRICES)
      operation.matrices = (operand(first), operand(second))
    }
    operation.factors = Int32(factors)
  }
}

/// The values of a program over the rows of matrices, in the order of its instructions, with what reads each of them.
struct MatrixValues {
  enum Source: Hashable {
    case value(Int)
    /// What was there before the program.
    case place(Plan.Place)
  }

  struct Value {
    let primitive: Primitive
    let sources: [Source]
    /// Where it is to stand, nil if only the program reads it.
    let home: Plan.Place?
    /// The values that read it, one for each time.
    var readers: [Int] = []

    var isSum: Bool { primitive.matrixMap.map { !$0.spreads } ?? false }

    var sumAction: Int {
      switch primitive.matrixMap {
      case .sumOfColumns?: Int(RK_MATRIX_SUM_OF_COLUMNS)
      case .sumOfRows?: Int(RK_MATRIX_SUM_OF_ROWS)
      default: Int(RK_MATRIX_SUM_OF_ALL)
      }
    }
  }

  private(set) var all: [Value] = []

  /// Nil if an instruction makes something of a matrix that operations on tiles can't make.
  init?(_ program: Plan.Program) {
    var current: [Plan.Place: Int] = [:]
    for instruction in program.instructions {
      guard Self.primitives.contains(instruction.primitive), instruction.span == 1 else { return nil }
      let sources = instruction.sources.map { place -> Source in
        current[place.asRegister].map { .value($0) } ?? .place(place)
      }
      let isRegister: Bool
      switch instruction.destination {
      case .register, .rowRegister: isRegister = true
      default: isRegister = false
      }
      let value = Value(
        primitive: instruction.primitive, sources: sources, home: isRegister ? nil : instruction.destination)
      for case .value(let source) in sources { all[source].readers.append(all.count) }
      if value.isSum && isRegister { return nil }
      current[instruction.destination.asRegister] = all.count
      all.append(value)
    }
    // What a vector is made into has to be a vector in memory, and what is summed up is read by nothing here.
    for value in all {
      if value.isSum && !value.readers.isEmpty { return nil }
      guard value.primitive.matrixMap?.spreads ?? false else { continue }
      if case .value = value.sources[0] { return nil }
    }
  }

  private static let primitives: Set<Primitive> = [
    .asRows, .asColumns, .asMatrix, .sumOfRows, .sumOfColumns, .sumOfAll, .multiply, .add, .subtract, .multiplyAdd,
    .subtractProduct, .identity,
  ]

  /// Whether it is computed where it is read, if it is computed at all.
  func isDeferred(_ index: Int) -> Bool {
    let value = all[index]
    if value.isSum || value.home != nil { return false }
    return value.readers.count <= 1 || value.primitive.matrixMap != nil
  }

  /// What a source is without being computed: a vector, a number, or a matrix that was there before.
  func factor(of source: Source) -> MatrixFactor? {
    switch source {
    case .place(.constant(let number)): return .number(.constant(number))
    case .place(let place): return .matrix(.place(place))
    case .value(let index):
      guard let map = all[index].primitive.matrixMap, map.spreads, case .place(let place) = all[index].sources[0] else {
        return nil
      }
      switch map {
      case .asRows: return .row(place)
      case .asColumns: return .column(place)
      default: return .number(place)
      }
    }
  }

  /// Where a value is copied to, if that is all that becomes of it.
  func copy(_ index: Int) -> Plan.Place? {
    let value = all[index]
    return value.primitive == .identity && value.readers.isEmpty ? value.home : nil
  }

  /// If a value is the product of another one with something, and nothing but a sum reads it: the sum, and that something.
  func sum(ofProduct product: Int, with factor: Int) -> (sum: Int, factor: Source)? {
    let value = all[product]
    guard value.primitive == .multiply, isDeferred(product), let reader = value.readers.first, all[reader].isSum else {
      return nil
    }
    guard let other = value.sources.first(where: { $0 != .value(factor) }) else { return nil }
    return (reader, other)
  }
}

extension Plan.Place {
  /// A register is the same one whether all of its rows are computed or one.
  fileprivate var asRegister: Plan.Place {
    if case .rowRegister(let register) = self { .register(register) } else { self }
  }
}
