"""Other people's benchmarks as gold questions and articles, one format a file; `read_benchmark` finds which it is."""

from eval.formats.shapes import read_benchmark

__all__ = ["read_benchmark"]
