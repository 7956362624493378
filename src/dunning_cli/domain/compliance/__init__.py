"""The guard at the collector's elbow: may this contact be made, or this step be taken, now?

    verdict = guard_of(pack).check(ask, facts)

`facts` holds what is known (debts, the log of contacts, flags), `ask` what is intended. The verdict names every rule
that stands against it, not only the first. A contact that already happened is judged by the same call: `ask.at` is its
instant, and the log must not contain it; what came after it is not looked at.

Values are in `facts`, the guard in `guard`, the vocabulary in `words`; nothing is imported here, so that a command that
needs a word does not wait for the rules.
"""
