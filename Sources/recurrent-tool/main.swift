import CommandLine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

exit(recurrent.run(Array(Swift.CommandLine.arguments.dropFirst()), on: .system()))
