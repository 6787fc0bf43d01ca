"""Users, their sessions, and the audit log."""

from dataclasses import replace

import msgspec

from liuyun.model.people import AuditRecord, Session, User
from liuyun.storage.database import Transaction


def insert_user(tx: Transaction, user: User) -> bool:
    """False if the name is taken."""
    return bool(tx.run("people.insert_user", name=user.name, document=encoded(user)))


def update_user(tx: Transaction, user: User) -> None:
    tx.run("people.update_user", name=user.name, document=encoded(user))


def find_user(tx: Transaction, name: str) -> User | None:
    row = tx.one("people.user", name=name)
    return msgspec.json.decode(row["document"], type=User) if row else None


def users(tx: Transaction) -> list[User]:
    return [msgspec.json.decode(row["document"], type=User) for row in tx.all("people.users")]


def delete_user(tx: Transaction, name: str) -> bool:
    """With all sessions. False if it wasn't there."""
    delete_sessions_of(tx, name)
    return bool(tx.run("people.delete_user", name=name))


def insert_session(tx: Transaction, session: Session) -> None:
    tx.run(
        "people.insert_session",
        token=session.token, user_name=session.user, expires_at=session.expires_at, document=encoded(session),
    )  # fmt: skip


def find_session(tx: Transaction, token: str) -> Session | None:
    row = tx.one("people.session", token=token)
    return msgspec.json.decode(row["document"], type=Session) if row else None


def extend_session(tx: Transaction, session: Session) -> None:
    tx.run("people.extend_session", token=session.token, expires_at=session.expires_at, document=encoded(session))


def delete_session(tx: Transaction, token: str) -> None:
    tx.run("people.delete_session", token=token)


def delete_sessions_of(tx: Transaction, user: str) -> None:
    tx.run("people.delete_sessions_of", user_name=user)


def expire_sessions(tx: Transaction, now: int) -> None:
    tx.run("people.expire_sessions", now=now)


def add_audit(tx: Transaction, record: AuditRecord) -> AuditRecord:
    """Gives the record its number."""
    row = tx.one("people.last_audit")
    numbered = replace(record, sequence=(row["sequence"] if row else 0) + 1)
    tx.run(
        "people.add_audit",
        sequence=numbered.sequence, at=numbered.at, actor=numbered.actor, action=numbered.action,
        document=encoded(numbered),
    )  # fmt: skip
    return numbered


def audit(tx: Transaction, *, before: int, actor: str, action: str, limit: int) -> list[AuditRecord]:
    rows = tx.all("people.audit", before=before, actor=actor, action=action, limit=limit)
    return [msgspec.json.decode(row["document"], type=AuditRecord) for row in rows]


def drop_audit(tx: Transaction, before: int) -> None:
    tx.run("people.drop_audit", before=before)


def encoded(thing: object) -> str:
    return msgspec.json.encode(thing).decode()
