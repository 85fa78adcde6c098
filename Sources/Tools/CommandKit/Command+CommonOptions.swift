extension Command {
  /// An option that commands have without declaring it.
  struct CommonOption {
    /// Every way to write it, the shortest first.
    let names: [String]
    let help: String

    static let quiet = CommonOption(names: ["--quiet"], help: "write nothing but errors to standard error")
    static let version = CommonOption(names: ["--version"], help: "show the version")
    static let help = CommonOption(names: ["-h", "--help"], help: "show this help")
    static let groupHelp = CommonOption(names: ["-h", "--help"], help: "show this help, or that of a command after its name")
  }

  /// The options that this command has in addition to those it declares.
  ///
  /// - Parameter isOutermost: whether it is the program itself, which alone shows its version.
  func commonOptions(isOutermost: Bool) -> [CommonOption] {
    switch kind {
    case .group: (isOutermost ? [.version] : []) + [.quiet, .groupHelp]
    case .action: [.quiet, .help]
    }
  }

  /// `words` without `--quiet`, and whether it was among them. It may stand anywhere before a `--`, since no option takes it as
  /// its value.
  static func splitQuiet(_ words: [String]) -> (words: [String], isQuiet: Bool) {
    let options = words.prefix { $0 != "--" }
    let others = options.filter { !CommonOption.quiet.names.contains($0) }
    return (others + words[options.count...], others.count < options.count)
  }
}
