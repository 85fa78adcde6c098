// What was trained in PyTorch becomes a network, and goes to ONNX Runtime with its cells.
import Recurrent

let file = try TensorFile(contentsOf: "lstm.pt")
let chain = try LayerChain(file)
for layer in chain.layers { print(layer.layer.name, layer.layer.description.inputs, layer.layer.description.units) }
let network = try Network(chain)
print(try network.outputs(for: [[Float](repeating: 0.5, count: chain.layers[0].layer.description.inputs)]))
try network.save(to: "from-pytorch.safetensors")
try ONNXExport(network).write(to: "to-onnx-runtime.onnx")
