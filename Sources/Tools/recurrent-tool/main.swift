import CommandKit
import CommandLine
import Console
import Platform

exit(recurrent.run(Array(Swift.CommandLine.arguments.dropFirst()), on: .system()))
