#!/usr/bin/env python3
"""
check.py REGISTER [--passphrase-fd N | --recovery-fd N] [--state DIR] [--kinds FILE]
         [--dump]

Verifies a whole register by the second implementation: a line "ok WHAT" or "not ok
WHAT: WHY" for each thing looked at; exit 0 when all are ok, 1 when not, 2 for wrong
usage, 77 without python3-nacl.  --dump prints the records instead, as dump.c does.
"""
import argparse
import os
import sqlite3
import sys

sys.dont_write_bytecode = True
import habeas_second as h  # noqa: E402
from habeas_second import need

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = os.path.join(HERE, '../../src/record/kinds.txt')


class Register:
    def __init__(self, path, kinds):
        self.path, self.k = path, kinds
        self.keys = self.vault = self.records = self.logs = None

    def file(self, *names):
        return os.path.join(self.path, *names)

    # Each check is a method; what it needs was made by those before it.

    def marker(self):
        with open(self.file('habeas'), 'rb') as f:
            need(f.read() == b'habeas register 1\n', 'no marker of a register')

    def unlock(self, secret, recovery):
        self.keys = h.Keys(self.file('keys.db'))
        if recovery:
            self.keys.unlock_recovery(secret.decode())
        else:
            self.keys.unlock(secret)

    def macs(self):
        for name in ['recovery'] + ['slot/%d' % n for n in self.keys.slots()]:
            self.keys.check_mac(name)
        known = ['recovery', 'secret/log', 'secret/adopt', 'secret/index', 'kept/own',
                 'kept/backups', 'kept/pending', 'kept/succession']
        odd = [n for n in self.keys.named if n not in known and not n.startswith('slot/')]
        need(not odd, 'keys.db: odd names: %s' % odd)

    def kept(self):
        own, backups, pending, ending = (self.keys.kept(n) and h.decode(self.keys.kept(n)) for n in
                                         ('own', 'backups', 'pending', 'succession'))
        who = {r.pos for r in self.records if r.kind in (1, 2, 3)}
        need(h.is_list(own) and who <= set(own), 'kept/own misses somebody')
        need(not backups or all(h.is_list(b, 4) and isinstance(b[0], str) and type(b[3]) is bool
                                for b in backups), 'kept/backups is odd')
        need(not pending or h.is_list(pending, 4) and pending[0] in (1, 2), 'kept/pending is odd')
        need(not ending or h.is_list(ending, 6) and h.is_bytes(ending[2], 32),
             'kept/succession is odd')

    def entries(self):
        self.vault = h.Vault(self.file('vault.db'))
        self.vault.check_shape()
        self.logs = self.vault.generations()
        firsts = [g[2] for g in self.logs]
        for pos, entry, _ in self.vault.entries:
            need(entry[2] == (pos in firsts[1:]), 'record %d: of a wrong class' % pos)

    def secrets(self):
        log = self.keys.secret('log')
        need(h.public_of(log) == h.verifier_key(self.logs[-1][1])[2], 'another log key')
        adopt = self.keys.secret('adopt')
        need(len(adopt) == 40 and all(h.minisign_key(g[3]) == (adopt[32:], h.public_of(adopt[:32]))
                                      for g in self.logs), 'another adoption key')
        need(len(self.keys.secret('index')) == 32, 'an index key of odd length')

    def open_records(self):
        self.records = list(self.vault.open_all(self.keys))
        need(len(self.records) >= 3, 'fewer than three records')

    def signatures(self):
        for r in self.records:
            if not r.erased:
                r.check_signature()

    def authors(self):
        self.people = h.People(self.k)
        need(not any(r.erased for r in self.records[:3]), 'its first records are gone')
        self.people.found(self.records[:3])
        for r in self.records[3:]:
            if r.erased:
                continue
            try:
                self.people.check(r)
            except h.Wrong as e:
                raise h.Wrong('record %d: %s' % (r.pos, e))
            self.people.apply(r)
        slots = {o['slot']: o for o in self.people.officers.values() if not o['revoked']}
        need(set(slots) == set(self.keys.slots()), 'key slots that are not the officers\'')
        for n, o in slots.items():
            need(self.keys.slot(n)[5] == o['box'], 'slot %d is of another officer' % n)

    def values(self):
        """Not "must": values are claims.  But ours should fit their slots."""
        for r in self.records:
            for s, v in r.slots.items():
                f = self.k.field(r.kind, s)
                if not f or h.is_withdrawal(v) and 5 in r.slots and s not in (0, 1, 5, 6):
                    continue
                need(self.k.fits(f, v), 'record %d: slot %d (%s): no %s' % (r.pos, s, f[0], f[1]))

    def amendments(self):
        by_leaf = {r.leaf: r for r in self.records}
        for r in self.records:
            if 5 not in r.slots:
                continue
            first = by_leaf.get(r.slots[5])
            need(first and first.pos < r.pos, 'record %d amends nothing' % r.pos)
            need(first.erased or first.kind == r.kind and 5 not in first.slots,
                 'record %d amends what it may not' % r.pos)

    def erasures(self):
        number, slot = self.k.number('erasure'), self.k.slot('erasure', 'erased')
        named = {ref for r in self.records if r.kind == number for ref in r.slots.get(slot, [])}
        gone = {r.leaf for r in self.records if r.erased}
        need(named == gone, 'payloads missing or left: %d' % len(named ^ gone))

    def wraps(self):
        officers = {o['slot'] for o in self.people.officers.values() if not o['revoked']}
        for pos, holder in self.keys.wraps:
            if pos >= len(self.records):    # a crash may leave these
                continue
            r = self.records[pos]
            need(not r.erased, 'record %d is erased and has a key' % pos)
            if holder:
                need(r.sealed_slots, 'record %d: a key for no sealed part' % pos)
                need(holder == h.RECOVERY or holder in officers, 'a key for nobody')
                self.keys.check_wrap(pos, holder, r.leaf)
        for r in self.records:
            need(((r.pos, 0) in self.keys.wraps) != r.erased, 'record %d: no key' % r.pos)
            need(((r.pos, h.RECOVERY) in self.keys.wraps) == bool(r.sealed_slots),
                 'record %d: sealed away from the recovery key' % r.pos)

    def blobs(self):
        names, unknown = set(), False
        runs = [r.pos for r in self.records if r.kind == self.k.number('linker-run')]
        for r in self.records:
            for s, f in self.k.kinds.get(r.kind, {}).items():
                if f[1] != 'blob':
                    continue
                unknown |= r.sealed_away and s in r.sealed_slots
                if h.is_bytes(r.slots.get(s), 16):
                    self.blob(r, s, r.pos in runs[:-1])
                    names.add(r.slots[s].hex())
        extra = set(os.listdir(self.file('blobs'))) - names
        need(unknown or not extra, 'files that no record names')
        for name in extra:
            with open(self.file('blobs', name), 'rb') as f:
                self.keys.cut_code(b'habeas/blob-code/1', bytes.fromhex(name), f.read())

    def blob(self, r, slot, may_be_missing):
        path = self.file('blobs', r.slots[slot].hex())
        if may_be_missing and not os.path.exists(path):
            return
        with open(path, 'rb') as f:
            box = self.keys.cut_code(b'habeas/blob-code/1', r.slots[slot], f.read())
            content = h.open_sealed(r.blob_key(slot), box, b'habeas/blob/1' + r.leaf)
        said = [r.slots.get(s) for s, f in self.k.kinds[r.kind].items() if f[0] == 'hash']
        need(not said or not isinstance(said[0], bytes) or said[0] == h.sha256(content),
             'record %d: another file' % r.pos)
        return content

    def log(self):
        for k, g in enumerate(self.logs):
            closed = k + 1 < len(self.logs)
            end = self.logs[k + 1][2] if closed else len(self.vault.entries)
            entries = [e[1] for e in self.vault.entries[g[2]:end]]
            self.size, self.root, spare = h.check_log(
                self.file('log.%d' % k if closed else 'log'), g[1], entries)
            for name in spare:
                self.spare_tile(k, closed, name, entries)

    def spare_tile(self, k, closed, name, entries):
        """Left of a former checkpoint: still what the entries give."""
        with open(self.file('log.%d' % k if closed else 'log', name), 'rb') as f:
            data = f.read()
        for n in range(len(entries), 0, -1):
            if h.log_files(entries[:n]).get(name) == data:
                return
        raise h.Wrong(name + ': no file of this log')

    def certificate(self):
        """As the records leave it; by the root key that the organisation names."""
        chains = h.fold(self.records)
        organisation, node = chains[self.records[0].leaf], chains[self.records[1].leaf]
        c = h.certificate_check(node[self.k.slot('node', 'certificate')],
                                node[self.k.slot('node', 'signature')])
        need(c['organisation'] == organisation[self.k.slot('organisation', 'name')]
             and c['root'] == organisation[self.k.slot('organisation', 'root')]
             and c['log'] in [g[1] for g in self.logs] and c['adopt'] == self.logs[-1][3],
             'a certificate of another node')

    def state(self, where):
        origin = self.logs[-1][0]
        path = os.path.join(where, 'habeas', origin[len('habeas/'):])
        with open(path, encoding='ascii') as f:
            st = h.state_read(f.read())
        need(st['origin'] == origin, 'the state of another log')
        if st['directory'] != os.stat(self.path).st_ino:
            return                          # a copy: says nothing about this one
        if os.path.exists('/etc/machine-id'):
            with open('/etc/machine-id', encoding='ascii') as f:
                machine = f.read().strip()
            if len(machine) == 32:
                need(st['machine'] == h.state_machine(machine, origin), 'another machine')
        entries = self.vault.entries[self.logs[-1][2]:]
        need(st['size'] <= len(entries), 'more was signed than is here')
        need(h.tree_head([e[2] for e in entries[:st['size']]]) == st['root'],
             'something else was signed')

    def index(self):
        if not os.path.exists(self.file('index.db')):
            return
        db = h.index_open(self.file('index.db'), self.keys.secret('index'))
        need(h.application_id(db) == b'habi', 'not an index')
        need(db.execute('PRAGMA integrity_check').fetchone()[0] == 'ok', 'a damaged index')


def dump(reg):
    for r in reg.records:
        line = 'record %d class %d leaf %s' % (r.pos, r.log_class, r.leaf.hex())
        if r.erased:
            print(line + ' erased')
            continue
        print('%s author %s kind %d %s%s' % (line, r.author.hex(), r.kind,
                                             reg.k.names.get(r.kind, '-'),
                                             ' sealed away' if r.sealed_away else ''))
        for s in sorted(r.slots):
            f = reg.k.field(r.kind, s)
            print('  %d %s %s' % (s, f[0] if f else '-', h.diagnostic(r.slots[s])))
    print('records %d\nlog %s root %s' % (len(reg.records), reg.logs[-1][1], reg.root.hex()))
    chains = h.fold(reg.records)
    print('organisation %s\nadopt %s' % (
        chains[reg.records[0].leaf][reg.k.slot('organisation', 'name')], reg.logs[-1][3]))


def checks(reg, secret, recovery, state):
    yield 'marker', reg.marker
    yield 'keys.db: unlocked', lambda: reg.unlock(secret, recovery)
    yield 'keys.db: slots as they were written', reg.macs
    yield 'vault.db: entries and their hashes', reg.entries
    yield 'keys.db: secrets', reg.secrets
    yield 'records: opened, 32 slot hashes, roots, entries', reg.open_records
    yield "records: devices' signatures", reg.signatures
    yield 'records: authors at their positions', reg.authors
    yield 'records: values fit their slots', reg.values
    yield 'records: amendments', reg.amendments
    yield 'records: erasures', reg.erasures
    yield 'keys.db: wrapped keys', reg.wraps
    yield 'keys.db: what is kept', reg.kept
    yield 'blobs', reg.blobs
    yield 'log: checkpoints and tiles', reg.log
    yield 'certificate', reg.certificate
    if state:
        yield 'state outside', lambda: reg.state(state)
    yield 'index.db', reg.index


def main():
    p = argparse.ArgumentParser()
    p.add_argument('register')
    p.add_argument('--passphrase-fd', type=int)
    p.add_argument('--recovery-fd', type=int)
    p.add_argument('--state')
    p.add_argument('--kinds', default=KINDS)
    p.add_argument('--dump', action='store_true')
    o = p.parse_args()
    if h.sodium is None:
        print('skipped: python3-nacl is not there')
        return 77
    fd = o.passphrase_fd if o.recovery_fd is None else o.recovery_fd
    if fd is None:
        p.error('--passphrase-fd or --recovery-fd')
    with os.fdopen(fd, 'rb') as f:
        secret = f.read().split(b'\n')[0]
    with open(o.kinds, encoding='utf-8') as f:
        reg = Register(o.register, h.Kinds(f.read()))
    failed = False
    for what, check in checks(reg, secret, o.recovery_fd is not None, o.state):
        try:
            check()
            if not o.dump:
                print('ok', what)
        except (h.Wrong, OSError, UnicodeError, sqlite3.Error) as e:
            print('not ok %s: %s' % (what, e))
            failed = True
            if what in ('marker', 'keys.db: unlocked', 'vault.db: entries and their hashes',
                        'records: opened, 32 slot hashes, roots, entries'):
                break               # nothing after these can be looked at
    if o.dump and not failed:
        dump(reg)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
