"""Measure import-payments on statements: `python -m benchmarks.statements --lines 100000`.

A ledger of as many cases as lines is imported first. Of the lines seven in ten name their case in the text, one in ten
is known by name and amount, one in ten by an account that paid before, and one in ten fits nothing. Each import runs in
a process of its own, which says its time and the most memory that it held; then the same file is imported again, and
the lines that wait are listed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

FORMATS = ("csv", "camt053", "mt940", "ofx")
PROGRAM = Path(sys.executable).with_name("dunning")
MEASURE = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
seconds = time.perf_counter() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
on = used.ru_utime + used.ru_stime
json.dump([done.returncode, done.stdout, done.stderr, seconds, on, used.ru_maxrss], sys.stdout)
"""


class Line(NamedTuple):
    number: int
    amount: str
    payer: str
    account: str
    text: str

    @property
    def bank(self) -> str:
        return f"BNK{self.number:09}"


def ledger(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("reference,debtor,creditor,principal,due,currency\n")
        for number in range(1, count + 1):
            file.write(f"INV-{number:07},Debtor {number},River Bank,{1000 + number % 500}.00,2024-11-30,EUR\n")


def lines(count: int, cases: int) -> Iterator[Line]:
    rng, case = Random(7), 1
    for number in range(1, count + 1):
        kind = number % 10
        if kind not in (7, 8):
            case = rng.randrange(1, cases + 1)
        account = f"NL18RABO{case:010}"
        if kind < 7:
            yield Line(
                number, f"{rng.randrange(1, 90)}.50", f"Payer {number}", account, f"Invoice INV-{case:07} thanks"
            )
        elif kind == 7:
            other = rng.randrange(1, cases + 1)
            yield Line(number, f"{1000 + other % 500}.00", f"Debtor {other}", "", "my payment")
        elif kind == 8:
            yield Line(number, "7.00", "somebody", account, "next part")
        else:
            yield Line(number, "3.21", f"Stranger {number}", "", "for the thing we spoke of")


def write(path: Path, form: str, count: int, cases: int) -> None:
    head, each, tail = _WRITERS[form]
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        for line in lines(count, cases):
            file.write(each(line))
        file.write(tail)


def _csv(line: Line) -> str:
    return f"2025-01-03,{line.amount},EUR,{line.bank},{line.payer},{line.account},{line.text}\n"


def _camt053(line: Line) -> str:
    account = f"<DbtrAcct><Id><IBAN>{line.account}</IBAN></Id></DbtrAcct>" if line.account else ""
    return (
        f'<Ntry>\n<Amt Ccy="EUR">{line.amount}</Amt>\n<CdtDbtInd>CRDT</CdtDbtInd>\n<Sts><Cd>BOOK</Cd></Sts>\n'
        f"<BookgDt><Dt>2025-01-03</Dt></BookgDt>\n<AcctSvcrRef>{line.bank}</AcctSvcrRef>\n<NtryDtls><TxDtls>\n"
        f"<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>\n<RltdPties><Dbtr><Pty><Nm>{line.payer}</Nm></Pty></Dbtr>"
        f"{account}</RltdPties>\n<RmtInf><Ustrd>{line.text}</Ustrd></RmtInf>\n</TxDtls></NtryDtls>\n</Ntry>\n"
    )


def _mt940(line: Line) -> str:
    account = f"?31{line.account}" if line.account else ""
    return (
        f":61:2501030103C{line.amount.replace('.', ',')}NTRFNONREF//{line.bank}\n"
        f":86:166?00GUTSCHRIFT?20SVWZ+{line.text}{account}?32{line.payer}\n"
    )


def _ofx(line: Line) -> str:
    account = f"<BANKACCTTO><ACCTID>{line.account}</BANKACCTTO>\n" if line.account else ""
    return (
        f"<STMTTRN>\n<TRNTYPE>CREDIT\n<DTPOSTED>20250103\n<TRNAMT>{line.amount}\n<FITID>{line.bank}\n"
        f"<NAME>{line.payer}\n<MEMO>{line.text}\n{account}</STMTTRN>\n"
    )


_WRITERS: dict[str, tuple[str, Callable[[Line], str], str]] = {
    "csv": ("date,amount,currency,payment_reference,payer,account,text\n", _csv, ""),
    "camt053": (
        '<?xml version="1.0"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>\n'
        "<Stmt><Id>1</Id><Acct><Id><IBAN>NL18RABO0123459876</IBAN></Id></Acct>\n",
        _camt053,
        "</Stmt></BkToCstmrStmt></Document>\n",
    ),
    "mt940": (":20:A\n:25:NL18RABO0123459876\n:28C:1\n:60F:C250101EUR0,\n", _mt940, ":62F:C250103EUR0,\n"),
    "ofx": (
        "OFXHEADER:100\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR\n<BANKACCTFROM><ACCTID>1</BANKACCTFROM>\n"
        "<BANKTRANLIST>\n",
        _ofx,
        "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n",
    ),
}


class Measured(NamedTuple):
    """What the program answered, in how many seconds, of which so many on a processor, and the most MB that it held."""

    answer: dict[str, object]
    seconds: float
    processor: float
    peak: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s ({self.processor:.1f} s of a processor)"


def measured(database: Path, *args: str) -> Measured:
    """Run the program on a database."""
    env = os.environ | {"DUNNING_DB": f"sqlite:///{database}", "DUNNING_NOW": "2025-01-06T09:00:00+08:00"}
    env |= {"DUNNING_TIMEZONE": "Asia/Shanghai", "DUNNING_ACTOR": "li"}
    line = [sys.executable, "-c", MEASURE, str(PROGRAM), *args, "--json"]
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=True)
    code, out, err, seconds, processor, peak = json.loads(done.stdout)
    if code:
        sys.exit(f"{args}: exit {code}\n{err}")
    return Measured(json.loads(out) if out.startswith("{") else {}, seconds, processor, peak / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.statements", description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--cases", type=int)
    parser.add_argument("--format", choices=FORMATS, action="append")
    args = parser.parse_args()
    cases = args.cases or args.lines
    with TemporaryDirectory(prefix="dunning-bench-") as place:
        folder = Path(place)
        ledger(folder / "ledger.csv", cases)
        empty = folder / "cases.db"
        print(f"{cases:,} cases imported: {measured(empty, 'import-cases', str(folder / 'ledger.csv'))}")
        for form in args.format or FORMATS:
            database, few, many = folder / "one.db", folder / f"few.{form}", folder / f"many.{form}"
            database.write_bytes(empty.read_bytes())
            write(few, form, args.lines // 5, cases)
            write(many, form, args.lines, cases)
            least = measured(database, "import-payments", str(few), "--dry-run").peak
            first = measured(database, "import-payments", str(many))
            again = measured(database, "import-payments", str(many))
            done = first.answer
            print(
                f"{form}, {many.stat().st_size / 1e6:.0f} MB: {first}, {first.peak:.0f} MB of memory\n"
                f"  ({least:.0f} MB for a dry run of a fifth of it); again {again}\n"
                f"  list-unmatched {measured(database, 'list-unmatched')}\n"
                f"  {done['matched']} booked by {done['matched_by']}, {done['unmatched']} wait"
            )


if __name__ == "__main__":
    main()
