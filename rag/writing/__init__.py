"""Answers written by a large language model, every sentence of them checked before it is shown."""
