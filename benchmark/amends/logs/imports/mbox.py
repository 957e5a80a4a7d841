"""Mailboxes in mbox form: threads as conversations, agents by the domain of their address.

Mails belong together by Message-ID, In-Reply-To and References (RFC 5322, 3.6.4). A reply that names none of them
("Re: ..." and nothing else) joins the thread of the same subject with the same customer, which is counted and said.
The first pass reads headers, the second the bodies of one thread at a time.
"""

from __future__ import annotations

import datetime
import email
import email.header
import email.message
import email.utils
import hashlib
import mailbox
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.parser import BytesParser
from typing import Any

from amends.errors import Problem, UsageError
from amends.jsonl import check_path, whole_file
from amends.logs.imports.markup import plain_text
from amends.logs.imports.quoting import own_words
from amends.logs.units import Conversation, Message, in_order

_IDS = re.compile(r"<[^<>\s]{1,900}>")
_REPLY = re.compile(r"(?i)^\s*(?:(?:re|aw|sv|antw|odp|rif|fwd?|wg|tr)\s*(?:\[\d+\])?\s*:\s*|\[[^\]]{1,40}\]\s*)+")
_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")
_QUOTED_FROM = re.compile(rb"(?m)^>(>*From )")
_ANSWERED = re.compile(r"(?i)^\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|aw|sv|antw|odp|rif)\s*(?:\[\d+\])?\s*:")
_SUBJECTS = re.compile(
    r"(?i)\A\s*(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office)\b\s*[:;-]?"
)
BY_SUBJECT = "mails without In-Reply-To and References: joined to their thread by subject and customer"


@dataclass(slots=True)
class _Mail:
    """What the first pass keeps of a mail."""

    place: int
    keys: list[str]
    """Its keys in the mailbox: several where a line of its text began with "From "."""
    again: bool
    """The same mail stands there before."""
    thread: int
    is_agent: bool
    customer: str
    """The customer's address, as far as the headers tell it."""


def conversations(file: str, domains: Sequence[str]) -> Iterator[tuple[int, Conversation | Problem]]:
    """Threads in the order of their first mails.

    Args:
        file: the mailbox.
        domains: whose mail is an agent's; subdomains too.

    Yields:
        The place of a mail in the mailbox (from 1) with its thread or its problem.

    Raises:
        InputError: no mail in it.
        UsageError: no domain was named.
    """
    check_path(file)
    if not domains:
        raise UsageError(
            f"{file} is a mailbox: say whose addresses are your agents', e.g. --agent-domain example.com (repeatable)"
        )
    box = mailbox.mbox(file, create=False)
    try:
        if not len(box):
            raise whole_file(file, "no mail", "a mailbox in mbox form", "check how the file was written")
        threads = _Threads(domains)
        for place, key in enumerate(box.keys(), start=1):
            head = _head(box, key)
            if not _HEADER.match(head) and threads.goes_on(key):
                continue
            headers = BytesParser().parsebytes(head, headersonly=True)
            problem = threads.add(file, place, key, headers)
            if problem is not None:
                yield place, problem
        for name, mails, notes in threads.joined():
            yield mails[0].place, _conversation(box, name, mails, notes)
    finally:
        box.close()


def _head(box: mailbox.mbox, key: str) -> bytes:
    """A mail's headers, without reading what stands below them."""
    lines = []
    stream = box.get_file(key)
    while (line := stream.readline()).strip():
        lines.append(line)
    return b"".join(lines)


def _bytes(box: mailbox.mbox, keys: Sequence[str]) -> bytes:
    """A mail as it was before the mailbox quoted its lines that begin with "From "."""
    rest = b"".join(b"\n" + box.get_bytes(key, from_=True) for key in keys[1:])
    return _QUOTED_FROM.sub(rb"\1", box.get_bytes(keys[0]) + rest)


def is_agent(address: str, domains: Sequence[str]) -> bool:
    """Whether an address is at one of the domains, or below one.

    Args:
        address: of a mail.
        domains: as ``--agent-domain`` gives them, or whole addresses.
    """
    host = address.rpartition("@")[2].lower()
    wanted = [domain.lower().lstrip("@") for domain in domains]
    return any(address.lower() == d if "@" in d else host == d or host.endswith("." + d) for d in wanted)


class _Threads:
    """Mails joined by what they name, as sets that merge."""

    def __init__(self, domains: Sequence[str]) -> None:
        self._domains = domains
        self._parent: list[int] = []
        self._of_id: dict[bytes, int] = {}
        self._seen: set[bytes] = set()
        self._by_subject: dict[tuple[str, str], int] = {}
        self._mails: list[_Mail] = []
        self._is_open = False
        self._roots: dict[int, str] = {}
        self._guessed: list[int] = []

    def add(self, file: str, place: int, key: str, headers: email.message.Message) -> Problem | None:
        """Take a mail's headers; its problem where they do not say who wrote it."""
        sender = _addresses(headers, "from")
        self._is_open = bool(sender)
        if not sender:
            found = "nothing" if headers["from"] is None else "no address"
            return Problem(file, place, "$.From", found, "the sender's address", "mend the header, or remove the mail")
        agent = is_agent(sender[0], self._domains)
        others = [a for a in _addresses(headers, "to", "cc") if not is_agent(a, self._domains)]
        customer = sender[0] if not agent else next(iter(others), "")
        own = _IDS.findall(str(headers.get("message-id", "")))[:1]
        named = _IDS.findall(f"{headers.get('references', '')} {headers.get('in-reply-to', '')}")
        ids = [hashlib.sha256(one.encode("utf-8", "replace")).digest()[:12] for one in [*own, *named]]
        subject = _decoded(headers.get("subject"))
        bare = " ".join(_REPLY.sub("", subject).lower().split())
        thread = self._new(own[0] if own else f"{sender[0]} {headers.get('date')} {subject} {place}")
        if not named and _ANSWERED.match(subject) and (bare, customer) in self._by_subject:
            self._join(thread, self._by_subject[bare, customer])
            self._guessed.append(thread)
        for one in ids:
            self._join(thread, self._of_id.setdefault(one, thread))
        if bare:
            self._by_subject[bare, customer] = thread
        again = bool(own) and ids[0] in self._seen
        if own:
            self._seen.add(ids[0])
        self._mails.append(_Mail(place, [key], again, thread, agent, customer))
        return None

    def goes_on(self, key: str) -> bool:
        """Take what has no headers as more of the mail before; False where that is none, or was a problem."""
        if self._is_open:
            self._mails[-1].keys.append(key)
        return self._is_open

    def _new(self, name: str) -> int:
        self._parent.append(len(self._parent))
        self._roots[len(self._parent) - 1] = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:12]
        return len(self._parent) - 1

    def _root(self, x: int) -> int:
        while self._parent[x] != x:
            self._parent[x] = self._parent[self._parent[x]]
            x = self._parent[x]
        return x

    def _join(self, a: int, b: int) -> None:
        a, b = self._root(a), self._root(b)
        self._parent[max(a, b)] = min(a, b)

    def joined(self) -> Iterator[tuple[str, list[_Mail], tuple[str, ...]]]:
        """Each thread's name (by its first mail), its mails, and what was guessed of it."""
        threads: dict[int, list[_Mail]] = {}
        for mail in self._mails:
            threads.setdefault(self._root(mail.thread), []).append(mail)
        guessed: dict[int, int] = {}
        for thread in self._guessed:
            guessed[self._root(thread)] = guessed.get(self._root(thread), 0) + 1
        for root, mails in threads.items():
            # a name that tells nobody's address: Message-IDs may hold one
            yield f"mail-{self._roots[root]}", mails, (BY_SUBJECT,) * guessed.get(root, 0)


def _conversation(box: mailbox.mbox, name: str, mails: Sequence[_Mail], notes: tuple[str, ...]) -> Conversation:
    names: set[str] = set()
    messages = []
    for mail in mails:
        whole = BytesParser().parsebytes(_bytes(box, mail.keys))
        # taken apart before they are decoded: a name in encoded words may hold a comma
        addressed = email.utils.getaddresses([_clean(str(h)) for h in _all(whole, "from", "to", "cc")])
        names.update(shown for one, _ in addressed if (shown := _decoded(one)))
        sender = _addresses(whole, "from")[0]
        messages.append(
            Message(
                "agent" if mail.is_agent else "customer",
                own_words(_body(whole)),
                "duplicate" if mail.again else _rule(whole),
                sender if mail.is_agent else None,
                _date(whole.get("date")),
                meta={"subject": _decoded(whole.get("subject"))},
            )
        )
    return Conversation(
        name, in_order(messages), mails[0].place, None, {"channel": "email"}, tuple(sorted(names)), notes
    )


def _rule(mail: email.message.Message) -> str | None:
    """Automatic by its headers (RFC 3834; the older X- forms; a report of delivery), or by a subject that says so."""
    submitted = str(mail.get("auto-submitted", "no")).split(";")[0].strip().lower()
    if submitted not in ("no", ""):
        return "auto_reply"
    if any(mail.get(name) for name in ("x-autoreply", "x-autorespond", "x-autoresponse")):
        return "auto_reply"
    if str(mail.get("precedence", "")).strip().lower() in ("auto_reply", "auto-reply"):
        return "auto_reply"
    if mail.get_content_type() == "multipart/report":
        return "auto_reply"
    return "auto_reply" if _SUBJECTS.match(_decoded(mail.get("subject"))) else None


def _body(mail: email.message.Message) -> str:
    """The first plain text part, else the first HTML part; attachments are none."""
    plain, markup = None, None
    for part in mail.walk():
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        kind = part.get_content_type()
        if kind == "text/plain" and plain is None:
            plain = _text(part)
        elif kind == "text/html" and markup is None:
            markup = _text(part)
    if plain is not None and plain.strip():
        return plain
    return plain_text(markup, quoted=False) if markup is not None else ""


def _text(part: email.message.Message) -> str:
    data = part.get_payload(decode=True)
    raw = data if isinstance(data, bytes) else b""
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return _clean(raw.decode(charset))
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("cp1252", "replace")


def _decoded(value: Any) -> str:
    """A header's text in one line."""
    if value is None:
        return ""
    try:
        text = str(email.header.make_header(email.header.decode_header(str(value))))
    except (LookupError, ValueError, email.errors.HeaderParseError):
        text = str(value)
    return " ".join(_clean(text).split())


def _clean(text: str) -> str:
    """The text without lone surrogates and NUL, which no record can hold."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def _all(mail: email.message.Message, *names: str) -> list[Any]:
    return [value for name in names for value in mail.get_all(name, [])]


def _addresses(mail: email.message.Message, *names: str) -> list[str]:
    found = email.utils.getaddresses([_clean(str(value)) for value in _all(mail, *names)])
    return [address.lower() for _, address in found if "@" in address]


def _date(value: Any) -> str | None:
    try:
        when = email.utils.parsedate_to_datetime(str(value)) if value is not None else None
    except (TypeError, ValueError, OverflowError):
        return None
    if when is None:
        return None
    zoned = when.replace(tzinfo=datetime.UTC) if when.tzinfo is None else when
    return zoned.isoformat(timespec="seconds")
