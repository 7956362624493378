"""The benchmarks do their work on small books: what they compare is the same work, and what they say is so."""
