"""Cells with random weights, and those that torchrecurrent runs: what script/cell-vectors makes numbers of."""

import torch
import torchrecurrent
from torch.func import functional_call

BATCH, STEPS = 2, 6

# All is computed in double, of numbers that are floats, so that what differs is what the other side rounds.
torch.set_default_dtype(torch.float64)


def drawn(*shape):
    """Random floats, as doubles."""
    return torch.randn(*shape).float().double()


class Case:
    """A cell with random weights, made as they are asked for, and a run of it."""

    def __init__(self, inputs=3, units=4, reads=None):
        self.inputs, self.units = inputs, units
        self.weights = {}
        self.given = {"x": drawn(BATCH, STEPS, inputs).requires_grad_()}
        for name, size in (reads or {}).items():
            self.given[name] = drawn(BATCH, STEPS, size).abs().requires_grad_()

    @property
    def x(self):
        return self.given["x"]

    def weight(self, name, *shape, scale=0.6):
        if name not in self.weights:
            self.weights[name] = (scale * torch.randn(*shape)).float().double().requires_grad_()
        return self.weights[name]

    def matrices(self, names, columns, prefix="W"):
        return torch.cat([self.weight(f"{prefix}_{name}" if name else prefix, self.units, columns) for name in names])

    def biases(self, names, prefix="b"):
        return torch.cat([self.weight(f"{prefix}_{name}" if name else prefix, self.units) for name in names])


def recurrent(cell, case, state, parameters):
    """A cell of torchrecurrent over all steps; with the first state as the output."""
    outputs = []
    for step in range(STEPS):
        found = functional_call(cell, parameters, (case.x[:, step], state))
        state = found
        outputs.append(found[0] if isinstance(found, tuple) else found)
    return torch.stack(outputs, 1)


def zeros(case, count=1):
    states = tuple(torch.zeros(BATCH, case.units) for _ in range(count))
    return states if count > 1 else states[0]


def split(case, names, recurrent_names=None, joined=False):
    """Weights W_… [units, inputs], U_… [units, units] and b_… as torchrecurrent stacks them; `joined` takes W_… over [h, x]."""
    recurrent_names = names if recurrent_names is None else recurrent_names
    if joined:
        whole = [case.weight(f"W_{name}", case.units, case.units + case.inputs) for name in names]
        ih, hh = torch.cat([w[:, case.units:] for w in whole]), torch.cat([w[:, : case.units] for w in whole])
    else:
        ih, hh = case.matrices(names, case.inputs), case.matrices(recurrent_names, case.units, prefix="U")
    return {"weight_ih": ih, "weight_hh": hh, "bias_ih": case.biases(names), "bias_hh": torch.zeros(hh.shape[0])}


def torchrecurrent_cases():
    def of(kind, count=1, inputs=3, **settings):
        def make(parameters):
            def run():
                case = Case(inputs=inputs)
                cell = getattr(torchrecurrent, kind)(case.inputs, case.units, **settings)
                own = {name: torch.zeros_like(value) for name, value in cell.named_parameters() if "bias" in name}
                made = {name: value for name, value in (own | parameters(case)).items() if name in dict(cell.named_parameters())}
                return case, recurrent(cell, case, zeros(case, count), made)
            return run
        return make

    def vectors(case, names, prefix):
        return torch.cat([case.weight(f"{prefix}_{name}", case.units) for name in names])

    antisymmetric = dict(epsilon=0.1, gamma=0.01)
    return {
        "fastrnn": of("FastRNNCell")(lambda c: split(c, [""]) | {"alpha": c.weight("α", 1), "beta": c.weight("β", 1)}),
        "atr": of("ATRCell")(lambda c: {
            "weight_ih": c.weight("W", c.units, c.inputs), "weight_hh": c.weight("U", c.units, c.units),
            "bias_ih": c.weight("b_p", c.units), "bias_hh": c.weight("b_q", c.units)}),
        "brc": of("BRCell")(lambda c: {
            "weight_ih": c.matrices("ach", c.inputs), "weight_hh": vectors(c, "ac", "u"), "bias_ih": c.biases("ach")}),
        "nbrc": of("NBRCell")(lambda c: {
            "weight_ih": c.matrices("ach", c.inputs), "weight_hh": c.matrices("ac", c.units, prefix="U"),
            "bias_ih": c.biases("ach")}),
        "light-recurrent-unit": of("LightRUCell")(lambda c: split(c, "gf", "f")),
        "lstm-1997": of("OriginalLSTMCell", 2)(lambda c: split(c, "igo", joined=True)),
        "lstm-residual": of("ResLSTMCell", 2)(lambda c: split(c, "ifgo", joined=True) | {
            "weight_ph": vectors(c, "ifo", "p"), "weight_proj": c.weight("W_p", c.units, c.units),
            "weight_res": c.weight("W_x", c.units, c.inputs)}),
        "miru1": of("MiRU1Cell", update_coefficient=0.5)(lambda c: {
            "weight_ih": c.matrices(["r", ""], c.inputs), "weight_hh": c.matrices(["r", ""], c.units, prefix="U"),
            "bias_ih": c.biases(["r", ""])}),
        "miru2": of("MiRU2Cell", update_coefficient=0.5, reset_coefficient=0.5)(lambda c: split(c, [""])),
        "sgrn": of("SGRNCell")(lambda c: {
            "weight_ih": c.weight("W", c.units, c.inputs), "weight_hh": c.weight("U", c.units, c.units),
            "bias_ih": c.weight("b_x", c.units), "bias_hh": c.weight("b_h", c.units)}),
        "sgu": of("SGUCell")(lambda c: {
            "weight_ih": c.matrices("gz", c.inputs), "weight_hh": c.matrices("gz", c.units, prefix="U"),
            "bias_ih": c.biases("xz"), "bias_hh": torch.cat([c.weight("b_g", c.units), torch.zeros(c.units)])}),
        "dsgu": of("DSGUCell")(lambda c: {
            "weight_ih": c.matrices("gz", c.inputs), "weight_hh": c.matrices("gz", c.units, prefix="U"),
            "bias_ih": c.biases("xz"), "bias_hh": torch.cat([c.weight("b_g", c.units), torch.zeros(c.units)]),
            "weight_ho": c.weight("U_o", c.units, c.units)}),
        "star": of("STARCell")(lambda c: split(c, "zk", "k")),
        "typed-rnn": of("TRNNCell")(lambda c: {"weight_ih": c.matrices("zf", c.inputs), "bias_ih": c.biases("zf")}),
        "unicornn": of("UnICORNNCell", 2, dt=0.1, alpha=0.0)(lambda c: {
            "weight_ih": c.weight("V", c.units, c.inputs), "weight_hh": c.weight("w", c.units), "weight_ch": c.weight("c", c.units),
            "bias_ih": c.weight("b", c.units)}),
        "lstm-working-memory": of("WMCLSTMCell", 2)(lambda c: split(c, "ifgo", joined=True) | {
            "weight_mh": c.matrices("ifo", c.units, prefix="V"), "bias_mh": c.biases("ifo", prefix="d")}),
        "antisymmetric-rnn": of("AntisymmetricRNNCell", **antisymmetric)(lambda c: {
            "weight_ih": c.weight("V_h", c.units, c.inputs), "weight_hh": c.weight("W_h", c.units, c.units),
            "bias_ih": c.weight("b_h", c.units)}),
        "gated-antisymmetric-rnn": of("GatedAntisymmetricRNNCell", **antisymmetric)(lambda c: {
            "weight_ih": c.matrices("zh", c.inputs, prefix="V"), "weight_hh": c.weight("W_h", c.units, c.units),
            "bias_ih": c.biases("zh")}),
        "cornn": of("coRNNCell", 2, dt=0.042, gamma=2.7, epsilon=4.7)(lambda c: {
            "weight_ih": c.weight("V", c.units, c.inputs), "weight_hh": c.weight("W_y", c.units, c.units),
            "weight_ch": c.weight("W_z", c.units, c.units), "bias_ih": c.weight("b", c.units)}),
    }


def controlled():
    case = Case()
    cell = torchrecurrent.MCLSTMCell(case.inputs, case.units)
    whole = [case.weight(f"W_{name}", case.units, case.units + case.inputs) for name in "fiomg"]
    parameters = {
        "weight_ih": torch.cat([w[:, case.units:] for w in whole]), "weight_hh": torch.cat([w[:, : case.units] for w in whole]),
        "bias_ih": case.biases("fiomg"), "bias_hh": torch.zeros(5 * case.units)}
    state, outputs = zeros(case, 2), []
    for step in range(STEPS):
        h, state = functional_call(cell, parameters, (case.x[:, step], state))
        outputs.append(h)
    return case, torch.stack(outputs, 1)


def typed(kind):
    def run():
        case = Case()
        cell = getattr(torchrecurrent, kind)(case.inputs, case.units)
        whole = [case.weight(f"W_{name}", case.units, 2 * case.inputs) for name in "zfo"]
        parameters = {
            "weight_ih": torch.cat([w[:, : case.inputs] for w in whole]),
            "weight_hh": torch.cat([w[:, case.inputs:] for w in whole]), "bias_ih": case.biases("zfo"),
            "bias_hh": torch.zeros(3 * case.units)}
        state, outputs = (zeros(case), torch.zeros(BATCH, case.inputs)), []
        for step in range(STEPS):
            h, rest = functional_call(cell, parameters, (case.x[:, step], state))
            state = rest if isinstance(rest, tuple) else (h, rest)
            outputs.append(h)
        return case, torch.stack(outputs, 1)
    return run


def delayed():
    case = Case()
    cell = torchrecurrent.tauGRUCell(case.inputs, case.units)
    parameters = {
        "weight_ih": case.matrices("uzga", case.inputs), "weight_hh": case.matrices("uzga", case.units, prefix="U"),
        "bias_ih": case.biases("uzga"), "bias_hh": torch.zeros(4 * case.units)}
    states = [zeros(case)] * 4
    for step in range(STEPS):
        states.append(functional_call(cell, parameters, (case.x[:, step], states[-1], states[-4])))
    return case, torch.stack(states[4:], 1)


def intersection():
    case = Case(inputs=4)
    cell = torchrecurrent.IntersectionRNNCell(4, 4)
    parameters = {
        "weight_ih": case.matrices("yhpq", 4), "weight_hh": case.matrices("yhpq", 4, prefix="U"), "bias_ih": case.biases("yhpq"),
        "bias_hh": torch.zeros(16)}
    h, outputs = zeros(case), []
    for step in range(STEPS):
        y, h = functional_call(cell, parameters, (case.x[:, step], h))
        outputs.append(y)
    return case, torch.stack(outputs, 1)
