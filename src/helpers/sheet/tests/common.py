"""What the tests of habeas-sheet share: running it, and reading what it says.  The CBOR
reader is its own, so that a fault shared with the program's writer shows."""
import io
import subprocess
import sys
import zipfile

program = sys.argv[1]
failed = 0


def pack(items, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in items:
            z.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def run(data, *options):
    return subprocess.run([program, *options], input=data, capture_output=True, timeout=60)


def report(name, good, why=""):
    global failed
    print(("ok " if good else "not ok ") + name + ("" if good else ": " + why))
    failed += not good


def one_line(r):
    said = r.stderr.decode("utf-8", "replace").splitlines()
    return said[0] if len(said) == 1 and 0 < len(said[0]) < 700 else None


def refused(name, data, words, *options):
    r = run(data, *options)
    line = one_line(r)
    report(name, r.returncode == 2 and r.stdout == b"" and line is not None and words in line,
           f"exit {r.returncode}, {r.stderr[:300]!r}")


def decode(b, at=0):
    major, low = b[at] >> 5, b[at] & 31
    at += 1
    if low >= 24:
        n = 1 << (low - 24)
        low = int.from_bytes(b[at:at + n], "big")
        at += n
    if major in (0, 7):
        return low, at
    if major == 3:
        return b[at:at + low].decode("utf-8"), at + low
    if major == 4:
        items = []
        for _ in range(low):
            v, at = decode(b, at)
            items.append(v)
        return items, at
    if major == 5:
        pairs = {}
        for _ in range(low):
            k, at = decode(b, at)
            pairs[k], at = decode(b, at)
        return pairs, at
    raise ValueError(f"major type {major}")


def accepted(name, data, rows, *options, notes=None):
    r = run(data, *options)
    if r.returncode != 0:
        report(name, False, f"exit {r.returncode}, {r.stderr[:300]!r}")
        return
    answer, end = decode(r.stdout)
    report(name, end == len(r.stdout) and answer[2] == rows
           and (notes is None or answer[3] == notes), f"{answer!r}"[:3000])


def finish():
    sys.exit(failed > 0)
