"""Measurements of this platform beside its peers: `python -m benchmarks [NAME]`. Figures go to docs/performance.md."""
