"""Recurrent beside its peers: the same weights and inputs, outputs compared, rounds of one sample each in turn."""
