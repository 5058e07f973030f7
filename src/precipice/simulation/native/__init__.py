"""Stages as machine code: what JAX traced, compiled for a few lanes side by side, by LLVM."""
