import CommandLine

print("recurrent \(version)")
