"""Policies: versions of the creditor's strategy, shared by everyone who uses the database."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from ..domain.codec import canonical
from ..domain.policies import DEFAULT_NAME, Policy, Scope, plain_defaults, policy_of
from ..errors import PolicyNotFoundError
from .schema import policies, policy_assignments
from .unreadable import readable


@lru_cache(maxsize=64)
def _policy(plain: str, version: int) -> Policy:
    """The policy in a stored text: a nightly run asks for the same few again and again, batch by batch."""
    return policy_of(json.loads(plain), version)


class Policies:
    """The newest version of each policy counts; `default` is built in until one of that name is loaded."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self._known: dict[str, Policy] = {}

    def get(self, name: str, version: int | None = None) -> Policy:
        """A policy, its newest version unless one is named."""
        if version is None and name in self._known:
            return self._known[name]
        query = select(policies.c.plain, policies.c.version).where(policies.c.name == name)
        if version is not None:
            query = query.where(policies.c.version == version)
        row = self.conn.execute(query.order_by(policies.c.version.desc()).limit(1)).first()
        with readable("policy", name):
            policy = _policy(row.plain, row.version) if row else policy_of(self.plain(name, version), version or 0)
        if version is None:
            self._known[name] = policy
        return policy

    def plain(self, name: str, version: int | None = None) -> dict[str, Any]:
        """The plain values of a policy, as its file would hold them."""
        query = select(policies.c.plain).where(policies.c.name == name)
        query = query.where(policies.c.version == (self.version(name) if version is None else version))
        found = self.conn.scalar(query)
        if found is not None:
            with readable("policy", name):
                return dict(json.loads(found))
        if name == DEFAULT_NAME and not version:
            return plain_defaults()
        if version is not None and (self.version(name) or name == DEFAULT_NAME):
            raise PolicyNotFoundError("The policy '{name}' has no version {version}.", name=name, version=version)
        raise PolicyNotFoundError("There is no policy '{name}'.", name=name)

    def version(self, name: str) -> int:
        """The number of the newest version, 0 for none."""
        return self.conn.scalar(select(func.max(policies.c.version)).where(policies.c.name == name)) or 0

    def add(self, plain: dict[str, Any], loaded_at: str, actor: str) -> Policy:
        """Store a policy as its next version; the same content as the newest again adds nothing."""
        name = plain["name"]
        policy = self.following(plain)
        if policy.version == self.version(name):
            return policy
        self.conn.execute(
            insert(policies).values(
                name=name,
                version=policy.version,
                loaded_at=loaded_at,
                actor=actor,
                plain=canonical(plain),
                digest=policy.digest,
            )
        )
        self._known[name] = policy
        return policy

    def following(self, plain: dict[str, Any]) -> Policy:
        """What a policy is when it is stored: the next version of its name, or the newest where that says the same."""
        name = plain["name"]
        newest = self.version(name)
        return self.get(name) if newest and self.plain(name, newest) == plain else policy_of(plain, newest + 1)

    def versions(self) -> list[dict[str, Any]]:
        """Every version, the newest of each name first."""
        query = select(policies.c.name, policies.c.version, policies.c.loaded_at, policies.c.actor, policies.c.digest)
        rows = self.conn.execute(query.order_by(policies.c.name, policies.c.version.desc()))
        return [dict(row._mapping) for row in rows]

    def current(self) -> dict[str, Policy]:
        """The newest version of every policy, by name, the built-in one among them."""
        found = {}
        for row in self.conn.execute(_NEWEST):
            with readable("policy", row.name):
                found[row.name] = _policy(row.plain, row.version)
        if DEFAULT_NAME not in found:
            found[DEFAULT_NAME] = self.get(DEFAULT_NAME)
        self._known |= found
        return dict(sorted(found.items()))

    def by_digest(self) -> dict[str, Policy]:
        """Every version that rows may have been reviewed under, by its digest."""
        found = {p.digest: p for p in (policy_of(plain_defaults(), 0),)}
        for row in self.conn.execute(select(policies.c.name, policies.c.plain, policies.c.version)):
            with readable("policy", row.name):
                policy = policy_of(json.loads(row.plain), row.version)
            found[policy.digest] = policy
        return found

    # --- which policy holds for whom ----------------------------------------------------------------------------------

    def assigned(self) -> dict[tuple[Scope, str], str]:
        """The policies that were assigned, by scope and subject."""
        table = policy_assignments.c
        rows = self.conn.execute(select(table.scope, table.subject, table.policy))
        return {(Scope(scope), subject): policy for scope, subject, policy in rows}

    def assignments(self) -> list[dict[str, Any]]:
        """The same with who did it and when."""
        table = policy_assignments
        rows = self.conn.execute(select(table).order_by(table.c.scope, table.c.subject))
        return [dict(row._mapping) for row in rows]

    def assign(self, scope: Scope, subject: str, policy: str, assigned_at: str, actor: str) -> None:
        """Let a policy hold for a creditor, a portfolio or a debtor, in place of the one that did."""
        table = policy_assignments
        self.conn.execute(delete(table).where(table.c.scope == scope.value, table.c.subject == subject))
        values = {"scope": scope.value, "subject": subject, "policy": policy}
        self.conn.execute(insert(table).values(**values, assigned_at=assigned_at, actor=actor))


_same = select(policies.c.name, func.max(policies.c.version).label("version")).group_by(policies.c.name).subquery()
_NEWEST = select(policies.c.name, policies.c.version, policies.c.plain).join(
    _same, (policies.c.name == _same.c.name) & (policies.c.version == _same.c.version)
)
