"""recurrent.torch.Layer beside nn.LSTM, nn.GRU, nn.RNN and cells written out in PyTorch, gradients included."""

import copy
import io
import os
import pickle
import unittest
import warnings

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

import recurrent
import recurrent.torch as rt

# Sums of some hundred products of numbers of order 1, rounded in different orders.
TOLERANCE = dict(rtol=2e-4, atol=2e-5)

LEAKY = """cell leaky
input x
state h
g = sigmoid(W_g x + U_g h + b_g)
h' = g * h + (1 - g) * tanh(W x + b)
"""


def leaky(w, x, h):
    g = torch.sigmoid(x @ w["W_g"].T + h @ w["U_g"].T + w["b_g"])
    return [g * h + (1 - g) * torch.tanh(x @ w["W"].T + w["b"])]


def peephole(w, x, h, c):
    def sum(gate):
        return x @ w[f"W_{gate}"].T + h @ w[f"R_{gate}"].T + w[f"b_{gate}"]

    i, f = torch.sigmoid(sum("i") + w["p_i"] * c), torch.sigmoid(sum("f") + w["p_f"] * c)
    c = torch.tanh(sum("z")) * i + c * f
    return [torch.tanh(c) * torch.sigmoid(sum("o") + w["p_o"] * c), c]


def mgu(w, x, h):
    f = torch.sigmoid(torch.cat([h, x], 1) @ w["W_f"].T + w["b_f"])
    return [(1 - f) * h + f * torch.tanh(torch.cat([f * h, x], 1) @ w["W_h"].T + w["b_h"])]


def coupled(w, x, h, c):
    both = torch.cat([h, x], 1)
    f = torch.sigmoid(both @ w["W_f"].T + w["b_f"])
    c = f * c + (1 - f) * torch.tanh(both @ w["W_g"].T + w["b_g"])
    return [torch.sigmoid(both @ w["W_o"].T + w["b_o"]) * torch.tanh(c), c]


def layer_norm(w, x, h, c):
    def norm(v):
        return nn.functional.layer_norm(v, v.shape[-1:])

    def sum(gate):
        return (
            w[f"α_{gate}x"] * norm(x @ w[f"W_{gate}"].T) + w[f"α_{gate}h"] * norm(h @ w[f"R_{gate}"].T) + w[f"b_{gate}"]
        )

    c = torch.sigmoid(sum("f")) * c + torch.sigmoid(sum("i")) * torch.tanh(sum("g"))
    return [torch.sigmoid(sum("o")) * torch.tanh(w["α_c"] * norm(c) + w["b_c"]), c]


def tensors(states):
    return [states] if isinstance(states, torch.Tensor) else list(states)


def gradients(output, final, wanted):
    weights = torch.linspace(-1, 1, output.numel()).view_as(output)
    loss = (output * weights).sum() + sum((state**2).sum() * (index + 1) for index, state in enumerate(tensors(final)))
    return torch.autograd.grad(loss, wanted)


class Case(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(3)

    def close(self, own, other):
        torch.testing.assert_close(own, other, **TOLERANCE)


class ModulesOfPyTorch(Case):
    kinds = [nn.LSTM, nn.GRU, nn.RNN]

    def test_sequences_states_and_all_gradients(self):
        for kind in self.kinds:
            for options in [{}, dict(num_layers=2), dict(bidirectional=True, num_layers=2), dict(batch_first=True), dict(bias=False)]:
                with self.subTest(kind=kind.__name__, **options):
                    module = kind(5, 6, **options)
                    layer = rt.from_module(module)
                    input = torch.randn(4, 4, 5, requires_grad=True)
                    count = module.num_layers * (2 if module.bidirectional else 1)
                    states = [torch.randn(count, 4, 6, requires_grad=True) for _ in layer.cell.states]
                    given = states[0] if len(states) == 1 else tuple(states)
                    own, expected = layer(input, given), module(input, given)
                    self.close(own, expected)
                    self.assertIs(type(own[1]), type(expected[1]))
                    self.close(gradients(*own, [input, *states]), gradients(*expected, [input, *states]))
                    back = rt.to_module(layer)
                    self.close(back(input, given), expected)
                    wanted = list(module.parameters())
                    ofModule = dict(zip((name for name, _ in module.named_parameters()), gradients(*module(input), wanted)))
                    ofLayer = dict(zip((name for name, _ in layer.named_parameters()), gradients(*layer(input), list(layer.parameters()))))
                    ofInput = ofModule["weight_ih_l0"].chunk(len(ofModule["weight_ih_l0"]) // 6)
                    first = {nn.LSTM: ("layers.0.W_f", 1), nn.GRU: ("layers.0.W_z", 1), nn.RNN: ("layers.0.W_x", 0)}[kind]
                    self.close(ofLayer[first[0]][:, -5:], ofInput[first[1]])

    def test_packed_sequences(self):
        for kind in self.kinds:
            for options in [{}, dict(bidirectional=True, num_layers=2)]:
                for lengths in [[5, 3, 3, 1], [2, 5, 1, 4]]:
                    with self.subTest(kind=kind.__name__, lengths=lengths, **options):
                        module = kind(3, 4, **options)
                        layer = rt.from_module(module)
                        padded = torch.randn(5, 4, 3, requires_grad=True)
                        states = [torch.randn(4 if options else 1, 4, 4) for _ in layer.cell.states]
                        given = states[0] if len(states) == 1 else tuple(states)
                        own, expected = [
                            of(pack_padded_sequence(padded, torch.tensor(lengths), enforce_sorted=False), given)
                            for of in (layer, module)
                        ]
                        self.assertIsInstance(own[0], PackedSequence)
                        self.close(own[0].data, expected[0].data)
                        self.close(own[1], expected[1])
                        self.close(pad_packed_sequence(own[0]), pad_packed_sequence(expected[0]))
                        self.close(
                            gradients(own[0].data, own[1], [padded]), gradients(expected[0].data, expected[1], [padded])
                        )

    def test_one_sequence_without_a_batch(self):
        module = nn.LSTM(3, 4)
        layer = rt.from_module(module)
        input, states = torch.randn(6, 3), (torch.randn(1, 4), torch.randn(1, 4))
        self.close(layer(input, states), module(input, states))
        self.close(layer(input), module(input))

    def test_dropout_is_pytorchs(self):
        module = nn.GRU(3, 4, num_layers=3, dropout=0.5)
        layer = rt.from_module(module)
        input = torch.randn(5, 2, 3)
        self.assertFalse(torch.equal(layer(input)[0], layer(input)[0]))
        layer.eval(), module.eval()
        self.close(layer(input), module(input))

    def test_other_modules_are_refused(self):
        with self.assertRaisesRegex(ValueError, "another cell"):
            rt.from_module(nn.RNN(2, 3, nonlinearity="relu"))
        with self.assertRaisesRegex(ValueError, "proj_size"):
            rt.from_module(nn.LSTM(2, 3, proj_size=2))
        with self.assertRaisesRegex(ValueError, "neither lstm"):
            rt.to_module(rt.Layer("mgu", 2, 3))


class CellsOfOnesOwn(Case):
    def test_five_cells_written_out(self):
        cells = {
            LEAKY: leaky, "lstm-peephole": peephole, "mgu": mgu, "lstm-coupled": coupled, "lstm-layer-norm": layer_norm,
        }  # fmt: skip
        for cell, step in cells.items():
            layer = rt.Layer(cell, 5, 6)
            with self.subTest(layer.cell.name):
                for parameter in layer.parameters():
                    parameter.data.add_(0.1 * torch.randn(parameter.shape))
                weights = {name.removeprefix("layers.0."): value for name, value in layer.named_parameters()}
                input = torch.randn(7, 3, 5, requires_grad=True)
                states = [torch.randn(1, 3, 6, requires_grad=True) for _ in layer.cell.states]
                own = layer(input, states[0] if len(states) == 1 else tuple(states))
                now, outputs = [state[0] for state in states], []
                for x in input:
                    now = step(weights, x, *now)
                    outputs.append(now[0])
                expected = torch.stack(outputs), tuple(state.unsqueeze(0) for state in now)
                wanted = [input, *states, *layer.parameters()]
                self.close([own[0], *tensors(own[1])], [expected[0], *expected[1]])
                self.close(gradients(*own, wanted), gradients(*expected, wanted))

    def test_states_of_other_widths(self):
        layer = rt.Layer("lstm-projected", 5, 8, num_layers=2, bidirectional=True, sizes={"P": 3})
        output, (h, c) = layer(torch.randn(4, 2, 5))
        self.assertEqual([list(t.shape) for t in (output, h, c)], [[4, 2, 6], [4, 2, 3], [4, 2, 8]])

    def test_fixed_parameters_stay(self):
        layer = rt.Layer("cell echo\ninput x\nstate h\nfixed U\nh' = tanh(W x + U h)\n", 2, 3)
        self.assertEqual({name: own.requires_grad for name, own in layer.named_parameters()}, {"layers.0.W": True, "layers.0.U": False})
        layer(torch.randn(4, 2, 2))[0].sum().backward()
        self.assertEqual([own.grad is None for own in layer.parameters()], [False, True])

    def test_zoneout_is_drawn_in_training_only(self):
        layer = rt.Layer("cell kept\ninput x\nstate h\nzoneout h = 0.5\nh' = W x\n", 1, 1000)
        with torch.no_grad():
            layer.layers[0]._parameters["W"].fill_(1)
        input = torch.ones(1, 1, 1)
        drawn = layer(input)[0]
        self.assertEqual(sorted(drawn.unique().tolist()), [0, 1])
        self.assertAlmostEqual(float(drawn.detach().mean()), 0.5, delta=0.1)
        self.assertEqual(layer.eval()(input)[0].unique().tolist(), [0.5])

    def test_it_trains(self):
        layer, top = rt.Layer(LEAKY, 1, 8), nn.Linear(8, 1)
        optimizer = torch.optim.Adam([*layer.parameters(), *top.parameters()], 0.02)
        losses = []
        for _ in range(60):
            input = torch.rand(10, 16, 1)
            loss = nn.functional.mse_loss(top(layer(input)[0]), input.cumsum(0) / torch.arange(1, 11).view(-1, 1, 1))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
        self.assertLess(losses[-1], losses[0] / 5)


class HabitsOfModules(Case):
    def test_state_dicts_copies_and_pickles(self):
        layer = rt.Layer("gru", 3, 4, num_layers=2, bidirectional=True)
        input = torch.randn(5, 2, 3)
        expected = layer(input)
        self.assertEqual(list(layer.state_dict())[:2], ["layers.0.W_r", "layers.0.U_r"])
        self.assertIn("layers.1.reverse.b_hn", layer.state_dict())
        other = rt.Layer("gru", 3, 4, num_layers=2, bidirectional=True)
        other.load_state_dict(layer.state_dict())
        file = io.BytesIO()
        torch.save(layer, file)
        file.seek(0)
        for made in [other, copy.deepcopy(layer), pickle.loads(pickle.dumps(layer)), torch.load(file, weights_only=False)]:
            self.assertTrue(torch.equal(made(input)[0], expected[0]))
        with torch.no_grad():
            next(copy.deepcopy(layer).parameters()).zero_()
        self.assertTrue(torch.equal(layer(input)[0], expected[0]))

    def test_every_change_of_weights_is_seen(self):
        layer = rt.Layer("rnn", 1, 1)
        input = torch.ones(1, 1, 1)
        before = layer(input)[0].item()
        layer.layers[0]._parameters["W_x"].data.add_(1)
        self.assertNotEqual(layer(input)[0].item(), before)

    def test_seeds(self):
        torch.manual_seed(5)
        one = rt.Layer("lstm", 3, 4)
        torch.manual_seed(5)
        for own, other in zip(one.parameters(), rt.Layer("lstm", 3, 4).parameters()):
            self.assertTrue(torch.equal(own, other))

    def test_no_gradients(self):
        layer = rt.Layer("gru", 3, 4)
        input = torch.randn(5, 2, 3)
        with torch.no_grad():
            self.assertFalse(layer(input)[0].requires_grad)
        layer.requires_grad_(False)
        self.assertFalse(layer(input)[0].requires_grad)
        self.assertTrue(layer(input.requires_grad_())[0].requires_grad)

    def test_only_some_gradients(self):
        layer = rt.Layer("gru", 3, 4)
        layer.layers[0]._parameters["W_r"].requires_grad_(False)
        output, h = layer(torch.randn(5, 2, 3))
        h.sum().backward()
        self.assertIsNone(layer.layers[0]._parameters["W_r"].grad)
        self.assertIsNotNone(layer.layers[0]._parameters["U_r"].grad)

    def test_several_calls_before_the_way_back(self):
        module = nn.GRU(3, 4)
        layer = rt.from_module(module)
        parts = [torch.randn(2, 2, 3) for _ in range(12)]

        def gradient(of):
            h, sum = None, 0
            for part in parts:
                output, h = of(part, h)
                sum = sum + output.sum()
            sum.backward()

        gradient(module), gradient(layer)
        self.close(layer.layers[0]._parameters["W_r"].grad, module.weight_ih_l0.grad.chunk(3)[0])

    def test_views_that_are_not_contiguous(self):
        module = nn.LSTM(3, 4)
        layer = rt.from_module(module)
        input = torch.randn(3, 2, 5).transpose(0, 2)
        self.close(layer(input), module(input))

    def test_a_forked_process_runs_on_one_thread(self):
        layer = rt.Layer("gru", 3, 24, threads=2)
        input = torch.randn(128, 16, 3)
        with torch.no_grad():
            expected = layer(input)[0].numpy()
            child = os.fork()
            if child == 0:
                os._exit(0 if (layer(input)[0].numpy() == expected).all() else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)

    def test_saved_tensors_may_move(self):
        module = nn.LSTM(3, 4)
        layer = rt.from_module(module)
        input = torch.randn(5, 2, 3, requires_grad=True)
        with torch.autograd.graph.saved_tensors_hooks(lambda t: t.numpy().copy(), lambda a: torch.from_numpy(a.copy())):
            own = layer(input)
        self.close(gradients(*own, [input]), gradients(*module(input), [input]))


class Compiled(Case):
    def test_a_layer_within_a_compiled_module(self):
        module = nn.Sequential(nn.Linear(3, 3), rt.Layer("lstm", 3, 4))
        input = torch.randn(5, 2, 3)
        compiled = torch.compile(module, backend="eager")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            self.close(compiled(input)[0], module(input)[0])


class Gradients(Case):
    """In double precision, by which whatever has a layer in it can be held to finite differences."""

    def check(self, call, *inputs):
        """gradcheck wants outputs one beside the other."""

        def flat(*inputs):
            output, states = call(*inputs)
            output = output.data if isinstance(output, PackedSequence) else output
            return output, *(states if isinstance(states, tuple) else [states])

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.assertTrue(torch.autograd.gradcheck(flat, inputs))

    def doubles(self, *shape):
        return torch.randn(*shape, dtype=torch.float64, requires_grad=True)

    def test_cells(self):
        for cell in ["lstm", "gru", "lstm-peephole", "slstm", "mgu"]:
            with self.subTest(cell):
                self.check(rt.Layer(cell, 3, 4).double(), self.doubles(4, 2, 3))

    def test_stacks_with_states(self):
        layer = rt.Layer("lstm", 3, 2, num_layers=2, bidirectional=True, batch_first=True).double()
        self.check(lambda input, *states: layer(input, states), self.doubles(2, 3, 3), self.doubles(4, 2, 2), self.doubles(4, 2, 2))
        self.check(rt.Layer("gru", 3, 2).double(), self.doubles(3, 3), self.doubles(1, 2))

    def test_weights(self):
        layer = rt.Layer("lstm", 2, 3).double()
        names, weights = zip(*layer.named_parameters())
        input = self.doubles(3, 2, 2)
        self.check(lambda *weights: torch.func.functional_call(layer, dict(zip(names, weights)), (input,)), *weights)

    def test_packed_sequences(self):
        layer = rt.Layer("lstm", 3, 4, bidirectional=True).double()
        self.check(lambda input: layer(pack_padded_sequence(input, [2, 5, 1], enforce_sorted=False)), self.doubles(5, 3, 3))

    def test_the_kernels_agree(self):
        for cell in ["lstm", "gru", LEAKY + "zoneout h = 0.25\n"]:
            with self.subTest(cell), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                layer = rt.Layer(cell, 3, 8, bidirectional=True).eval()
                input = torch.randn(6, 2, 3, requires_grad=True)
                same, twice = copy.deepcopy(layer).double(), input.detach().double().requires_grad_()
                own, reference = layer(input)[0], same(twice)[0]
                torch.testing.assert_close(own.double(), reference, rtol=1e-5, atol=1e-5)
                own.square().sum().backward()
                reference.square().sum().backward()
                torch.testing.assert_close(input.grad.double(), twice.grad, rtol=1e-4, atol=1e-5)
                for mine, other in zip(layer.parameters(), same.parameters()):
                    torch.testing.assert_close(mine.grad.double(), other.grad, rtol=1e-4, atol=1e-5)

    def test_it_is_said_to_be_slow(self):
        from recurrent import _reference

        _reference._isSaid = False
        with self.assertWarnsRegex(UserWarning, "torch.float64 runs operation by operation"):
            rt.Layer("gru", 3, 4).double()(self.doubles(2, 1, 3))


class Refusals(Case):
    def refused(self, words, call):
        with self.assertRaisesRegex((recurrent.RecurrentError, RuntimeError, ValueError), words):
            call()

    def test_inputs(self):
        layer = rt.Layer("lstm", 3, 4)
        self.refused(r"the input has the shape \[5, 2, 4\]; the layer reads \[T, 3\] or \[T, B, 3\]", lambda: layer(torch.randn(5, 2, 4)))
        self.refused("W_f is torch.float32 and the input torch.float64", lambda: layer(torch.randn(5, 2, 3).double()))
        self.refused("the input is torch.float16; the kernels compute with torch.float32", lambda: layer(torch.randn(5, 2, 3).half()))
        double = (torch.zeros(1, 2, 4), torch.zeros(1, 2, 4).double())
        self.refused("state c is torch.float64 and the input torch.float32", lambda: layer(torch.randn(5, 2, 3), double))
        self.refused("the device meta", lambda: layer(torch.randn(5, 2, 3, device="meta")))
        self.refused("has the states h, c, and 1 came", lambda: layer(torch.randn(5, 2, 3), torch.zeros(1, 2, 4)))
        states = (torch.zeros(1, 2, 4), torch.zeros(1, 3, 4))
        self.refused(r"state c has the shape \[1, 3, 4\]; it must be \[1, 2, 4\]", lambda: layer(torch.randn(5, 2, 3), states))
        self.refused("W_f is torch.float64", lambda: layer.double()(torch.randn(5, 2, 3)))

    def test_cells(self):
        self.refused("did you mean `lstm`", lambda: rt.Layer("lstn", 3, 4))
        self.refused("cell:4:10: ", lambda: rt.Layer("cell a\ninput x\nstate h\nh' = tanh(W x\n", 3, 4))
        self.refused("inputs of cell lstm is 0", lambda: rt.Layer("lstm", 0, 4))
        self.refused("has no size Q", lambda: rt.Layer("lstm-projected", 2, 4, sizes={"Q": 1}))
        self.refused("num_layers is 0", lambda: rt.Layer("lstm", 2, 4, 0))

    def test_second_derivatives_and_kept_graphs(self):
        layer = rt.Layer("lstm", 3, 4)
        input = torch.randn(5, 2, 3, requires_grad=True)
        self.refused("second derivatives", lambda: torch.autograd.grad(layer(input)[0].sum(), input, create_graph=True))
        sum = layer(input)[0].sum()
        sum.backward(retain_graph=True)
        self.refused("retain_graph does not keep it", sum.backward)

    def test_an_input_that_changes(self):
        layer = rt.Layer("lstm", 3, 4)
        input = torch.randn(5, 2, 3)
        sum = layer(input)[0].sum()
        input.add_(1)
        self.refused("modified by an inplace operation", sum.backward)


if __name__ == "__main__":
    unittest.main()
