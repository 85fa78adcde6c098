"""A cell of one's own, written as equations, as a layer of PyTorch: it learns to add up numbers, some of which are not to be counted."""

import torch

import recurrent.torch as rt

LEAKY = """cell leaky
input x
state h
g  = sigmoid(W_g x + U_g h + b_g)        # how much of the past stays
h' = g * h + (1 - g) * tanh(W x + b)     # hidden state, the output
"""

torch.manual_seed(1)
layer, output = rt.Layer(LEAKY, input_size=2, hidden_size=32), torch.nn.Linear(32, 1)
optimizer = torch.optim.Adam([*layer.parameters(), *output.parameters()], lr=0.01)
for iteration in range(301):
    numbers, counts = torch.rand(10, 64), (torch.rand(10, 64) < 0.3).float()
    states, _ = layer(torch.stack([numbers, counts], 2))
    loss = (output(states[-1]).squeeze(1) - (numbers * counts).sum(0)).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if iteration % 100 == 0:
        print(f"iteration {iteration}: squared error {loss.item():.3f}")
