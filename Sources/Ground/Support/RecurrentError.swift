/// What could not be done, as one sentence that names the thing, the place, what was expected and what to do.
///
/// All errors of the library are of this type, but for those of a cell's text, which have a place in it.
///
///     do {
///       let network = try Network(contentsOf: "model.safetensors")
///     } catch {
///       print(error)  // can't read model.safetensors: there is no such file
///     }
public struct RecurrentError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What an error is about, for programs that treat some errors differently from others.
  public enum Kind: Sendable, Hashable {
    /// A cell, or a size that it can't have.
    case cell
    /// Data that can't be read as they are meant, or that are too few.
    case data
    /// A number of a training, or a gradient, that is not finite.
    case divergence
    /// A file that can't be read or written.
    case file
    /// A layer that another system can't express, or that this package can't.
    case interchange
    /// Threads or a level of the processor that this machine does not have.
    case machine
    /// A network that can't be built, or can't be used in the way asked for.
    case network
    /// A setting whose value makes no sense, alone or beside another one.
    case setting
    /// Arrays or sequences of a size that does not fit.
    case shape
    /// Something that can't be done with what there is, such as to forecast with a language model.
    case unsuitable
    /// Settings that are missing, or that can't be given together.
    case usage
  }

  /// What the error is about.
  public let kind: Kind
  /// The sentence, with the settings that it names as a caller of the library writes them.
  public var description: String { sentence.description }
  /// The sentence itself, for those who name settings in another way.
  package let sentence: Sentence

  package init(_ kind: Kind, _ text: String) { self.init(kind, naming: Sentence(text)) }

  /// - Parameter sentence: a sentence that names settings.
  package init(_ kind: Kind, naming sentence: Sentence) {
    self.kind = kind
    self.sentence = sentence
  }

  /// - Throws: an error of ``Kind-swift.enum/setting`` if the condition does not hold.
  package static func require(_ holds: Bool, _ text: @autoclosure () -> String) throws(RecurrentError) {
    if !holds { throw RecurrentError(.setting, text()) }
  }
}
