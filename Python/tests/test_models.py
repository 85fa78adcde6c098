"""Cells and models in numpy. RECURRENT_AMP names a model of one number in and one out."""

import copy
import ctypes
import gc
import os
import pickle
import unittest

import numpy as np

import recurrent

# Whole runs and steps round the same sums in different orders.
TOLERANCE = dict(rtol=1e-4, atol=1e-5)


class Cells(unittest.TestCase):
    def test_cells_say_what_they_are(self):
        cell = recurrent.Cell("lstm")
        self.assertEqual(cell.states, ["h", "c"])
        self.assertEqual(cell.parameters[:2], ["W_f", "b_f"])
        self.assertIn("lstm", recurrent.cells())
        self.assertEqual(recurrent.Cell("lstm-projected").sizes, ["P"])
        self.assertEqual(pickle.loads(pickle.dumps(cell)), cell)
        self.assertEqual(recurrent.Cell(cell.text), cell)

    def test_mistakes_are_said(self):
        with self.assertRaisesRegex(recurrent.RecurrentError, "did you mean `gru`"):
            recurrent.Cell("gruu")
        with self.assertRaisesRegex(recurrent.RecurrentError, r"cell:4:10: ") as caught:
            recurrent.Cell("cell a\ninput x\nstate h\nh' = tanh(W x\n")
        self.assertEqual(caught.exception.status, 3)
        with self.assertRaisesRegex(TypeError, "and not int"):
            recurrent.Cell(3)

    def test_warnings(self):
        self.assertEqual(len(recurrent.Cell("cell a\ninput x\nstate h\nidle = W x\nh' = U x\n").warnings), 1)


class Models(unittest.TestCase):
    def setUp(self):
        self.model = recurrent.load(os.environ["RECURRENT_AMP"])
        self.tone = np.sin(np.arange(50) * 0.2).astype(np.float32)[:, None]

    def test_what_it_is(self):
        model = self.model
        self.assertEqual((model.inputs, model.outputs, model.symbols, model.gives_steps), (1, 1, [], True))
        self.assertEqual(model.layers, ["layer 1"])
        self.assertIn("layers", model.network)
        with open(os.environ["RECURRENT_AMP"], "rb") as file:
            np.testing.assert_array_equal(recurrent.Model(file.read()).run(self.tone), model.run(self.tone))

    def test_streams_are_runs(self):
        whole, stream = self.model.run(self.tone), self.model.stream()
        self.assertEqual(whole.shape, (50, 1))
        blocks = np.concatenate([stream.process(self.tone[:20]), stream.process(self.tone[20:])])
        np.testing.assert_allclose(blocks, whole, **TOLERANCE)
        np.testing.assert_array_equal(stream.outputs, blocks[-1])
        stream.reset()
        np.testing.assert_array_equal(stream.process(self.tone[:20]), blocks[:20])
        for other in [stream.copy(), copy.copy(stream), copy.deepcopy(stream)]:
            np.testing.assert_array_equal(other.process(self.tone[20:]), blocks[20:])

    def test_states(self):
        stream, other = self.model.stream(), self.model.stream()
        stream.process(self.tone[:20])
        other.states = stream.states
        np.testing.assert_array_equal(other.process(self.tone[20:]), stream.process(self.tone[20:]))
        with self.assertRaisesRegex(recurrent.RecurrentError, "no state x of layer 1; it has h of layer 1"):
            other.states = {"layer 1": {"x": [1]}}
        with self.assertRaisesRegex(recurrent.RecurrentError, "h of layer 1 has"):
            other.states = {"layer 1": {"h": [1]}}

    def test_batches_with_lengths(self):
        batch = np.stack([self.tone, -self.tone, 0.5 * self.tone])
        batch[1, 30:] = np.nan
        output = self.model.run(batch, lengths=[50, 30, 0], threads=2)
        self.assertEqual(output.shape, (3, 50, 1))
        np.testing.assert_allclose(output[0], self.model.run(self.tone), **TOLERANCE)
        np.testing.assert_allclose(output[1, :30], self.model.run(-self.tone[:30]), **TOLERANCE)
        self.assertFalse(output[1, 30:].any() or output[2].any())

    def test_traces(self):
        trace = self.model.trace(self.tone)["layer 1"]
        self.assertIn("h'", trace)
        stream = self.model.stream()
        stream.process(self.tone)
        np.testing.assert_allclose(trace["h'"][-1], stream.states["layer 1"]["h"], **TOLERANCE)
        self.assertEqual(self.model.trace(np.zeros((2, 4, 1)), lengths=[4, 2])["layer 1"]["h'"].shape[:2], (2, 4))

    def test_nothing_leaks(self):
        """What is opened is closed: the memory in use, as glibc counts it, does not grow."""

        class Counts(ctypes.Structure):
            _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]

        try:
            counts = ctypes.CDLL(None).mallinfo2
        except AttributeError:
            self.skipTest("memory is counted with glibc 2.33 and later")
        counts.restype = Counts

        def use():
            model = recurrent.load(os.environ["RECURRENT_AMP"])
            stream = model.stream()
            stream.process(self.tone)
            stream.copy().states = stream.states
            model.run(self.tone)
            model.trace(self.tone)
            self.assertRaises(recurrent.RecurrentError, recurrent.load, "missing")
            self.assertRaises(recurrent.RecurrentError, recurrent.Cell, "cell a\n")

        def in_use(rounds):
            for _ in range(rounds):
                use()
            gc.collect()
            info = counts()
            return info.uordblks + info.hblkhd

        before = in_use(10)
        # A round that lost its model alone would lose some kilobytes; small pieces that glibc has at hand count as in use.
        self.assertLess(in_use(100) - before, 100 * 400)

    def test_refusals(self):
        for words, call in {
            "there is no such file": lambda: recurrent.load("missing.safetensors"),
            r"the input has the shape \[50\]; the model reads \[T, 1\] or \[B, T, 1\]": lambda: self.model.run(self.tone[:, 0]),
            r"the input has the shape \[50, 2\]": lambda: self.model.run(np.zeros((50, 2))),
            r"the model reads \[T, 1\]$": lambda: self.model.stream().process(np.zeros((2, 5, 1))),
            "the model reads 1 feature": lambda: self.model.run(symbols=[1, 2]),
            "must be numbers": lambda: self.model.run([["a"]]),
            "lengths has the shape": lambda: self.model.run(np.zeros((2, 5, 1)), lengths=[5]),
            "has the length 6; the batch has room for 5 steps": lambda: self.model.run(np.zeros((1, 5, 1)), lengths=[6]),
            "0 threads": lambda: self.model.run(self.tone, threads=0),
        }.items():
            with self.subTest(words), self.assertRaisesRegex(recurrent.RecurrentError, words):
                call()


if __name__ == "__main__":
    unittest.main()
