"""The benchmarks, run small: each does its work, and refuses a figure for work that was left out."""
