"""Optimizers: see `optimizer` for what they share."""

from refnn.optimizers.adaptive import Adam, RMSProp
from refnn.optimizers.momentum import SGD, Momentum, Nesterov
from refnn.optimizers.optimizer import Optimizer, State

__all__ = ["SGD", "Adam", "Momentum", "Nesterov", "Optimizer", "RMSProp", "State"]
