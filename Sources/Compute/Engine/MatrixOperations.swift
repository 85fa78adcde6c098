import CellCompiler
import CellLanguage
import Kernels
import Support

/// A program over the rows of matrices as operations on one tile of a matrix, which stays in the processor's registers.
///
/// The instructions of such a program make matrices of vectors, multiply and add them and sum them up. Here a vector stays what it is, a
/// factor; a value that the next one is made of, or that is summed up, is still in the registers then; and what is multiplied to be
/// summed up is multiplied in the sum. So nothing but the program's own results is written, other than values that are read once more later.
struct MatrixOperations {
  /// Nil if an instruction is of another kind: then the instructions run one by one.
  static func operations(of program: Plan.Program, _ numbers: BufferNumbers) -> MatrixOperations? {
    guard program.rows != nil, let values = MatrixValues(program) else { return nil }
    var writer = MatrixOperations(values: values, numbers: numbers)
    guard writer.writeAll(), writer.operations.count <= RK_MATRIX_OPERATIONS, writer.sums <= RK_MATRIX_SUMS else { return nil }
    return writer
  }

  private(set) var operations: [rk_matrix_operation] = []
  /// Tiles of scratch memory.
  private(set) var spilled = 0

  private let values: MatrixValues
  private let numbers: BufferNumbers
  private var sums = 0
  /// Where values stand that have been computed, other than in the registers.
  private var homes: [Int: MatrixFactor] = [:]
  private var written: Set<Int> = []
  /// The value in the registers.
  private var held: Int?

  private init(values: MatrixValues, numbers: BufferNumbers) {
    self.values = values
    self.numbers = numbers
  }

  private mutating func writeAll() -> Bool {
    for index in values.all.indices where !written.contains(index) && !values.isDeferred(index) {
      guard values.all[index].isSum ? writeSum(index) : write(index) else { return false }
    }
    return true
  }

  /// Computes a value, stores it where it is to be, and then all that can be made of it while it is in the registers.
  private mutating func write(_ index: Int) -> Bool {
    guard evaluate(index) else { return false }
    written.insert(index)
    let value = values.all[index]
    if let place = value.home {
      append(RK_MATRIX_STORE, .matrix(.place(place)))
      homes[index] = .matrix(.place(place))
    }
    for reader in value.readers where !written.contains(reader) {
      if values.all[reader].isSum {
        appendSum(reader, nil)
      } else if let (sum, factor) = values.sum(ofProduct: reader, with: index), let factor = standing(factor) {
        written.insert(reader)
        appendSum(sum, factor)
      } else if let place = values.copy(reader) {
        written.insert(reader)
        append(RK_MATRIX_STORE, .matrix(.place(place)))
      }
    }
    let open = value.readers.filter { !written.contains($0) }
    if open.count == 1, let end = chain(from: index, to: open[0]) {
      return values.all[end].isSum ? writeSum(end) : write(end)
    }
    if value.home == nil && !open.isEmpty { spill(index) }
    return true
  }

  /// The next value that is stored or summed up, if all between can be made in the registers, one after the other.
  private func chain(from start: Int, to reader: Int) -> Int? {
    var (last, next) = (start, reader)
    while values.isDeferred(next) {
      guard canFollow(next, last), let reader = values.all[next].readers.first else { return nil }
      (last, next) = (next, reader)
    }
    return values.all[next].isSum || canFollow(next, last) ? next : nil
  }

  /// Whether all else that a value is made of is there.
  private func canFollow(_ index: Int, _ held: Int) -> Bool {
    let sources = values.all[index].sources
    guard sources.filter({ $0 == .value(held) }).count == 1, sources.allSatisfy({ $0 == .value(held) || standing($0) != nil })
    else { return false }
    switch values.all[index].primitive {
    case .identity, .multiply, .add: return true
    case .subtract: return sources[0] == .value(held)
    case .multiplyAdd, .subtractProduct: return sources[2] == .value(held)
    default: return false
    }
  }

  private mutating func spill(_ index: Int) {
    let tile = MatrixFactor.matrix(.tile(spilled))
    spilled += 1
    append(RK_MATRIX_STORE, tile)
    homes[index] = tile
  }

  /// Brings a value into the registers.
  private mutating func evaluate(_ index: Int) -> Bool {
    let value = values.all[index]
    let sources = value.sources
    defer { held = index }
    switch value.primitive {
    case .asRows, .asColumns, .asMatrix: return set(values.factor(of: .value(index)))
    case .identity: return load(sources[0])
    case .multiply: return combine(sources[0], sources[1], RK_MATRIX_MULTIPLY)
    case .add: return combine(sources[0], sources[1], RK_MATRIX_ADD)
    case .subtract:
      guard let other = factor(sources[1]), load(sources[0]) else { return false }
      append(RK_MATRIX_SUBTRACT, other)
      return true
    case .multiplyAdd: return accumulate(sources, RK_MATRIX_ADD)
    case .subtractProduct: return accumulate(sources, RK_MATRIX_SUBTRACT)
    default: return false
    }
  }

  /// What is computed for this alone comes first, and the other one is added to it or multiplied with it.
  private mutating func combine(_ a: MatrixValues.Source, _ b: MatrixValues.Source, _ action: Int) -> Bool {
    let (first, second) = isInRegisters(b) || standing(a) != nil && standing(b) == nil ? (b, a) : (a, b)
    guard let other = factor(second) else { return false }
    if action == RK_MATRIX_MULTIPLY, let one = standing(first), !isInRegisters(first), let both = MatrixFactor.product(one, other)
    {
      return set(both)
    }
    guard load(first) else { return false }
    append(action, other)
    return true
  }

  /// A product that is added to something or subtracted from it.
  private mutating func accumulate(_ sources: [MatrixValues.Source], _ action: Int) -> Bool {
    guard let a = factor(sources[0]), let b = factor(sources[1]), let product = MatrixFactor.product(a, b), load(sources[2])
    else { return false }
    append(action, product)
    return true
  }

  /// A sum that was not made when what it adds up was in the registers: of the product of two things one is brought there.
  private mutating func writeSum(_ index: Int) -> Bool {
    let source = values.all[index].sources[0]
    if case .value(let product) = source, values.isDeferred(product), values.all[product].primitive == .multiply {
      let factors = values.all[product].sources
      let first = factors.firstIndex { standing($0) == nil } ?? factors.firstIndex { isMatrix($0) } ?? 0
      guard let other = factor(factors[1 - first]), load(factors[first]) else { return false }
      written.insert(product)
      appendSum(index, other)
      return true
    }
    guard load(source) else { return false }
    appendSum(index, nil)
    return true
  }

  private func isMatrix(_ source: MatrixValues.Source) -> Bool {
    if case .matrix? = standing(source) { return true } else { return false }
  }

  private func isInRegisters(_ source: MatrixValues.Source) -> Bool {
    if case .value(let index) = source { return held == index } else { return false }
  }

  /// Brings something into the registers, unless it is there.
  private mutating func load(_ source: MatrixValues.Source) -> Bool {
    if isInRegisters(source) { return true }
    if let factor = standing(source) { return set(factor) }
    guard case .value(let index) = source else { return false }
    written.insert(index)
    return evaluate(index)
  }

  private mutating func set(_ factor: MatrixFactor?) -> Bool {
    guard let factor else { return false }
    append(RK_MATRIX_SET, factor)
    held = nil
    return true
  }

  /// What a source is without anything being computed; nil if it has to be computed first.
  private func standing(_ source: MatrixValues.Source) -> MatrixFactor? {
    if let factor = values.factor(of: source) { return factor }
    if case .value(let index) = source { return homes[index] } else { return nil }
  }

  /// The same, after it has been computed if need be, which takes the registers.
  private mutating func factor(_ source: MatrixValues.Source) -> MatrixFactor? {
    if let factor = standing(source) { return factor }
    guard case .value(let index) = source, held != index, load(source) else { return nil }
    spill(index)
    return homes[index]
  }

  private mutating func append(_ action: Int, _ factor: MatrixFactor?) {
    var operation = rk_matrix_operation()
    operation.action = Int32(action)
    factor?.fill(&operation, numbers)
    if action == RK_MATRIX_STORE {
      operation.factors = Int32(RK_FACTOR_NONE)
    } else if action < RK_MATRIX_STORE {
      held = nil
    }
    operations.append(operation)
  }

  private mutating func appendSum(_ index: Int, _ factor: MatrixFactor?) {
    written.insert(index)
    let value = values.all[index]
    guard let place = value.home else { fatalError("a sum over a matrix has no place in memory") }
    let holding = held
    append(value.sumAction, factor)
    held = holding
    operations[operations.count - 1].sum = Int32(sums)
    operations[operations.count - 1].out = numbers.operand(place)
    sums += 1
  }
}
