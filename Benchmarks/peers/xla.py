"""JAX: the input's products at once, then a scan over the steps, compiled as a whole by XLA."""

import jax
import jax.numpy as jnp

from . import layouts


def step(cell, weights, states, gates):
    """One step: `gates` holds the input's products and the biases, `[B, G H]`."""
    h = states[0]
    recurrent = h @ weights["hidden"].T
    if cell == "rnn":
        return (jnp.tanh(gates + recurrent),)
    if cell == "gru":
        r, z, n = jnp.split(gates, 3, axis=1)
        u_r, u_z, u_n = jnp.split(recurrent, 3, axis=1)
        r, z = jax.nn.sigmoid(r + u_r), jax.nn.sigmoid(z + u_z)
        n = jnp.tanh(n + r * (u_n + weights["hidden_bias"]))
        return ((1 - z) * n + z * h,)
    c = states[1]
    i, f, g, o = jnp.split(gates + recurrent, 4, axis=1)
    if cell == "lstm-peephole":
        p_i, p_f, p_o = weights["peepholes"]
        i, f = i + p_i * c, f + p_f * c
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    if cell == "lstm-peephole":
        o = o + p_o * c
    return (jax.nn.sigmoid(o) * jnp.tanh(c), c)


def forward(cell, weights, inputs, states):
    def body(states, gates):
        states = step(cell, weights, states, gates)
        return states, states[0]

    return jax.lax.scan(body, states, inputs @ weights["input"].T + weights["bias"])[1]


class JAX:
    name = "JAX"

    def __init__(self, work, tensors):
        self.work = work
        weights = {key: jnp.asarray(value) for key, value in layouts.stacked(work.cell, tensors).items()}
        states = tuple(jnp.asarray(state) for state in layouts.states(work.cell, tensors))
        self.arguments = (weights, jnp.asarray(tensors["input"]), states)
        if work.mode == "train":
            gradient = jnp.asarray(tensors["gradient.output"])

            def train(weights, inputs, states):
                outputs, pull = jax.vjp(lambda *all: forward(work.cell, *all), weights, inputs, states)
                return outputs, pull(gradient)

            self.call = jax.jit(train)
        else:
            self.call = jax.jit(lambda *all: forward(work.cell, *all))

    def run(self, runs):
        for _ in range(runs):
            jax.block_until_ready(self.call(*self.arguments))

    def results(self):
        results = self.call(*self.arguments)
        if self.work.mode != "train":
            return {"output": results}
        outputs, (weights, inputs, states) = results
        named = {"output": outputs, "gradient.input": inputs}
        for name, state in zip(layouts.STATES[self.work.cell], states):
            named["gradient.state." + name] = state
        return named | layouts.unstacked(self.work.cell, weights)
