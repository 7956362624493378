"""The tests mirror the source: whoever knows `domain/plans.py` finds `tests/domain/test_plans.py`."""
