import Support

/// The functions and classes that a pickle may name. None of them is called: they only say what is meant.
enum PickleNames {
  /// Whether a name may stand in a pickle: a part of a tensor, or of what people keep beside tensors in a checkpoint.
  static func isKnown(_ name: String) -> Bool {
    tensors.contains(name) || others.contains(name) || isDictionary(name) || isList(name) || isDataType(name)
      || PyTorchFile.storageType(name) != nil || libraries.contains(where: name.hasPrefix)
  }

  /// Whether it is a class whose values are filled key by key.
  static func isDictionary(_ name: String) -> Bool {
    ["collections.OrderedDict", "collections.defaultdict", "collections.Counter"].contains(name)
      || libraries.contains(where: name.hasPrefix) && name.hasSuffix(".AttributeDict")
  }

  /// Whether it is a class that is made of the elements of a list.
  static func isList(_ name: String) -> Bool { builtins.contains { name == $0 + "set" || name == $0 + "frozenset" } }

  /// Why a name is refused.
  static func refusal(of name: String) -> String {
    switch true {
    case quantized.contains(name):
      return
        "it names \(quoted(name)), which a quantized model has in the place of its weights: save the state dict of the model in "
        + "floating point, as it was before it was quantized"
    case name.hasPrefix("torch.nn.modules."), name.hasPrefix("__main__."):
      return
        "it names \(quoted(name)), a class: it holds a whole model, which is a program, rather than its tensors; load it in PyTorch "
        + "and save a state dict alone, as torch.save(model.state_dict(), …)"
    default:
      return
        "it names \(quoted(name)), which is no part of a tensor: save a state dict alone, as torch.save(model.state_dict(), …)"
    }
  }

  private static let tensors: Set<String> = [
    "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state",
    "torch._tensor._rebuild_from_type_v2", "torch.nn.parameter.Parameter", "torch.Tensor", "torch.Size", "torch.device",
  ]

  private static let quantized: Set<String> = [
    "torch.ScriptObject", "torch._utils._rebuild_qtensor", "torch.QInt8Storage", "torch.QUInt8Storage", "torch.QInt32Storage",
    "torch.qint8", "torch.quint8", "torch.qint32",
  ]

  /// Python's types by the names that version 2 and version 3 give to their module.
  private static let builtins = ["__builtin__.", "builtins."]

  /// What checkpoints hold beside tensors, none of which is read: NumPy's numbers and the states of its random numbers, settings,
  /// paths, dates.
  private static let others: Set<String> = {
    let types = [
      "int", "float", "bool", "str", "list", "dict", "tuple", "complex", "bytes", "bytearray", "slice", "range", "object",
    ]
    let numpy = ["numpy.core.multiarray.", "numpy._core.multiarray."].flatMap { [$0 + "scalar", $0 + "_reconstruct"] }
    return Set(
      builtins.flatMap { module in types.map { module + $0 } } + numpy + [
        "_codecs.encode", "copy_reg._reconstructor", "copyreg._reconstructor", "numpy.dtype", "numpy.ndarray",
        "argparse.Namespace",
        "types.SimpleNamespace", "torch.serialization._get_layout", "torch.torch_version.TorchVersion", "pathlib.Path",
        "pathlib.PosixPath", "pathlib.PurePosixPath", "pathlib.WindowsPath", "pathlib.PureWindowsPath",
        "pathlib._local.PosixPath",
        "pathlib._local.WindowsPath", "datetime.datetime", "datetime.date", "datetime.timedelta",
      ])
  }()

  /// Whose checkpoints hold values of classes of their own.
  private static let libraries = ["pytorch_lightning.", "lightning.", "lightning_fabric."]

  /// `torch.float32`
  private static func isDataType(_ name: String) -> Bool {
    guard name.hasPrefix("torch.") else { return false }
    return [
      "float16", "bfloat16", "float32", "float64", "half", "float", "double", "uint8", "int8", "int16", "int32", "int64", "bool",
      "complex64", "complex128", "float8_e4m3fn", "float8_e5m2",
    ].contains(name.dropFirst("torch.".count))
  }
}
