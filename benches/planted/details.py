# ruff: noqa: E501 the tables read better in rows
"""Planted personal data by a seed, in the forms in which people write it, and what only looks like it.

Numbers are drawn; none is written down. Forms and sentences are written from how each country writes, not from the
patterns of any check.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable

Plant = Callable[[random.Random], str]

_PHONES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # how the digits begin after the trunk code, and the forms; # is a digit, P the beginning
    "US": (("212", "312", "415", "617", "713"), ("+1 P 2## ####", "+1P2######", "(P) 2##-####", "P-2##-####", "P 2## ####", "P.2##.####", "1-P-2##-####", "P2######")),
    "GB": (("7912", "7400", "7863"), ("+44 P ######", "+44P######", "0P ######", "0P######", "0P ### ###", "+44 (0)P ######", "0044 P ######")),
    "DE": (("172", "160", "175"), ("+49 P #######", "+49P#######", "0P #######", "0P/#######", "0P-#######", "0049 P #######", "0P ### ## ##", "0P#######")),
    "FR": (("12", "20", "61", "74"), ("+33 6 P ## ## ##", "+336P######", "06 P ## ## ##", "06.P.##.##.##", "06P######", "0033 6 P ## ## ##", "06-P-##-##-##")),
    "ES": (("612", "655", "678"), ("+34 P ### ###", "+34P######", "P ### ###", "P ## ## ##", "P######", "0034 P ### ###", "P-###-###")),
    "IT": (("338", "347", "320"), ("+39 P ### ####", "+39P#######", "P ### ####", "P #######", "P#######", "P-#######", "0039 P #######")),
    "NL": (("1", "2", "4", "5"), ("+31 6 P#######", "06-P#######", "06 P#######", "06P#######", "06 P# ## ## ##", "+316P#######", "0031 6 P#######")),
    "AU": (("412", "438", "401"), ("+61 P ### ###", "+61P######", "0P ### ###", "0P######", "0P-###-###", "0061 P ### ###")),
    "IN": (("98", "99", "70"), ("+91 P### #####", "+91P########", "P### #####", "P########", "+91-P########", "0P########", "P##-###-###")),
    "BR": (("11", "21", "31"), ("+55 P 9#### ####", "+55 P 9####-####", "(P) 9####-####", "P 9####-####", "P9########", "+55P9########", "P 9#### ####")),
}  # fmt: skip
_SAID = (
    "My number is {x}.",
    "Call me on {x} please.",
    "You can reach me at {x} after six.",
    "Tel. {x}",
    "My mobile: {x}",
    "Ring {x} and ask for the caretaker.",
    "Please text me, {x}.",
    "Phone: {x}",
    "WhatsApp {x} is best.",
    "Get hold of me on {x} any evening.",
    "My husband's cell is {x}, he is at home.",
    "The best contact for the driver is {x}.",
)
_BARE = ("I am on {x} all day.", "{x} is me.", "Here you are: {x}.", "It's still {x}, as before.", "Try {x}.")
_FIRST = ("maria", "jonas", "priya", "oliver", "chloe", "tomasz", "lucia", "hendrik", "noor", "fatima")
_LAST = ("berger", "okafor", "silva", "dupont", "rossi", "novak", "haines", "whitlock", "jansen", "iyer")
_HOSTS = ("gmail.com", "outlook.com", "yahoo.co.uk", "gmx.de", "orange.fr", "libero.it", "icloud.com", "ziggo.nl", "uol.com.br", "bigpond.com.au", "hollowaybuilders.com", "st-marks-school.org")  # fmt: skip
_MAILS = (
    "{f}.{l}@{h}", "{f}{n}@{h}", "{f}_{l}@{h}", "{i}{l}+shop@{h}", "{F}.{L}@{H}", "{f}.o'{l}@{h}", "<{f}@{h}>", "mailto:{f}.{l}@{h}",
    "{f}.{l} at {h}", "{f}.{l}[at]{h}", "{f}.{l} (at) {h}", "{f}{n} @ {h}", "{f}.{l} AT {d}", "{f}-{l}@mail.{h}",
)  # fmt: skip
_MAIL_SAID = (
    "Write to {x} please.",
    "My e-mail is {x}.",
    "Send it to {x}, not to my wife.",
    "{x}",
    "I wrote from {x} twice.",
)
_STREETS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "US": (("Maple", "Ridgeview", "Sunset", "Old Mill"), ("Springfield, IL 62704", "Austin, TX 78701", "Portland, OR 97205", "Albany, NY 12207-1123"), ("{n} {s} Street, {t}", "{n} {s} Ave, {t}", "{n} {s} Drive, Apt 4B, {t}", "{n} N {s} Rd\n{t}", "P.O. Box {n}, {t}", "{n} {s} Blvd #12, {t}")),
    "GB": (("Alder", "Mill", "Queen Anne", "Church"), ("Leeds LS1 4AP", "London, SW11 3QD", "Cardiff, CF10 1AA", "York YO1 7HH"), ("{n} {s} Lane, {t}", "{n}a {s} Road, {t}", "Flat 3, {n} {s} Street, {t}", "{n} {s} Close\n{t}", "{n} {s} Terrace, {t}", "{n} {s} Mews, {t}")),
    "DE": (("Haupt", "Goethe", "Linden", "Bahnhof"), ("10115 Berlin", "80331 München", "50667 Köln", "D-20095 Hamburg"), ("{s}straße {n}, {t}", "{s}str. {n}, {t}", "{s}weg {n}a, {t}", "{s}platz {n}\n{t}", "Am {s}ring {n}, {t}", "{s}allee {n} in {t}")),
    "FR": (("de la Paix", "Victor Hugo", "des Lilas", "du Marché"), ("75002 Paris", "69003 Lyon", "13001 Marseille", "31000 Toulouse"), ("{n} rue {s}, {t}", "{n} bis, rue {s}, {t}", "{n}, avenue {s}, {t}", "{n} boulevard {s}\n{t}", "{n} place {s} {t}", "{n} chemin {s}, {t}")),
    "ES": (("Mayor", "de Alcalá", "San Juan", "del Sol"), ("28013 Madrid", "08002 Barcelona", "41001 Sevilla", "46002 Valencia"), ("Calle {s} {n}, {t}", "C/ {s}, {n}, {t}", "Avenida {s} {n}, {t}", "Calle {s}, {n}, 3º B, {t}", "Plaza {s} {n}\n{t}", "Paseo {s}, {n} - {t}")),
    "IT": (("Roma", "Garibaldi", "dei Mille", "Monte Rosa"), ("20121 Milano", "00184 Roma", "10123 Torino", "50122 Firenze"), ("Via {s} {n}, {t}", "Via {s}, {n} - {t}", "Corso {s} {n}, {t}", "Viale {s} {n}\n{t}", "Piazza {s}, {n}, {t}", "Via {s} {n}/B, {t}")),
    "NL": (("Keizers", "Dorps", "Linden", "Kerk"), ("1015 CJ Amsterdam", "3511AB Utrecht", "3011 AA Rotterdam", "9712 HN Groningen"), ("{s}gracht {n}, {t}", "{s}straat {n}, {t}", "{s}laan {n}b, {t}", "{s}weg {n}\n{t}", "{s}straat {n}-2, {t}", "{s}plein {n} {t}")),
    "AU": (("Wattle", "Banksia", "Collins", "Harbour"), ("Fitzroy VIC 3065", "Newtown NSW 2042", "Fremantle WA 6160", "Hobart TAS 7000"), ("{n} {s} Street, {t}", "{n} {s} Road, {t}", "Unit 5, {n} {s} Parade, {t}", "{n} {s} St\n{t}", "{n} {s} Crescent, {t}", "3/{n} {s} Avenue, {t}")),
    "IN": (("Gandhi", "Nehru", "Lake View", "Temple"), ("Bengaluru 560001", "Mumbai - 400050", "Chennai 600 017", "Pune 411004"), ("{n}, {s} Road, {t}", "{n}/2 {s} Nagar, {t}", "Flat 4, {n} {s} Marg, {t}", "{n} {s} Colony, Sector 5, {t}", "{n}, {s} Street\n{t}", "{n} {s} Layout, 2nd Cross, {t}")),
    "BR": (("das Flores", "Augusta", "Sete de Setembro", "Paulista"), ("São Paulo - SP, 01310-100", "Rio de Janeiro, RJ, 20040-002", "Curitiba - PR, 80010-000", "CEP 30130-010"), ("Rua {s}, {n}, {t}", "Av. {s}, {n} - {t}", "Avenida {s} {n}, apto 32, {t}", "R. {s}, {n}, {t}", "Rua {s} {n}\n{t}", "Alameda {s}, {n}, {t}")),
}  # fmt: skip
_AT_HOME = (
    "I live at {x}.",
    "Send it to {x}, please.",
    "My address is {x}.",
    "The driver went past {x} twice.",
    "Deliver to:\n{x}",
)
_IBANS = {
    "DE": (18, ""),
    "GB": (14, "NWBK"),
    "FR": (23, ""),
    "ES": (20, ""),
    "IT": (22, "X"),
    "NL": (10, "ABNA"),
    "BE": (12, ""),
    "AT": (16, ""),
}
_LOOKALIKES: dict[str, tuple[str, ...]] = {
    "order numbers": ("order ##########", "Order no. ###-#######-#######", "my order is ###-###-####", "order #########", "order number 0###########"),
    "tickets and references": ("ref: ### #### ####", "case ####-####-###", "ticket ########", "reference ###/###/####", "booking 0##########"),
    "parcels and devices": ("tracking number ################", "IMEI ###############", "parcel 00340434###########", "serial ####-####-####", "meter ###########"),
    "accounts and customers": ("account ########", "customer number ### ### ###", "policy no ##########", "my contract ##########", "membership #### #### ###"),
    "dates and times": ("on 0#.1#.202# at 1#:3#", "since 202#-0#-1#", "1#/0#/202#", "between 0900-1730", "0#-1#-202# 1#30"),
    "amounts": ("£1,4##,###.##", "EUR 3.###.###,00", "4## ### ### visits", "$ 2##.## and then ###.##", "1### 3### points"),
    "streets alone": ("at 1# Alder Lane", "in the Hauptstraße", "1# Mill Road again", "rue de la Paix", "by the shop in Via Roma"),
    "handles and prices": ("@QuillhopParcels", "# kg @ 3.## each", "#x @ half price", "me @ the counter", "version 4.1#.3.8"),
}  # fmt: skip


def _digits(form: str, rng: random.Random) -> str:
    return "".join(rng.choice(string.digits) if c == "#" else c for c in form)


def phone(country: str, rng: random.Random) -> str:
    """A number of a country in one of its forms."""
    begins, forms = _PHONES[country]
    begin = rng.choice(begins).replace(" ", "")
    return _digits(rng.choice(forms).replace("P", begin), rng)


def _phone_in(country: str, sentences: tuple[str, ...]) -> Plant:
    return lambda rng: rng.choice(sentences).format(x=phone(country, rng))


def email(rng: random.Random) -> str:
    """A sentence with an e-mail address."""
    first, last, host = rng.choice(_FIRST), rng.choice(_LAST), rng.choice(_HOSTS)
    form = rng.choice(_MAILS)
    address = form.format(
        f=first, l=last, h=host, i=first[0], n=rng.randrange(10, 99), F=first.title(), L=last.title(),
        H=host.title() if rng.random() < 0.5 else host, d=host.replace(".", " DOT "),
    )  # fmt: skip
    return rng.choice(_MAIL_SAID).format(x=address)


def card(rng: random.Random) -> str:
    """A sentence with a card number that passes its check digit."""
    begin, length = rng.choice((("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("34", 15), ("37", 15), ("6011", 16)))
    body = begin + _digits("#" * (length - 1 - len(begin)), rng)
    total = sum(sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(reversed(body)))
    number = body + str(-total % 10)
    cut = (4, 10) if length == 15 else (4, 8, 12)
    groups = [number[a:b] for a, b in zip((0, *cut), (*cut, length), strict=True)]
    form = rng.choice(("", " ", "-", " "))
    return rng.choice(("My card is {x}.", "You took it from {x} twice.", "Card number {x}, exp 09/27", "{x}")).format(
        x=form.join(groups)
    )


def iban(rng: random.Random) -> str:
    """A sentence with an account number that passes its check digits."""
    country = rng.choice(list(_IBANS))
    count, bank = _IBANS[country]
    body = bank + _digits("#" * count, rng)
    value = int("".join(str(int(c, 36)) for c in f"{body}{country}00"))
    number = f"{country}{98 - value % 97:02d}{body}"
    groups = " ".join(number[i : i + 4] for i in range(0, len(number), 4))
    shown = rng.choice((number, groups, groups, number.lower()))
    return rng.choice(("Pay it to {x} please.", "My IBAN is {x}.", "IBAN: {x}", "{x}")).format(x=shown)


def address(country: str, rng: random.Random) -> str:
    """A sentence with a postal address of a country."""
    streets, towns, forms = _STREETS[country]
    place = rng.choice(forms).format(n=rng.randrange(1, 240), s=rng.choice(streets), t=rng.choice(towns))
    return rng.choice(_AT_HOME).format(x=place)


PHONES: dict[str, Plant] = {country: _phone_in(country, _SAID) for country in _PHONES}
"""Telephone numbers in sentences that say so."""
BARE_PHONES: dict[str, Plant] = {country: _phone_in(country, _BARE) for country in _PHONES}
"""Telephone numbers in sentences that do not."""
ADDRESSES: dict[str, Plant] = {c: (lambda rng, c=c: address(c, rng)) for c in _STREETS}  # type: ignore[misc]
LOOKALIKES: dict[str, Plant] = {
    name: (lambda rng, forms=forms: f"It was {_digits(rng.choice(forms), rng)} and nobody cared.")  # type: ignore[misc]
    for name, forms in _LOOKALIKES.items()
}
"""What is not personal data."""


def planted(text: str, sentence: str, rng: random.Random) -> str:
    """A text with a sentence put between two of its own, or at an end."""
    places = [i + 1 for i, c in enumerate(text[:-1]) if c in ".!?" and text[i + 1] == " "]
    at = rng.choice([0, len(text), *places])
    return f"{text[:at].rstrip()} {sentence} {text[at:].lstrip()}".strip()
