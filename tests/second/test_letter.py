#!/usr/bin/env python3
"""
test_letter.py MAKE HABEAS KINDS: two organisations adopt a letter with an annex; its bundle,
adoption files and PDFs are verified end to end by the second implementation, before
and after a prisoner's record is erased; what is changed is refused by both.
"""
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import check  # noqa: E402
import habeas_letter as letter  # noqa: E402
import habeas_second as h  # noqa: E402

failures = 0
LIST = '''Given name,Family name,Date of birth,Prison,Arrest date,Sex
Zeynəb,Əliyeva,1970,Evin,1398/10/12,female
محمد,احمدی,1350,اوین,2019-11-20,male
Elxan,Quliyev,12.05.1985,Tabriz,2020,male
=cmd(),"Quoted ""name""",1990,Ərdəbil,2018,
Ali,Ahmadi,1975,Evin,2017-03-01,male
علی,احمدی,1975,اوین,2017-03-01,male
'''
HEAD = '''name = release-2020
date = 2020-03-27
authentic = en
title.en = Request for release
title.fa = درخواست آزادی
title.az = Azadlıq xahişi
place.en = Baku
letterhead.en = Joint Committee
letterhead.en = for Prisoners' Lives
addressee.en = The Secretary-General
addressee.fa = دبیرکل
[party 1]
root = %s
name.en = Birlik
name.az = Birlik Platforması
[party 2]
root = %s
name.en = Nesim
[annex 1]
title.en = Prisoners
title.fa = زندانیان
query = status=held
columns = name, birth-year, facility
purpose = letter
[annex 2]
title.en = By sex
query =
columns = sex, status
purpose = public
'''
TEXT = {'en': 'Excellency,\n\n1. We ask.\n', 'fa': 'عالی‌جناب،\n\n1. می‌خواهیم.\n',
        'az': 'Zati-aliləri,\n\n1. Xahiş edirik.\n'}


def say(good, what):
    global failures
    failures += not good
    print('%s %s' % ('ok' if good else 'not ok', what))


class Place:
    def __init__(self, make, habeas):
        self.make, self.habeas = os.path.abspath(make), os.path.abspath(habeas)
        self.dir = tempfile.mkdtemp(prefix='habeas-letter-')
        self.env = dict(os.environ, XDG_STATE_HOME=self.dir + '/state',
                        SOURCE_DATE_EPOCH='1585303200', LC_ALL='C.UTF-8')

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), 'w', encoding='utf-8', newline='') as f:
            f.write(text)

    def bytes(self, name):
        with open(self.path(name), 'rb') as f:
            return f.read()

    def text(self, name):
        return self.bytes(name).decode('utf-8')

    def new(self, name, organisation):
        subprocess.run([self.make, self.dir, name, organisation], check=True)

    def run(self, *args, may_fail=False):
        """The program, with the passphrase on a descriptor."""
        r, w = os.pipe()
        os.write(w, b'correct horse\n')
        os.close(w)
        done = subprocess.run([self.habeas, *args, '--passphrase-fd', str(r)], env=self.env,
                              capture_output=True, text=True, pass_fds=[r], cwd=self.dir)
        os.close(r)
        if done.returncode and not may_fail:
            print('habeas %s: %s' % (' '.join(args), done.stdout + done.stderr))
        return done

    def detached(self, name):
        """What poppler takes out of a PDF."""
        out = self.path('files')
        shutil.rmtree(out, ignore_errors=True)
        os.mkdir(out)
        subprocess.run(['pdfdetach', '-saveall', '-o', out, self.path(name)], check=True,
                       capture_output=True)
        return {n: self.bytes('files/' + n) for n in os.listdir(out)}


def prepare(p):
    p.new('a', 'Birlik Platform')
    p.new('b', 'Nesim | Circle'.replace(' |', ''))
    roots = [p.text(n + '.root').split('\n')[1] for n in 'ab']
    p.write('list.csv', LIST)
    p.write('letter/head.ini', HEAD % tuple(roots))
    for lang in TEXT:
        p.write('letter/text.%s.md' % lang, TEXT[lang])
    p.run('import', 'a.habeas', 'list.csv', '--list', 'One', '--basis', 'family', '--commit')
    p.run('link', 'a.habeas')
    p.run('partner', 'add', 'a.habeas', 'Nesim Circle', roots[1], '--confirmed-by', 'the test',
          '--confirmed-how', 'made beside it')
    p.run('letter', 'propose', 'a.habeas', 'letter', '-o', 'bundle')
    p.run('letter', 'receive', 'b.habeas', 'bundle')
    for n in 'ab':
        p.run('letter', 'adopt', n + '.habeas', 'release-2020', '-o', 'adoption.' + n)
    p.run('letter', 'collect', 'a.habeas', 'release-2020', 'adoption.b')
    p.write('trust', p.run('trust', 'a.habeas').stdout)
    return roots


def check_bundle(p, roots):
    text, m, texts, annexes = letter.bundle_read(p.bytes('bundle'))
    say(m['name'] == 'release-2020' and [x['root'] for x in m['parties']] == roots
        and texts == TEXT and m['letterhead'] == {'en': ['Joint Committee', "for Prisoners' Lives"]},
        'the bundle holds what was written')
    say(m['annexes'][0]['rows'] > 0 and not any(None in a for a in annexes),
        'its annexes: %s rows, roots as fixed' % [len(a) for a in annexes])
    for name in ('adoption.a', 'adoption.b'):
        x = letter.adoption_read(p.text(name), m, text)
        party, c, day = letter.adoption_check(x, m, text)
        say(party == 1 + (name[-1] == 'b') and day == '2020-03-27',
            '%s: party %d, %s, on %s' % (name, party, c['organisation'], day))
    return m


def check_pdf(p, lang, left_out):
    name = 'out/letter.%s.pdf' % lang
    pdf, files = p.bytes(name), p.detached(name)
    found = letter.letter_check(pdf, files)
    own = {f[1]: f[4] for f in letter.pdf_parts(pdf)['files']}
    trust = letter.trust_read(p.text('trust'))
    say(dict(own, **{'note.txt': files['note.txt']}) == files,
        '%s: %d files, the same by pdfdetach' % (name, len(files)))
    say(len(found['adopted']) == 2 and all(a[0] in trust for a in found['adopted'])
        and found['maker']['root'] in trust, '%s: two adoptions under trusted keys' % name)
    say(sum(r is None for a in found['annexes'] for r in a) == left_out,
        '%s: %d rows left out' % (name, left_out))
    say(p.run('verify', name, '--trust', 'trust').returncode == 0, name + ': the program agrees')
    return pdf, files


def changes(p, pdf, times):
    """One bit anywhere: refused by both."""
    rnd, missed = random.Random(1358), []
    for _ in range(times):
        at = rnd.randrange(len(pdf))
        changed = bytearray(pdf)
        changed[at] ^= 1 << rnd.randrange(8)
        with open(p.path('changed.pdf'), 'wb') as f:
            f.write(changed)
        try:
            parts = letter.pdf_parts(bytes(changed))
            files = {f[1]: f[4] for f in parts['files']}
            letter.letter_check(bytes(changed), dict(files, **{'note.txt': parts['note']}))
            missed.append('byte %d, here' % at)
        except (h.Wrong, UnicodeError, ValueError, csv.Error):
            pass
        if p.run('verify', 'changed.pdf', '--trust', 'trust', may_fail=True).returncode == 0:
            missed.append('byte %d, there' % at)
    say(not missed, 'a PDF with one bit changed is refused by both, %d times %s' % (times, missed))


def somebody(p, n):
    rows = list(csv.DictReader(p.run('list', 'a.habeas', '--csv').stdout.splitlines()))
    return rows[n]['record']


def erase_one(p):
    return p.run('erase', 'a.habeas', somebody(p, 0), '--yes', '--reason',
                 'asked').returncode == 0


def amendments(p):
    """What the program's index says of each record is what folding gives, and nothing
    sealed stands in it."""
    who = somebody(p, 1)
    p.run('amend', 'a.habeas', who, 'occupation=teacher', 'number=K-1')
    p.run('amend', 'a.habeas', who, 'occupation=writer', 'birth=', '--reason', 'not sure')
    with open(sys.argv[3], encoding='utf-8') as f:
        reg = check.Register(p.path('a.habeas'), h.Kinds(f.read()))
    reg.unlock(b'correct horse', False)
    reg.entries()
    reg.open_records()
    chains, kinds = h.fold(reg.records), {r.leaf: r.kind for r in reg.records}
    by_pos = {r.pos: r.leaf for r in reg.records}
    db = h.index_open(p.path('a.habeas/index.db'), reg.keys.secret('index'))
    # Who is who by a run stands in tables of its own, not a second time in its record.
    tabled = {reg.k.number('linker-run'): reg.k.slot('linker-run', 'clusters')}
    same = seen = sealed = withdrawn = 0
    for pos, slots in db.execute('SELECT pos, slots FROM cur'):
        leaf = by_pos[pos]
        ours = {s: v for s, v in chains[leaf].items() if v is not None and s >= 8
                and s not in reg.k.sealed(kinds[leaf]) and s != tabled.get(kinds[leaf])}
        withdrawn += None in chains[leaf].values()
        theirs = {s: v for s, v, _ in h.decode(slots, h.LEVELS + 2)}
        sealed += bool(set(theirs) & reg.k.sealed(kinds[leaf]))
        same += ours == {s: v for s, v in theirs.items() if s >= 8}
        seen += 1
    say(seen > 10 and same == seen and withdrawn, '%d of %d records are what their amendments '
        'leave' % (same, seen))
    say(not sealed, 'the index holds nothing sealed')
    linker_run(reg, p)


def linker_run(reg, p):
    run = [r for r in reg.records if r.kind == reg.k.number('linker-run')][-1]
    slot = reg.k.slot('linker-run', 'blob')
    hashes, joined, pairs = h.linker_run_read(reg.blob(run, slot, False))
    persons = {r.leaf for r in reg.records if r.kind == reg.k.number('person')}
    say(set(hashes) <= persons and len(hashes) >= 6 and joined and pairs,
        'the linker\'s run: %d records, %d joined, %d pairs' % (len(hashes), len(joined), len(pairs)))


def root_key(p, roots):
    key = h.root_read(p.text('a.root'), b'root words')
    say(h.minisign_key(roots[0]) == (key[1], h.public_of(key[0])) and key[2] == 'Birlik Platform',
        'the root key opens')


def main():
    if h.sodium is None:
        print('skipped: python3-nacl is not there')
        return 77
    if not shutil.which('pdfdetach'):
        print('skipped: pdfdetach (poppler-utils) is not there')
        return 77
    p = Place(*sys.argv[1:3])
    try:
        roots = prepare(p)
        root_key(p, roots)
        amendments(p)
        check_bundle(p, roots)
        p.run('letter', 'render', 'a.habeas', 'release-2020', '-o', 'out')
        for lang in ('en', 'fa', 'az'):
            pdf, _ = check_pdf(p, lang, 0)
        changes(p, pdf, int(sys.argv[4]) if len(sys.argv) > 4 else 12)
        say(erase_one(p), 'one is erased')
        p.run('letter', 'render', 'a.habeas', 'release-2020', '-o', 'out')
        check_pdf(p, 'en', 2)
    finally:
        if 'KEEP' not in os.environ:
            shutil.rmtree(p.dir)
        else:
            print(p.dir)
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
