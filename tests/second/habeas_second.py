"""
A second implementation of habeas's formats, written from docs/formats.md (and the
RFC and C2SP texts it names) and from nothing else.  For tests only: it reads and
never writes, holds secrets in ordinary memory, and is slow.

Where this file and the C program disagree, docs/formats.md decides; where the
document does not say, the document is wrong.
"""
import base64
import hashlib
import os
import re
import sqlite3
import struct
import unicodedata

try:
    import nacl.bindings as sodium
    from nacl.exceptions import CryptoError
except ImportError:             # the tests skip with a word
    sodium = None


class Wrong(Exception):
    """Something is not as docs/formats.md has it."""


def need(condition, what):
    if not condition:
        raise Wrong(what)


# --- CBOR ---------------------------------------------------------------------------

LEVELS = 16


def _head(major, v):
    for info, fmt, most in ((24, '>B', 1 << 8), (25, '>H', 1 << 16), (26, '>I', 1 << 32),
                            (27, '>Q', 1 << 64)):
        if v < 24:
            return bytes([major << 5 | v])
        if v < most:
            return bytes([major << 5 | info]) + struct.pack(fmt, v)
    raise ValueError(v)


def encode(v):
    if v is None:
        return b'\xf6'
    if v is True or v is False:
        return b'\xf5' if v else b'\xf4'
    if isinstance(v, int):
        return _head(0, v) if v >= 0 else _head(1, -1 - v)
    if isinstance(v, bytes):
        return _head(2, len(v)) + v
    if isinstance(v, str):
        b = v.encode('utf-8')
        return _head(3, len(b)) + b
    if isinstance(v, list):
        return _head(4, len(v)) + b''.join(map(encode, v))
    if isinstance(v, dict):
        return _head(5, len(v)) + b''.join(encode(k) + encode(v[k]) for k in sorted(v))
    raise TypeError(type(v))


class _Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        need(n <= len(self.data) - self.at, 'CBOR: cut off')
        self.at += n
        return self.data[self.at - n:self.at]

    def head(self):
        first = self.take(1)[0]
        major, info = first >> 5, first & 31
        if major == 7 or info < 24:
            return major, info
        need(info < 28, 'CBOR: an indefinite or reserved length')
        v = int.from_bytes(self.take(1 << (info - 24)), 'big')
        need(v >= (24, 1 << 8, 1 << 16, 1 << 32)[info - 24], 'CBOR: not the shortest head')
        return major, v

    def item(self, levels):
        need(levels > 0, 'CBOR: too many levels')
        major, v = self.head()
        if major == 0:
            return v
        if major == 1:
            need(v < 1 << 63, 'CBOR: below -2^63')
            return -1 - v
        if major == 2:
            return bytes(self.take(v))
        if major == 3:
            try:
                return self.take(v).decode('utf-8')
            except UnicodeDecodeError:
                raise Wrong('CBOR: text that is not UTF-8')
        if major == 4:
            need(v <= len(self.data) - self.at, 'CBOR: cut off')
            return [self.item(levels - 1) for _ in range(v)]
        if major == 5:
            need(v <= 24, 'CBOR: more keys than there are')
            m, last = {}, -1
            for _ in range(v):
                kind, k = self.head()
                need(kind == 0 and last < k < 24, 'CBOR: keys not 0-23, ascending')
                m[k], last = self.item(levels - 1), k
            return m
        need(major == 7 and 20 <= v <= 22, 'CBOR: neither true, false nor null')
        return (False, True, None)[v - 20]


def decode(data, levels=LEVELS):
    r = _Reader(data)
    v = r.item(levels)
    need(r.at == len(data), 'CBOR: something follows the item')
    return v


def diagnostic(v):
    """RFC 8949 section 8, one way of it: for comparing dumps."""
    if v is None or v is True or v is False:
        return {None: 'null', True: 'true', False: 'false'}[v]
    if isinstance(v, int):
        return str(v)
    if isinstance(v, bytes):
        return "h'%s'" % v.hex()
    if isinstance(v, str):
        return '"%s"' % re.sub('[\x00-\x1f\x7f"\\\\]', lambda m: '\\' + m[0] if m[0] in '"\\'
                               else '\\u%04x' % ord(m[0]), v)
    if isinstance(v, list):
        return '[%s]' % ', '.join(map(diagnostic, v))
    return '{%s}' % ', '.join('%d: %s' % (k, diagnostic(v[k])) for k in sorted(v))


# --- hashes, trees, keys ----------------------------------------------------------------

def sha256(b):
    return hashlib.sha256(b).digest()


def leaf_hash(b):
    return sha256(b'\x00' + b)


def node_hash(left, right):
    return sha256(b'\x01' + left + right)


def keyed(key, msg):
    return hashlib.blake2b(msg, key=key, digest_size=32).digest()


def tree_head(leaves):
    """RFC 6962 section 2.1 over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b'')
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return node_hash(tree_head(leaves[:k]), tree_head(leaves[k:]))


def inclusion_root(leaf, index, size, path):
    """RFC 9162 section 2.1.3.2: the root that this path leads to."""
    need(0 <= index < size, 'an index outside of the tree')
    fn, sn, r = index, size - 1, leaf
    for p in path:
        need(sn != 0, 'a path that is too long')
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0, 'a path that is too short')
    return r


def open_sealed(key, box, ad):
    need(len(box) >= 40, 'a sealed thing that is too short')
    try:
        return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(box[24:], ad, box[:24], key)
    except CryptoError:
        raise Wrong('does not open with its key')


def open_box(secret, box):
    try:
        return sodium.crypto_box_seal_open(box, sodium.crypto_scalarmult_base(secret), secret)
    except CryptoError:
        raise Wrong('a sealed box that does not open')


def passphrase_key(passphrase, salt, ops, mem):
    need(1 <= ops <= 64 and 8192 <= mem <= 4 << 30, 'a cost of Argon2id out of bounds')
    return sodium.crypto_pwhash_alg(32, passphrase, salt, ops, mem,
                                    sodium.crypto_pwhash_ALG_ARGON2ID13)


def signed_by(public, msg, signature):
    try:
        sodium.crypto_sign_open(signature + msg, public)
        return True
    except (CryptoError, ValueError):
        return False


def public_of(seed):
    return sodium.crypto_sign_seed_keypair(seed)[0]


def base64_strict(s):
    try:
        b = base64.b64decode(s, validate=True)
    except ValueError:
        raise Wrong('not base64')
    need(base64.b64encode(b).decode() == s, 'not canonical base64')
    return b


CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'


def paper_key(text):
    letters = re.sub(r'[-\s]', '', text.upper()).translate(str.maketrans('OIL', '011'))
    need(len(letters) == 56 and set(letters) <= set(CROCKFORD), 'not 56 letters of a key')
    n = 0
    for c in letters:
        n = n << 5 | CROCKFORD.index(c)
    raw = n.to_bytes(35, 'big')
    need(raw[32:] == sha256(raw[:32])[:3], 'a mistyped recovery key')
    return raw[:32]


# --- minisign, signed notes, certificates ---------------------------------------------------

def minisign_key(line):
    b = base64_strict(line)
    need(len(b) == 42 and b[:2] == b'Ed', 'not a minisign public key')
    return b[2:10], b[10:]


def minisign_check(public_line, msg, minisig):
    """The trusted comment of a prehashed signature by this key over msg."""
    key_id, public = minisign_key(public_line)
    lines = [l[:-1] if l.endswith('\r') else l for l in minisig.split('\n')]
    lines = lines[:4] if lines[4:] == [''] else lines
    need(len(lines) == 4 and lines[0].startswith('untrusted comment: ')
         and lines[2].startswith('trusted comment: '), 'not a minisign signature')
    sig, both = base64_strict(lines[1]), base64_strict(lines[3])
    need(len(sig) == 74 and sig[:2] == b'ED' and sig[2:10] == key_id and len(both) == 64,
         'a minisign signature of another key or form')
    comment = lines[2][len('trusted comment: '):]
    need(signed_by(public, hashlib.blake2b(msg).digest(), sig[10:]), 'minisign: not signed')
    need(signed_by(public, sig[10:] + comment.encode(), both), 'minisign: comment not signed')
    return comment


def verifier_key(vkey):
    """C2SP signed-note: NAME+hash+base64(0x01 || key)."""
    m = re.fullmatch(r'([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)', vkey)
    need(m, 'not a verifier key')
    key = base64_strict(m[3])
    need(len(key) == 33 and key[0] == 1, 'not an Ed25519 verifier key')
    key_id = sha256(m[1].encode() + b'\n' + key)[:4]
    need(key_id.hex() == m[2], 'a verifier key with a wrong hash')
    return m[1], key_id, key[1:]


def note_check(note, vkey):
    """The text of a signed note; and how many signatures it has."""
    name, key_id, public = verifier_key(vkey)
    at = note.rfind('\n\n')
    need(at > 0 and note.endswith('\n') and not re.search('[\x00-\x09\x0b-\x1f]', note),
         'not a signed note')
    text, found, lines = note[:at + 1], False, note[at + 2:-1].split('\n')
    for line in lines:
        m = re.fullmatch('\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)', line)
        need(m, 'a line that is no signature')
        sig = base64_strict(m[2])
        if m[1] == name and sig[:4] == key_id:
            need(signed_by(public, text.encode(), sig[4:]), 'a note that is not signed')
            found = True
    need(found, 'a note without the signature of ' + name)
    return text, len(lines)


def checkpoint_check(note, vkey):
    text, _ = note_check(note, vkey)
    lines = text.split('\n')
    need(len(lines) == 4 and lines[3] == '' and lines[0] == verifier_key(vkey)[0]
         and re.fullmatch('0|[1-9][0-9]*', lines[1]), 'not a checkpoint of this log')
    root = base64_strict(lines[2])
    need(len(root) == 32, 'not a checkpoint of this log')
    return int(lines[1]), root


CERTIFICATE = ('organisation', 'root', 'log', 'adopt', 'rights')


def certificate_read(text):
    lines = text.split('\n')
    need(len(lines) == 7 and lines[0] == 'habeas node certificate 1' and lines[6] == '',
         'not a certificate')
    c = {}
    for key, line in zip(CERTIFICATE, lines[1:6]):
        need(line.startswith(key + ': '), 'not a certificate')
        c[key] = line[len(key) + 2:]
    words = c['rights'].split(' ')
    need(words == [w for w in ('record', 'adopt', 'witness') if w in words] and words,
         'a certificate with odd rights')
    minisign_key(c['root'])
    minisign_key(c['adopt'])
    verifier_key(c['log'])
    return c


def certificate_check(text, minisig):
    """Signed by the root key that it names: whether to trust that is another matter."""
    c = certificate_read(text)
    minisign_check(c['root'], text.encode(), minisig)
    return c


def root_read(text, passphrase):
    """An organisation's root key file: (seed, key id, name)."""
    lines = text.split('\n')
    need(len(lines) == 4 and lines[0] == 'habeas root key 1' and lines[3] == '', 'not a root key')
    m = decode(base64_strict(lines[2]))
    need(isinstance(m, dict) and sorted(m) == [0, 1, 2, 3, 4, 5] and m[0] == 1, 'not a root key')
    held = open_sealed(passphrase_key(passphrase, m[1], m[2], m[3]), m[4], b'habeas/root/1')
    need(len(held) == 40 and minisign_key(lines[1]) == (held[32:], public_of(held[:32])),
         'a root key under the name of another')
    return held[:32], held[32:], m[5]


# --- dates --------------------------------------------------------------------------------------

OPEN = [0, 0, 0]
FIRST_EVER, LAST_EVER = -800000, 400000
YEARS = {1: (1800, 2200), 2: (1200, 1500), 3: (2440, 2560)}
EPOCH_NOWRUZ = 18341        # 2020-03-20 = 1 Farvardin 1399


def _hijri_leap(y):
    return (25 * y + 11) % 33 < 8


def _gregorian_leap(y):
    return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)


def _month_days(calendar, y, m):
    if calendar == 1:
        return (31, 28 + _gregorian_leap(y), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[m - 1]
    y -= 1180 if calendar == 3 else 0
    return 31 if m <= 6 else 30 if m <= 11 else 29 + _hijri_leap(y)


def _day(calendar, y, m, d):
    """Days since 1970-01-01."""
    if calendar == 1:
        n = sum(365 + _gregorian_leap(i) for i in range(1970, y)) \
            - sum(365 + _gregorian_leap(i) for i in range(y, 1970))
    else:
        s = y - (1180 if calendar == 3 else 0)
        n = EPOCH_NOWRUZ + sum(365 + _hijri_leap(i) for i in range(1399, s)) \
            - sum(365 + _hijri_leap(i) for i in range(s, 1399))
    return n + sum(_month_days(calendar, y, i) for i in range(1, m)) + d - 1


def _claim_ok(calendar, c):
    y, m, d = c
    low, high = YEARS[calendar]
    return low <= y <= high and 0 <= m <= 12 and (m > 0 or d == 0) \
        and (d == 0 or 1 <= d <= _month_days(calendar, y, m))


def _ends(calendar, c):
    y, m, d = c
    last_month = m or 12
    return (_day(calendar, y, m or 1, d or 1),
            _day(calendar, y, last_month, d or _month_days(calendar, y, last_month)))


def date_ok(v):
    """The interval is derived anew."""
    if not (isinstance(v, list) and len(v) == 6 and type(v[0]) is int and v[0] in YEARS
            and type(v[5]) is int and 0 <= v[5] <= 7
            and all(type(n) is int for n in v[3:5])):
        return False
    cal, a, b, first, last, flags = v
    for c in (a, b):
        if not (isinstance(c, list) and len(c) == 3 and all(type(n) is int for n in c)
                and (c == OPEN or _claim_ok(cal, c))):
            return False
    ea = (FIRST_EVER, None) if a == OPEN else _ends(cal, a)
    eb = (None, LAST_EVER) if b == OPEN else _ends(cal, b)
    flags &= 6
    if flags == 0:
        return a == b != OPEN and [first, last] == list(ea)
    if a == b:
        return False
    if flags == 2:
        return OPEN not in (a, b) and ea < eb and [first, last] == [ea[0], max(ea[1], eb[1])]
    if OPEN not in (a, b) and not (ea[0] <= eb[0] and ea[1] <= eb[1]):
        return False
    return [first, last] == [ea[0], eb[1]]


# --- values -------------------------------------------------------------------------------------

SCRIPTS = {'Latn', 'Arab', 'Cyrl', 'Zyyy', 'Zzzz', 'Zmix'}


def is_text(v):
    return isinstance(v, str) and unicodedata.is_normalized('NFC', v)


def is_int(v, low=-(1 << 63), high=(1 << 63) - 1):
    return type(v) is int and low <= v <= high


def is_bytes(v, n):
    return isinstance(v, bytes) and len(v) == n


def is_list(v, n=None):
    return isinstance(v, list) and n in (None, len(v))


def is_cell(v):
    return is_list(v, 4) and is_int(v[0], 1, (1 << 32) - 1) and isinstance(v[1], str) \
        and isinstance(v[2], str) and (v[3] is None or is_int(v[3], 0, 31))


SHAPES = {
    'text': is_text,
    'name': lambda v: is_list(v, 4) and all(map(is_text, v)) and v[1] in SCRIPTS,
    'date': date_ok,
    'place': lambda v: is_list(v, 3) and all(map(is_text, v)),
    'code': lambda v: is_list(v, 2) and is_int(v[0], 1, (1 << 32) - 1) and isinstance(v[1], str),
    'ref': lambda v: is_bytes(v, 32),
    'refs': lambda v: is_list(v) and all(is_bytes(h, 32) for h in v),
    'number': is_int,
    'flag': lambda v: type(v) is bool,
    'bytes': lambda v: isinstance(v, bytes),
    'key': lambda v: is_bytes(v, 32),
    'blob': lambda v: is_bytes(v, 16),
    'row': lambda v: is_list(v, 4) and is_bytes(v[0], 32) and is_int(v[1], 1, (1 << 32) - 1)
    and is_int(v[2], 1, (1 << 32) - 1) and is_bytes(v[3], 16),
    'cells': lambda v: is_list(v) and all(map(is_cell, v)),
    'time': is_int,
    'texts': lambda v: is_list(v) and all(map(is_text, v)),
}


def is_withdrawal(v):
    return is_list(v, 2) and v[0] is None and isinstance(v[1], str)


# --- the kinds file -----------------------------------------------------------------------------

class Kinds:
    """Names, types and audiences of slots; codes of vocabularies."""

    def __init__(self, text):
        self.kinds, self.names, self.codes = {}, {}, {}
        here = None
        for line in text.split('\n'):
            if not line.strip() or line.startswith('#'):
                continue
            if line.startswith('vocab '):
                _, name, version = line.split()
                here = self.codes[name] = {'version': int(version), 'codes': set()}
            elif line.startswith('kind '):
                _, number, name = line.split('|')[0].split()
                self.names[int(number)] = name
                here = self.kinds[int(number)] = {}
            elif 'codes' in here:
                here['codes'].add(line.split('|')[0].strip())
            else:
                slot, name, kind, audience = line.split('|')[0].split()[:4]
                kind, _, of = kind.partition(':')
                here[int(slot)] = (name, kind, of, audience)

    def field(self, kind, slot):
        return self.kinds[0].get(slot) or self.kinds.get(kind, {}).get(slot)

    def sealed(self, kind):
        return {s for s, f in self.kinds.get(kind, {}).items() if f[3] == 'sealed'}

    def fits(self, field, v):
        if not SHAPES[field[1]](v):
            return False
        if field[1] != 'code':
            return True
        voc = self.codes[field[2]]
        return v[0] < voc['version'] or v[0] == voc['version'] and v[1] in voc['codes']

    def number(self, name):
        return next(n for n, k in self.names.items() if k == name)

    def slot(self, kind, name):
        return next(s for s, f in self.kinds[self.number(kind)].items() if f[0] == name)


# --- keys ---------------------------------------------------------------------------------------

RECOVERY = 4294967295


def application_id(db):
    return struct.pack('>i', db.execute('PRAGMA application_id').fetchone()[0])


def read_only(path):
    need(os.path.exists(path), path + ' is missing')
    return sqlite3.connect('file:%s?mode=ro' % path.replace('?', '%3f'), uri=True)


class Keys:
    def __init__(self, path):
        db = read_only(path)
        need(application_id(db) == b'habk', 'keys.db: not keys of habeas')
        self.named = dict(db.execute('SELECT name, value FROM named'))
        self.wraps = {(p, h): w for p, h, w in db.execute('SELECT pos, holder, wrapped FROM wrap')}
        db.close()
        self.master = self.device = self.box = self.holder = None

    def slots(self):
        return sorted(int(n[5:]) for n in self.named if n.startswith('slot/'))

    def slot(self, n):
        m = decode(self.named['slot/%d' % n])
        need(sorted(m) == [0, 1, 2, 3, 4, 5, 6] and m[0] == 1, 'slot %d: odd' % n)
        return m

    def unlock(self, passphrase):
        for n in self.slots():
            m = self.slot(n)
            try:
                held = open_sealed(passphrase_key(passphrase, m[1], m[2], m[3]), m[4],
                                   b'habeas/slot/1' + struct.pack('>Q', n))
            except Wrong:
                continue
            need(len(held) == 96, 'slot %d holds too little' % n)
            self.master, self.device, self.box = held[:32], held[32:64], held[64:]
            self.holder = n
            return
        raise Wrong("nobody's passphrase")

    def unlock_recovery(self, paper):
        r = paper_key(paper)
        self.master = open_sealed(keyed(r, b'habeas/recovery/wrap'), self.recovery()[4],
                                  b'habeas/recovery/1')
        self.device = keyed(r, b'habeas/recovery/device')
        self.box = keyed(r, b'habeas/recovery/box')
        self.holder = RECOVERY

    def recovery(self):
        m = decode(self.named['recovery'])
        need(sorted(m) == [0, 4, 5, 6] and m[0] == 1, "the recovery key's slot is odd")
        return m

    def mac_key(self):
        return keyed(self.master, b'habeas/mac/1')

    def check_mac(self, name):
        """Nobody without the master key changed what only its owner can open."""
        m = decode(self.named[name])
        mac = m.pop(6)
        need(keyed(self.mac_key(), name.encode() + b'\x00' + encode(m)) == mac,
             name + ': changed')

    def secret(self, name):
        return open_sealed(self.master, self.named['secret/' + name],
                           b'habeas/secret/1/' + name.encode())

    def kept(self, name):
        box = self.named.get('kept/' + name)
        return box and open_sealed(self.master, box, b'habeas/kept/1/' + name.encode())

    def open_key(self, pos, leaf):
        need((pos, 0) in self.wraps, 'its key is missing')
        return open_sealed(self.master, self.wraps[pos, 0], b'habeas/key/1' + leaf)

    def check_wrap(self, pos, holder, leaf):
        w = self.wraps[pos, holder]
        need(len(w) == 96, 'a wrapped key of odd length')
        mac = keyed(self.mac_key(), b'habeas/wrap/1' + leaf + struct.pack('>I', holder) + w[:80])
        need(mac[:16] == w[80:], 'a wrapped key that belongs elsewhere')

    def cut_code(self, label, place, box):
        """What only some can open, without the code that binds it to its place."""
        need(len(box) > 16, 'too short for its code')
        code = keyed(self.mac_key(), label + place + sha256(box[:-16]))
        need(code[:16] == box[-16:], 'sealed content that was changed or belongs elsewhere')
        return box[:-16]

    def sealed_key(self, pos, leaf):
        """None: not for us."""
        if (pos, self.holder) not in self.wraps:
            return None
        self.check_wrap(pos, self.holder, leaf)
        return open_box(self.box, self.wraps[pos, self.holder][:80])


# --- records ------------------------------------------------------------------------------------

def salt_of(seed, slot):
    return keyed(seed, b'S' + bytes([slot]))


def decoy_of(seed, slot):
    return keyed(seed, b'D' + bytes([slot]))


def disclosure(seed, slot, value):
    return encode([salt_of(seed, slot), slot, value])


def slot_hash(seed, slot, slots):
    return leaf_hash(disclosure(seed, slot, slots[slot])) if slot in slots \
        else decoy_of(seed, slot)


def entry_of(root, log_class):
    return b'\x83\x01' + bytes([log_class]) + b'\x58\x20' + root


def read_pairs(v, of):
    """[[slot, …] …] with ascending slots."""
    need(is_list(v) and all(is_list(p, 2) and is_int(p[0], 0, 31) and of(p[1]) for p in v),
         'a payload of odd shape')
    slots = [p[0] for p in v]
    need(slots == sorted(set(slots)), 'slots that do not ascend')
    return {s: x for s, x in v}


class Record:
    """kind, slots (by number), hashes (32), flags; or erased."""

    def __init__(self, pos, entry, leaf):
        need(len(entry) == 37 and entry[:2] == b'\x83\x01' and entry[2] in (0, 1)
             and entry[3:5] == b'\x58\x20', 'not an entry')
        need(leaf_hash(entry) == leaf, 'a leaf hash that is not of its entry')
        self.pos, self.entry, self.leaf = pos, entry, leaf
        self.log_class, self.root = entry[2], entry[5:]
        self.slots, self.erased, self.sealed_away = {}, True, False
        self.kind = self.author = None
        self.sealed_slots = set()
        self.part_keys = {}

    def open(self, keys, open_part, sealed_part):
        self.erased = False
        self.part_keys['open'] = key = keys.open_key(self.pos, self.leaf)
        # Three levels lie above a value, which has sixteen of its own.
        p = decode(open_sealed(key, open_part, b'habeas/open/1' + self.leaf), LEVELS + 3)
        need(is_list(p, 5) and p[0] == 1 and type(p[0]) is int and is_bytes(p[1], 32)
             and is_bytes(p[4], 64), 'an open part of odd shape')
        self.seed, self.signature = p[1], p[4]
        self.slots = read_pairs(p[2], lambda v: True)
        others = read_pairs(p[3], lambda v: is_bytes(v, 32))
        self.sealed_slots = set(others)
        need(all(s >= 8 and s not in self.slots for s in others), 'sealed slots out of place')
        need(bool(others) == (sealed_part is not None), 'a sealed part too many or too few')
        self.hashes = [others[s] if s in others else slot_hash(self.seed, s, self.slots)
                       for s in range(32)]
        if sealed_part is not None:
            self.open_sealed_part(keys, sealed_part, others)
        need(tree_head(self.hashes) == self.root, 'slots that its entry does not commit to')
        self.kind, self.author = self.slots.get(0), self.slots.get(1)
        need(is_int(self.kind, 1, (1 << 32) - 1), 'no kind')
        need(is_bytes(self.author, 32), 'no author')

    def open_sealed_part(self, keys, sealed_part, others):
        sealed_part = keys.cut_code(b'habeas/sealed-code/1', self.leaf, sealed_part)
        key = keys.sealed_key(self.pos, self.leaf)
        self.sealed_away = key is None
        if key is None:
            return
        self.part_keys['sealed'] = key
        p = decode(open_sealed(key, sealed_part, b'habeas/sealed/1' + self.leaf), LEVELS + 3)
        need(is_list(p, 3) and p[0] == 1 and type(p[0]) is int and is_bytes(p[1], 32),
             'a sealed part of odd shape')
        self.sealed_seed = p[1]
        own = read_pairs(p[2], lambda v: True)
        need(own and set(own) <= set(others), 'sealed values out of place')
        for s, h in others.items():
            need(slot_hash(self.sealed_seed, s, own) == h, 'a sealed slot that differs')
        self.slots.update(own)

    def check_signature(self):
        need(signed_by(self.author, b'habeas/record/1\0' + self.entry, self.signature),
             "not signed by its author's device")

    def disclosure(self, slot):
        return disclosure(self.sealed_seed if slot in self.sealed_slots else self.seed, slot,
                          self.slots[slot])

    def blob_key(self, slot):
        part = self.part_keys.get('sealed' if slot in self.sealed_slots else 'open')
        return part and keyed(part, b'habeas/blob/1' + self.slots[slot])


# Which roles may write which kinds: docs/formats.md, "Who may write".
ROLES = {'D': 'documenter', 'R': 'reviewer', 'P': 'publisher', 'A': 'administrator',
         'K': 'recovery'}
MAY_WRITE = {
    'officer': 'AK', 'source': 'DRA', 'list': 'DRA', 'list-version': 'DRA', 'person': 'DRA',
    'facility': 'DRA', 'event': 'DRA', 'document': 'DRPA', 'judgement': 'RA',
    'linker-run': 'RA', 'sample': 'RA', 'estimate': 'RA', 'determination': 'RA',
    'consent': 'DRPA', 'letter': 'PA',
    'adoption': 'PA', 'annex-row': 'PA', 'task': 'DRPA', 'padding': 'DRPA',
}


class People:
    """Who may write, as the records up to here say."""

    def __init__(self, kinds):
        self.k, self.officers, self.recovery = kinds, {}, None

    def found(self, three):
        """The first three records bring one another in."""
        kinds = [self.k.number(n) for n in ('organisation', 'node', 'officer')]
        need([r.kind for r in three] == kinds, 'it does not begin with who it is')
        for r in three:
            self.apply(r)
        o = self.officers[three[2].leaf]
        need(all(r.author == o['device'] for r in three) and o['role'] == 'administrator',
             'the first three records are not by the first administrator')

    def apply(self, r):
        if r.erased or r.kind not in (self.k.number('officer'), self.k.number('node')):
            return
        if r.kind == self.k.number('node'):
            key = r.slots.get(self.k.slot('node', 'recovery'))
            self.recovery = key if is_bytes(key, 32) else self.recovery
            return
        if 5 in r.slots:
            o = self.officers.get(r.slots[5])
        else:
            o = self.officers[r.leaf] = {'revoked': False, 'role': None, 'device': None,
                                         'box': None, 'slot': None}
        if o is None:
            return
        get = lambda name: r.slots.get(self.k.slot('officer', name))
        if SHAPES['code'](get('role')):
            o['role'] = get('role')[1]
        for name in ('device', 'box'):
            if is_bytes(get(name), 32):
                o[name] = get(name)
        if is_int(get('slot'), 1, RECOVERY - 1):
            o['slot'] = get('slot')
        o['revoked'] |= date_ok(get('revoked'))

    def check(self, r):
        o = next((o for o in self.officers.values() if o['device'] == r.author), None)
        role = o['role'] if o else 'recovery' if r.author == self.recovery else None
        need(role, 'its author is nobody here')
        need(not (o and o['revoked']), 'its author is revoked')
        may = MAY_WRITE.get(self.k.names.get(r.kind), 'A')
        need(any(ROLES[c] == role for c in may), 'a kind that its author may not write')


def fold(records):
    """First record's leaf hash -> slots as the amendments leave them; None: withdrawn."""
    chains = {}
    for r in records:
        if r.erased:
            continue
        first = r.slots.get(5) if is_bytes(r.slots.get(5), 32) else None
        if first is None:
            chains[r.leaf] = dict(r.slots)
        elif first in chains:
            for s, v in r.slots.items():
                if s not in (1, 5, 6):
                    chains[first][s] = None if is_withdrawal(v) else v
    return chains


def linker_run_read(data):
    """The blob of a linker run: (hashes, {record: first}, pairs)."""
    v = decode(data)
    need(is_list(v, 4) and v[0] == 1 and isinstance(v[1], bytes) and len(v[1]) % 32 == 0
         and is_list(v[2]) and is_list(v[3]), 'a linker run of odd shape')
    n = len(v[1]) // 32
    need(all(is_list(j, 2) and is_int(j[0], 0, n - 1) and is_int(j[1], 0, n - 1)
             for j in v[2]), 'a linker run of odd clusters')
    need(all(is_list(p, 5) and is_int(p[0], 0, n - 1) and is_int(p[1], 0, n - 1)
             and is_int(p[2]) and is_int(p[3], 0, 1000000) and isinstance(p[4], bytes)
             for p in v[3]), 'a linker run of odd pairs')
    return [v[1][i:i + 32] for i in range(0, len(v[1]), 32)], dict(v[2]), v[3]


class Vault:
    def __init__(self, path):
        db = read_only(path)
        need(application_id(db) == b'habv', 'vault.db: not a vault of habeas')
        self.named = dict(db.execute('SELECT name, value FROM named'))
        self.entries = db.execute('SELECT pos, entry, hash FROM entry ORDER BY pos').fetchall()
        self.payloads = {p: (o, s) for p, o, s in db.execute('SELECT pos, open, sealed FROM payload')}
        self.find = set(db.execute('SELECT head, pos FROM find'))
        db.close()
        need(self.named.get('format') in (b'1', '1'), 'vault.db: another format')

    def generations(self):
        ret = []
        while 'log/%d' % len(ret) in self.named:
            g = decode(self.named['log/%d' % len(ret)])
            need(is_list(g, 4) and re.fullmatch('habeas/[0-9a-f]{16}', g[0])
                 and verifier_key(g[1])[0] == g[0] and is_int(g[2], 0), 'log/K: odd')
            minisign_key(g[3])
            need(g[2] > ret[-1][2] if ret else g[2] == 0, 'log/K: positions')
            ret.append(g)
        need(ret, 'vault.db names no log')
        return ret

    def check_shape(self):
        need([e[0] for e in self.entries] == list(range(len(self.entries))),
             'positions are missing')
        need(len({e[1] for e in self.entries}) == len(self.entries), 'two equal entries')
        heads = {(struct.unpack('>q', h[:8])[0], p) for p, _, h in self.entries}
        need(heads == self.find, 'table find is not that of the entries')
        need(set(self.payloads) <= set(range(len(self.entries))), 'payloads of no entry')

    def open_all(self, keys):
        for pos, entry, leaf in self.entries:
            r = Record(pos, entry, leaf)
            try:
                if pos in self.payloads:
                    r.open(keys, *self.payloads[pos])
            except Wrong as e:
                raise Wrong('record %d: %s' % (pos, e))
            yield r


# --- the log ------------------------------------------------------------------------------------

def tile_name(level, n, width):
    groups = ['%03d' % (n % 1000)]
    while n >= 1000:
        n //= 1000
        groups.insert(0, 'x%03d' % (n % 1000))
    return 'tile/%s/%s%s' % (level, '/'.join(groups), '' if width == 256 else '.p/%d' % width)


def log_files(entries):
    """Every tile of a log with these entries, by name."""
    files = {}

    def put(level, items, join):
        for n in range(0, len(items), 256):
            part = items[n:n + 256]
            files[tile_name(level, n // 256, len(part))] = join(part)

    put('entries', entries, lambda p: b''.join(struct.pack('>H', len(e)) + e for e in p))
    row, level = [leaf_hash(e) for e in entries], 0
    while row:
        put(level, row, b''.join)
        row = [tree_head(row[i:i + 256]) for i in range(0, len(row) - 255, 256)]
        level += 1
    return files


def check_log(path, vkey, entries):
    """The files of a closed or current log against its entries; how many are published."""
    with open(os.path.join(path, 'checkpoint'), encoding='utf-8', newline='') as f:
        note = f.read()
    size, root = checkpoint_check(note, vkey)
    need(note_check(note, vkey)[1] == 1, 'a checkpoint with foreign signatures')
    need(size <= len(entries), 'a checkpoint of more than there is')
    need(tree_head([leaf_hash(e) for e in entries[:size]]) == root,
         'a checkpoint of other entries')
    want = log_files(entries[:size])
    have = set()
    for where, _, names in os.walk(path):
        have |= {os.path.relpath(os.path.join(where, n), path) for n in names}
    for name in want:
        need(name in have, name + ' is missing')
        with open(os.path.join(path, name), 'rb') as f:
            need(f.read() == want[name], name + ' differs')
    return size, root, sorted(have - set(want) - {'checkpoint'})


def proof_check(text, vkey):
    """A .tlog-proof: (index, size, entry, {slot: value})."""
    head, _, note = text.partition('\n\n')
    lines = head.split('\n')
    need(len(lines) >= 3 and lines[0] == 'c2sp.org/tlog-proof@v1'
         and lines[1].startswith('extra ') and re.fullmatch('index (0|[1-9][0-9]*)', lines[2]),
         'not a proof')
    extra = decode(base64_strict(lines[1][6:]))
    need(is_list(extra, 2) and is_bytes(extra[0], 37) and is_list(extra[1]), 'an odd extra line')
    record = Record(None, extra[0], leaf_hash(extra[0]))
    index = int(lines[2][6:])
    path = [base64_strict(h) for h in lines[3:]]
    need(all(len(h) == 32 for h in path), 'a path of odd hashes')
    size, root = checkpoint_check(note, vkey)
    need(inclusion_root(record.leaf, index, size, path) == root, 'not in this log')
    shown, last = {}, -1
    for d in extra[1]:
        need(is_list(d, 2) and isinstance(d[0], bytes) and is_list(d[1], 5)
             and all(is_bytes(h, 32) for h in d[1]), 'an odd disclosure')
        salted = decode(d[0], LEVELS + 1)
        need(is_list(salted, 3) and is_bytes(salted[0], 32) and is_int(salted[1], 0, 31),
             'an odd disclosure')
        slot = salted[1]
        need(slot > last, 'disclosures that do not ascend')
        need(inclusion_root(leaf_hash(d[0]), slot, 32, d[1]) == record.root,
             'a disclosure of something else')
        shown[slot], last = salted[2], slot
    return index, size, record, shown


# --- the state outside ----------------------------------------------------------------------------

def state_read(text):
    lines = text.split('\n')
    need(len(lines) == 7 and lines[0] == 'habeas state 1' and lines[6] == '', 'not a state')
    root = base64_strict(lines[3])
    need(len(root) == 32, 'not a state')
    return {'origin': lines[1], 'size': int(lines[2]), 'root': root,
            'directory': int(lines[4]), 'machine': lines[5]}


def state_machine(machine_id, origin):
    return sha256(b'habeas/machine/1\n%s\n%s\n' % (machine_id.encode(), origin.encode())).hex()


# --- the index ----------------------------------------------------------------------------------

PAGE = 4096


def index_open(path, key):
    """The index as a database in memory."""
    with open(path, 'rb') as f:
        data = f.read()
    need(len(data) % PAGE == 0, 'index.db: not whole pages')
    plain = []
    for n in range(len(data) // PAGE):
        page = data[n * PAGE:(n + 1) * PAGE]
        body, nonce, tag = page[:-40], page[-40:-16], page[-16:]
        plain.append(open_sealed(key, nonce + body + tag, struct.pack('>Q', n + 1)) + page[-40:])
    db = sqlite3.connect(':memory:')
    db.deserialize(b''.join(plain))
    return db
