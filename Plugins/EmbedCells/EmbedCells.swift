import PackagePlugin

/// Turns the cell files of a target into one Swift file, so that a program carries them and a new cell is only a new file.
@main
struct EmbedCells: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    guard let target = target.sourceModule else { return [] }
    let cells = target.sourceFiles(withSuffix: "cell").map(\.url).sorted { $0.path < $1.path }
    let output = context.pluginWorkDirectoryURL.appending(path: "CellTexts.swift")
    return [
      .buildCommand(
        displayName: "Embedding the cells of \(target.name)", executable: try context.tool(named: "embed-cells").url,
        arguments: [output.path] + cells.map(\.path), inputFiles: cells, outputFiles: [output])
    ]
  }
}
