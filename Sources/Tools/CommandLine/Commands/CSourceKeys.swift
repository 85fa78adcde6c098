import CSource
import CommandKit
import Console
import Networks
import Recurrent
import Storage
import Support
import TaskKit

/// The options of `recurrent convert` that are about C source, and what it writes with them.
struct CSourceKeys: Sendable {
  private let number: Key<CNumber?>
  private let math: Key<CMath?>

  static let ending = ".c"

  init(_ declare: inout Declaration) {
    math = declare.choice(
      "--math", of: CMath.self,
      "where C source has tanh and the logistic function from: the C library, or a quotient of polynomials within 2e-6 (default: exact)"
    )
    number = declare.choice("--float", of: CNumber.self, "what C source computes with; double is for checking (default: float)")
  }

  /// - Throws: ``RecurrentError`` if one of the options is given.
  func refuse(in invocation: Invocation) throws(RecurrentError) {
    let given = [("--math", invocation[math] != nil), ("--float", invocation[number] != nil)]
    guard let (name, _) = given.first(where: \.1) else { return }
    throw RecurrentError(.usage, "\(name) is for C source: leave it out, or write OUT.c")
  }

  /// - Throws: ``RecurrentError`` if a file's name is not one of C source.
  static func check(name path: String) throws(RecurrentError) {
    if path.hasSuffix(ending), stem(of: path) != "" { return }
    throw RecurrentError(.usage, "\(path) would be C source under the name of something else: write OUT.c")
  }

  /// The name of a file without its folder and its ending.
  private static func stem(of path: String) -> String {
    String(path.reversed().prefix { $0 != "/" }.reversed().dropLast(ending.count))
  }

  /// Writes the two files, and says how large what is in them is.
  ///
  /// - Parameter path: which ends in ``ending``.
  func write(_ network: Network, to path: String, _ invocation: Invocation) throws {
    let options = CSourceOptions(number: invocation[number] ?? .float, math: invocation[math] ?? .exact)
    let source = try CSource(
      network, name: Self.stem(of: path), options: options,
      meaning: TaskRegistry.builtIn.owner(of: network)?.meaning(of: network) ?? NumberMeaning())
    let header = path.dropLast(Self.ending.count) + ".h"
    try AtomicFile.write(Array(source.header.utf8), to: String(header))
    try AtomicFile.write(Array(source.source.utf8), to: path)
    invocation.terminal.say("wrote \(path) and \(header): \(source.sizes)")
  }
}
