#!/usr/bin/env python3
"""
test_register.py MAKE DUMP KINDS [FLIPS]: a register made by the program is verified by
the second implementation; every slot's value, the log's root and the proofs are the
same on both sides; and what one finds changed, the other finds changed, too.
"""
import contextlib
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import check  # noqa: E402
import habeas_second as h  # noqa: E402

PASS, OTHER = 'correct horse', 'battery staple'
failures = 0


def say(good, what):
    global failures
    failures += not good
    print('%s %s' % ('ok' if good else 'not ok', what))


def run(args, secret, place):
    return subprocess.run(args, input=secret + '\n', text=True, capture_output=True,
                          env=dict(os.environ, XDG_STATE_HOME=place + '/state'))


def second(path, secret, recovery=False, state=None, dump=False):
    """(exit status, output) of check.py in this process."""
    r, w = os.pipe()
    with os.fdopen(w, 'wb') as f:
        f.write(secret.encode())
    args = ['check.py', path, '--kinds', sys.argv[3],
            '--recovery-fd' if recovery else '--passphrase-fd', str(r)]
    args += ['--state', state] if state else []
    sys.argv, kept = args + ['--dump'] * dump, sys.argv
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = check.main()
    sys.argv = kept
    return status, out.getvalue()


def compare(dump, place, name, secret, recovery, whose):
    path = os.path.join(place, name)
    theirs = run([dump, path] + ['recovery'] * recovery, secret, place)
    status, ours = second(path, secret, recovery, dump=True)
    say(status == 0 and theirs.returncode == 0, '%s: read by %s' % (name, whose))
    same = ours == theirs.stdout
    say(same and ours, '%s: %d lines of records alike, read by %s'
        % (name, ours.count('\n'), whose))
    if not same:
        for a, b in zip(ours.split('\n'), theirs.stdout.split('\n')):
            if a != b:
                print('  here:  %s\n  there: %s %s' % (a[:200], b[:200], theirs.stderr))
                break


def opened(path, secret):
    with open(sys.argv[3], encoding='utf-8') as f:
        reg = check.Register(path, h.Kinds(f.read()))
    reg.unlock(secret.encode(), False)
    reg.entries()
    reg.open_records()
    return reg


def proofs(place):
    reg = opened(place + '/a.habeas', PASS)
    vkey, names = reg.logs[0][1], [n for n in os.listdir(place) if n.endswith('.tlog-proof')]
    for name in names:
        with open(os.path.join(place, name), encoding='utf-8') as f:
            text = f.read()
        index, _, record, shown = h.proof_check(text, vkey)
        own = reg.records[int(name.split('.')[0])]
        say(index == own.pos and record.entry == own.entry
            and all(own.slots[s] == v for s, v in shown.items()),
            '%s: %d slots disclosed' % (name, len(shown)))
        refused, tried = 0, range(0, len(text), 29)
        for i in tried:
            refused += not proof_is(text[:i] + chr(ord(text[i]) ^ 1) + text[i + 1:], vkey)
        say(refused == len(tried), '%s: refused when changed, %d times' % (name, len(tried)))
    say(names, 'proofs there are')


def proof_is(text, vkey):
    try:
        h.proof_check(text, vkey)
        return True
    except h.Wrong:
        return False


def files_of(path):
    for where, _, names in os.walk(path):
        for n in names:
            p = os.path.join(where, n)
            if n != 'lock' and os.path.getsize(p):
                yield p


def flips(dump, place, times):
    """One bit changed at a time; both must say the same about it."""
    rnd = random.Random(1357)
    path, found, odd = os.path.join(place, 'a.habeas'), 0, []
    files = sorted(files_of(path))
    # Names in blobs/ are random; so which file, not which bytes, is seeded.
    for _ in range(times):
        p = rnd.choice(files)
        with open(p, 'r+b') as f:
            data = f.read()
            at = rnd.randrange(len(data))
            f.seek(at)
            f.write(bytes([data[at] ^ 1 << rnd.randrange(8)]))
            f.flush()
            theirs = run([dump, path, 'verify'], PASS, place)
            try:
                ours = second(path, PASS)[0]
            except Exception as e:
                ours = repr(e)
            f.seek(0)
            f.write(data)
            f.truncate()
        found += ours == 1
        if ours not in (0, 1) or (ours == 0) != (theirs.returncode == 0):
            odd.append('%s byte %d: %s here, %s there: %s' % (
                os.path.relpath(p, path), at, ours, theirs.returncode, theirs.stderr.strip()))
    for line in odd:
        print('  ' + line)
    say(not odd, '%d bits changed, %d found by both' % (times, found))


def main():
    if h.sodium is None:
        print('skipped: python3-nacl is not there')
        return 77
    make, dump = sys.argv[1:3]
    place = tempfile.mkdtemp(prefix='habeas-second-')
    try:
        say(subprocess.run([make, place]).returncode == 0, 'registers are made')
        with open(place + '/paper', encoding='ascii') as f:
            paper = f.read()
        for name in ('a.habeas', 'copy', 'backup'):
            status, out = second(os.path.join(place, name), PASS, state=place + '/state')
            print(''.join('  %s\n' % l for l in out.split('\n') if l), end='')
            say(status == 0, name + ': verified by the second implementation')
            compare(dump, place, name, PASS, False, 'an officer')
            compare(dump, place, name, paper, True, 'the recovery key')
        say(second(place + '/a.habeas', OTHER)[0] == 1, 'who is revoked gets nothing')
        say(second(place + '/a.habeas', paper[:-1] + ('0' if paper[-1] != '0' else '1'),
                   True)[0] == 1, 'a mistyped recovery key is none')
        proofs(place)
        flips(dump, place, int(sys.argv[4]) if len(sys.argv) > 4 else 16)
    finally:
        shutil.rmtree(place)
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
