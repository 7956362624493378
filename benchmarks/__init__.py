"""How fast the product is, beside the least that the same work can cost: `python -m benchmarks`.

Every figure is a ratio of two things measured in turn in one run; docs/performance.md says what each means.
"""
