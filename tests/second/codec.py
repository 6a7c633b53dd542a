#!/usr/bin/env python3
"""
codec.py FILTER KINDS: 20,000 items of CBOR, random, mutated and well-formed, and 6,000
values of every type: both implementations must agree on which are valid, and what
is valid must be written again to the same bytes by both.
"""
import random
import subprocess
import sys

sys.dont_write_bytecode = True
import habeas_second as h  # noqa: E402

CASES, VALUES = 20000, 6000
rnd = random.Random(1399)
TEXTS = ['', 'a', 'Zeynəb', 'زینب', 'e\u0301', '\u00e9', 'Зоя', '\x00', '𐍈', 'x' * 30]
NUMBERS = [0, 1, 23, 24, 255, 256, 65535, 65536, (1 << 32) - 1, 1 << 32, (1 << 63) - 1, 1 << 63,
           (1 << 64) - 1, -1, -24, -25, -256, -257, -(1 << 32), -(1 << 63)]


def some_item(depth):
    kind = rnd.randrange(9 if depth else 6)
    if kind < 2:
        return rnd.choice(NUMBERS)
    if kind == 2:
        return rnd.randbytes(rnd.choice([0, 1, 16, 32, 300]))
    if kind == 3:
        return rnd.choice(TEXTS)
    if kind == 4:
        return rnd.choice([True, False, None])
    if kind == 5:
        return rnd.randrange(1000)
    if kind == 6:
        return {k: some_item(depth - 1) for k in rnd.sample(range(24), rnd.randrange(4))}
    return [some_item(depth - 1) for _ in range(rnd.randrange(5))]


def nested(levels, inner):
    for _ in range(levels):
        inner = [inner] if rnd.randrange(2) else {rnd.randrange(24): inner}
    return h.encode(inner)


def mutated(b):
    b = bytearray(b)
    for _ in range(rnd.randrange(1, 3)):
        how, at = rnd.randrange(4), rnd.randrange(len(b) + 1)
        if how == 0 and b:
            b[at % len(b)] = rnd.randrange(256)
        elif how == 1:
            b.insert(at, rnd.choice([0x18, 0x19, 0x1a, 0x1b, 0x5f, 0x7f, 0x9f, 0xbf, 0xff, 0xf6,
                                     0xf7, 0xf9, 0xc0, 0xa0, 0x80, 0x00]))
        elif how == 2 and b:
            del b[at % len(b)]
        elif b:
            b[at % len(b)] ^= 1 << rnd.randrange(8)
    return bytes(b)


def some_bytes():
    kind = rnd.randrange(8)
    if kind == 0:
        return rnd.randbytes(rnd.randrange(12))
    if kind == 1:
        return nested(rnd.randrange(13, 19), rnd.choice([[], 0, {}, '']))
    if kind == 2:   # a small alphabet of heads makes longer well-formed ones likely
        return bytes(rnd.choices([0, 1, 0x17, 0x18, 0x20, 0x40, 0x41, 0x60, 0x61, 0x80, 0x81, 0x82,
                                  0xa0, 0xa1, 0xf4, 0xf5, 0xf6], k=rnd.randrange(1, 9)))
    item = h.encode(some_item(4))
    return item if kind < 5 else mutated(item)


def some_date():
    cal = rnd.choice([1, 1, 2, 2, 3, 0, 4])
    years = h.YEARS.get(cal, (1, 3000))

    def claim():
        if rnd.randrange(8) == 0:
            return [0, 0, 0]
        m = rnd.choice([0, 1, 2, 6, 7, 11, 12, 12, 13])
        return [rnd.choice([years[0], years[1], rnd.randint(years[0] - 1, years[1] + 1)]), m,
                rnd.choice([0, 1, 28, 29, 30, 31]) if m or rnd.randrange(9) == 0 else 0]
    a = claim()
    b = a if rnd.randrange(2) else claim()
    if rnd.randrange(2) and h.OPEN not in (a, b) and max(a, b) > a:
        b = a[:2] + [b[2]]
    flags = rnd.choice([0, 1, 2, 3, 4, 5, 6, 7, 8]) if a != b else rnd.choice([0, 0, 1, 1, 2, 4])
    v = [cal, a, b, 0, 0, flags]
    # The interval that would be right, where there is one; sometimes one day off.
    if cal in h.YEARS:
        good = [c == h.OPEN or h._claim_ok(cal, c) for c in (a, b)]
        if all(good):
            ea = (h.FIRST_EVER, h.FIRST_EVER) if a == h.OPEN else h._ends(cal, a)
            eb = (h.LAST_EVER, h.LAST_EVER) if b == h.OPEN else h._ends(cal, b)
            v[3], v[4] = ea[0], max(ea[1], eb[1]) if flags & 6 == 2 else eb[1]
    if rnd.randrange(6) == 0:
        v[rnd.choice([3, 4])] += rnd.choice([-1, 1])
    return v


SMALL = [0, 1, 2, 31, 32, (1 << 32) - 1, 1 << 32]


def maybe(good, *others):
    return good if rnd.randrange(5) else rnd.choice(others)


def some_value(kind):
    text = lambda: rnd.choice(TEXTS)
    h32 = lambda: rnd.randbytes(maybe(32, 31, 33, 16))
    n = lambda good: maybe(good, good - 1, good + 1)
    if kind == 'text':
        return text()
    if kind == 'name':
        return [text(), maybe(rnd.choice(sorted(h.SCRIPTS)), 'Hebr', '', 'latn'), text(),
                text()][:n(4)]
    if kind == 'date':
        return some_date()
    if kind == 'place':
        return [text(), text(), text()][:n(3)]
    if kind == 'code':
        return [maybe(1, 0, 2, 1 << 32), maybe(rnd.choice(['male', 'female', 'other']), 'x', '')]
    if kind in ('ref', 'key'):
        return h32()
    if kind == 'refs':
        return [h32() for _ in range(rnd.randrange(3))]
    if kind in ('number', 'time'):
        return rnd.choice(NUMBERS)
    if kind == 'flag':
        return rnd.choice([True, False, None, 0, 1])
    if kind == 'bytes':
        return rnd.choice([b'', b'x', b'y' * 300, 'x'])
    if kind == 'blob':
        return rnd.randbytes(maybe(16, 15, 17, 32))
    if kind == 'row':
        return [h32(), rnd.choice(SMALL), rnd.choice(SMALL), rnd.randbytes(maybe(16, 15))][:n(4)]
    if kind == 'cells':
        return [[rnd.choice(SMALL), text(), text(), rnd.choice([None] + SMALL)]
                for _ in range(rnd.randrange(3))]
    return [text() for _ in range(rnd.randrange(3))]


def verdict(kind, item, kinds):
    try:
        v = h.decode(item)
    except h.Wrong:
        return 'no'
    if kind != 'cbor' and not kinds.fits(('', kind, 'sex', ''), v):
        return 'no'
    return 'yes ' + h.encode(v).hex()


def main():
    with open(sys.argv[2], encoding='utf-8') as f:
        kinds = h.Kinds(f.read())
    cases = [('cbor', some_bytes()) for _ in range(CASES)]
    types = sorted(h.SHAPES) + ['date'] * len(h.SHAPES)
    for _ in range(VALUES):
        kind = rnd.choice(types)
        item = h.encode(some_value(kind))
        cases.append((kind, mutated(item) if rnd.randrange(8) == 0 else item))
    said = subprocess.run([sys.argv[1]], input=''.join('%s %s\n' % (k, b.hex()) for k, b in cases),
                          capture_output=True, text=True, check=True).stdout.split('\n')
    wrong, valid = 0, {}
    for (kind, item), theirs in zip(cases, said):
        ours = verdict(kind, item, kinds)
        valid.setdefault(kind, [0, 0])[ours != 'no'] += 1
        if ours != theirs or ours not in ('no', 'yes ' + item.hex()):
            wrong += 1
            if wrong <= 10:
                print('%s %s: %s here, %s there' % (kind, item.hex(), ours[:40], theirs[:40]))
    for kind in sorted(valid):
        print('%s: %d valid, %d not' % (kind, valid[kind][1], valid[kind][0]))
        # A test that sees one side only tests nothing.
        wrong += min(valid[kind]) == 0
    print('%d cases, %d wrong' % (len(cases), wrong))
    return 1 if wrong or len(said) != len(cases) + 1 else 0


if __name__ == '__main__':
    sys.exit(main())
