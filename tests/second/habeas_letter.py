"""
Letters by the second implementation: bundles, manifests, annexes, adoptions, and the
one layout of a letter's PDF (docs/formats.md, "Letters", "A letter's PDF").  It says
who adopted what and whether the file is as its maker signed it; it draws no pages.
"""
import csv
import hashlib
import io
import re
import unicodedata

import habeas_second as h
from habeas_second import Wrong, need

LANGS = ('en', 'fa', 'az', 'azb')
COUNTS = ('persons', 'records', 'by every list', 'by any list', 'not heard of for 12 months',
          'confirmed', 'unconfirmed', 'rows', 'rows by initials', 'withheld')


# --- the manifest -----------------------------------------------------------------------

class Lines:
    """KEY: VALUE lines, taken in order."""

    def __init__(self, text):
        need(text.endswith('\n'), 'a manifest without a last line feed')
        self.rest = text[:-1].split('\n')

    def may(self, key):
        if self.rest and self.rest[0].startswith(key + ': '):
            return self.rest.pop(0)[len(key) + 2:]
        return None

    def must(self, key):
        v = self.may(key)
        need(v is not None, 'manifest: no line "%s: "' % key)
        return v

    def words(self, key, most):
        """By language, in their order: the lines of each."""
        found = {}
        for lang in LANGS:
            lines = []
            while True:
                line = self.may('%s %s' % (key, lang))
                if line is None:
                    break
                need(line and len(line.encode()) <= 1000 and clean(line),
                     'manifest: a line of odd text')
                lines.append(line)
            need(len(lines) <= most, 'manifest: too many lines of ' + key)
            if lines:
                found[lang] = lines
        return found


def clean(s):
    return unicodedata.is_normalized('NFC', s) \
        and not any(unicodedata.category(c) in ('Cc', 'Cs', 'Co') for c in s)


def hash_of(hex_digits):
    need(re.fullmatch('[0-9a-f]{64}', hex_digits), 'manifest: not a hash')
    return bytes.fromhex(hex_digits)


def number_of(digits):
    need(re.fullmatch('0|[1-9][0-9]*', digits) and int(digits) < 1 << 32,
         'manifest: not a number')
    return int(digits)


def day_of(s):
    m = re.fullmatch('([0-9]{4})-([0-9]{2})-([0-9]{2})', s)
    need(m and h._claim_ok(1, [int(x) for x in m.groups()]) and int(m[3]), 'not a day')
    return s


def read_annex(lines, n):
    key = 'annex %d' % n
    a = {'title': lines.words(key, 1)}
    a['columns'] = lines.must(key + ' columns').split(', ')
    a['query'] = lines.must(key + ' query')
    a['purpose'] = lines.must(key + ' purpose')
    day_of(lines.must(key + ' counted on'))
    need(lines.must(key + ' counted as'), 'manifest: counted as nothing')
    for name in COUNTS:
        a[name] = number_of(lines.must('%s %s' % (key, name)))
    a['root'] = hash_of(lines.must(key + ' root'))
    need(len(a['columns']) <= 12 and a['purpose'] and a['rows by initials'] <= a['rows'],
         'manifest: an odd annex')
    return a


def manifest_read(text):
    lines, m = Lines(text), {'parties': [], 'texts': {}, 'annexes': []}
    need(lines.rest.pop(0) == 'habeas letter manifest 1', 'not a manifest')
    m['name'] = lines.must('name')
    need(re.fullmatch('[a-z0-9][a-z0-9-]{0,63}', m['name']), 'manifest: an odd name')
    m['date'] = day_of(lines.must('date'))
    m['authentic'] = lines.must('authentic')
    for key, most in (('title', 1), ('place', 1), ('letterhead', 16), ('addressee', 16)):
        m[key] = lines.words(key, most)
    while True:
        key = 'party %d' % (len(m['parties']) + 1)
        root = lines.may(key)
        if root is None:
            break
        h.minisign_key(root)
        need(root not in [p['root'] for p in m['parties']], 'manifest: a party twice')
        m['parties'].append({'root': root, 'name': lines.words(key, 1)})
    for lang in LANGS:
        digits = lines.may('text ' + lang)
        if digits is not None:
            m['texts'][lang] = hash_of(digits)
            need(lang in m['title'], 'manifest: a text without its title')
    while lines.rest:
        m['annexes'].append(read_annex(lines, len(m['annexes']) + 1))
    need(m['parties'] and len(m['parties']) <= 32 and m['authentic'] in m['texts']
         and len(m['annexes']) <= 16, 'manifest: something is missing, or too much')
    return m


# --- annexes ----------------------------------------------------------------------------

def row_read(data, annex, number, columns):
    v = h.decode(data)
    need(h.is_list(v, 7) and h.is_bytes(v[0], 32) and v[1:3] == [annex, number]
         and h.is_bytes(v[3], 32)
         and h.is_list(v[4], columns)
         and all(isinstance(c, str) and len(c.encode()) <= 4096 for c in v[4])
         and type(v[5]) is bool and type(v[6]) is bool, 'annex %d: row %d is odd' % (annex, number))
    return {'link': v[3], 'cells': v[4], 'named': v[5], 'confirmed': v[6]}


def annex_check(rows, fixed, annex):
    """The rows by number; None: left out.  All of them lead to the manifest's root."""
    need(h.is_list(rows, fixed['rows']) and all(isinstance(r, bytes) for r in rows),
         'annex %d: not its rows' % annex)
    ret, leaves = [], []
    for number, r in enumerate(rows, 1):
        left_out = len(r) == 32
        leaves.append(r if left_out else h.leaf_hash(r))
        ret.append(None if left_out else row_read(r, annex, number, len(fixed['columns'])))
    need(h.tree_head(leaves) == fixed['root'], 'annex %d: rows that were not fixed' % annex)
    reduced = sum(r is not None and not r['named'] for r in ret)
    need(reduced <= fixed['rows by initials'] and (None in ret
         or reduced == fixed['rows by initials']), 'annex %d: other initials' % annex)
    return ret


def annex_csv_check(data, rows, fixed):
    table = list(csv.reader(io.StringIO(data.decode('utf-8'), newline='')))
    need(table[0] == ['row'] + fixed['columns'] + ['shown by', 'state'], 'annex CSV: head')
    want = [[str(n)] + r['cells'] + ['name' if r['named'] else 'initials',
                                     'confirmed' if r['confirmed'] else 'unconfirmed']
            for n, r in enumerate(rows, 1) if r]
    # A formula has an apostrophe before it, so that no spreadsheet runs it.
    plain = [[c[1:] if re.match("'[=+@\t\r-]", c) else c for c in row] for row in table[1:]]
    need(plain == want or table[1:] == want, 'annex CSV: other rows')


def texts_check(m, texts):
    need(set(texts) == set(m['texts']), 'texts in other languages')
    for lang in texts:
        need(h.sha256(texts[lang].encode()) == m['texts'][lang], 'text.%s.md differs' % lang)


# --- bundles and adoptions ----------------------------------------------------------------

def bundle_read(data):
    magic = b'habeas letter bundle 1\n'
    need(data.startswith(magic), 'not a letter bundle')
    v = h.decode(data[len(magic):])
    need(isinstance(v, dict) and sorted(v) == [0, 1, 2] and isinstance(v[0], str)
         and h.is_list(v[1]) and h.is_list(v[2]), 'a bundle of odd shape')
    m = manifest_read(v[0])
    need([t[0] for t in v[1]] == [l for l in LANGS if l in m['texts']], 'texts out of order')
    texts = dict(v[1])
    texts_check(m, texts)
    need(len(v[2]) == len(m['annexes']), 'a bundle with other annexes')
    return v[0], m, texts, [annex_check(rows, m['annexes'][i], i + 1)
                            for i, rows in enumerate(v[2])]


SECTIONS = ('certificate', 'certificate.minisig', 'manifest.minisig', 'adoption.tlog-proof')


def adoption_read(text, m, manifest_text):
    """The four texts of an adoption file of this letter."""
    head = 'habeas adoption 1\nletter: %s\nmanifest: %s\n' % (
        m['name'], h.sha256(manifest_text.encode()).hex())
    need(text.startswith(head), 'not an adoption of this letter')
    parts = re.split('^--- (.*)\n', text[len(head):], flags=re.M)
    need(parts[0] == '' and tuple(parts[1::2]) == SECTIONS + ('end',) and parts[-1] == '',
         'an adoption of odd sections')
    return dict(zip(SECTIONS, parts[2::2]))


def adoption_check(x, m, manifest_text):
    """(party's number, certificate, day): everything but whether the root is trusted."""
    c = h.certificate_check(x['certificate'], x['certificate.minisig'])
    roots = [p['root'] for p in m['parties']]
    need(c['root'] in roots, 'an adoption by nobody who was asked')
    need('adopt' in c['rights'].split(' '), 'a node that may not adopt')
    comment = h.minisign_check(c['adopt'], manifest_text.encode(), x['manifest.minisig'])
    head = 'habeas adoption of %s by %s on ' % (m['name'], c['organisation'])
    need(comment.startswith(head), 'a signature with another comment')
    day = day_of(comment[len(head):])
    _, _, _, shown = h.proof_check(x['adoption.tlog-proof'], c['log'])
    need(shown == {0: 17, 8: h.sha256(manifest_text.encode()), 9: c['organisation'],
                   10: x['manifest.minisig']}, 'a record of something else')
    return roots.index(c['root']) + 1, c, day


def trust_read(text):
    roots = {}
    for line in text.split('\n'):
        line = line.strip(' \t\r')
        if not line or line.startswith('#'):
            continue
        cells = [c.strip() for c in line.split('|')]
        need(len(cells) == 4 and cells[1] and cells[3] and re.match('confirmed by .', cells[2]),
             'a trust file with an odd line')
        h.minisign_key(cells[0])
        need(cells[0] not in roots, 'a root key twice')
        roots[cells[0]] = (cells[1], cells[2][len('confirmed by '):], cells[3])
    return roots


# --- the files of a rendering -----------------------------------------------------------------

def expected_names(m, names):
    ret = ['manifest.txt'] + ['text.%s.md' % l for l in LANGS if l in m['texts']]
    for n in range(1, len(m['annexes']) + 1):
        ret += ['annex-%d.cbor' % n, 'annex-%d.csv' % n]
    for k in range(1, len(m['parties']) + 1):
        if 'certificate-%d.txt' % k in names:
            ret += ['certificate-%d.txt' % k, 'certificate-%d.txt.minisig' % k,
                    'manifest.%d.minisig' % k, 'proof-%d.tlog-proof' % k]
    return ret + ['rendering-node.txt', 'rendering-node.txt.minisig', 'note.txt']


FILES = (
    ('manifest.txt', 'text/plain',
     'What the organisations adopted: it fixes texts and annexes by their hashes'),
    ('text.L.md', 'text/markdown', 'The text in the language L'),
    ('annex-N.cbor', 'application/cbor', 'Rows of annex N as they were fixed'),
    ('annex-N.csv', 'text/csv', 'The same rows, for reading'),
    ('certificate-N.txt', 'text/plain', 'What the root key of party N certifies'),
    ('certificate-N.txt.minisig', 'text/plain', "Signature of party N's root key over it"),
    ('manifest.N.minisig', 'text/plain', 'Signature of party N over manifest.txt'),
    ('proof-N.tlog-proof', 'text/plain',
     'Proof that this adoption stands in the log of party N'),
    ('rendering-node.txt', 'text/plain', 'Certificate of the node that made this file'),
    ('rendering-node.txt.minisig', 'text/plain',
     "Signature of its organisation's root key over it"),
)


def described(name):
    """Type and description of a file by its name."""
    for pattern, mime, words in FILES:
        m = re.fullmatch(re.escape(pattern).replace('N', '([0-9]+)')
                         .replace('text\\.L', 'text\\.([a-z]+)'), name)
        if m:
            one = m[1] if m.groups() else ''
            words = re.sub(r'\bN\b', one, re.sub(r'\bL$', one, words))
            return mime.replace('/', '#2F'), words
    raise Wrong('a file that a letter does not have')


RENDERING = re.compile('(habeas/[0-9a-f]{16})\nhabeas rendering 1\ncovers: ([0-9]+)\n'
                       'sha256: ([0-9a-f]{64})\nmanifest: ([0-9a-f]{64})\n'
                       'language: (en|fa|az|azb)\ndocument: ([0-9a-f]{64})\nengine: ([^\n]*)\n')


def letter_check(pdf, files):
    """files: name -> bytes, as any PDF program takes them out.  What can be said of it."""
    text = {n: files[n].decode('utf-8') for n in files if not n.endswith('.cbor')}
    need('manifest.txt' in text, 'no manifest')
    manifest_text = text['manifest.txt']
    m = manifest_read(manifest_text)
    need(sorted(files) == sorted(expected_names(m, files)), 'other files than a letter has')
    texts_check(m, {l: text['text.%s.md' % l] for l in m['texts']})
    annexes = []
    for n, fixed in enumerate(m['annexes'], 1):
        annexes.append(annex_check(h.decode(files['annex-%d.cbor' % n]), fixed, n))
        annex_csv_check(files['annex-%d.csv' % n], annexes[-1], fixed)
    adopted = []
    for k in range(1, len(m['parties']) + 1):
        if 'certificate-%d.txt' % k not in text:
            continue
        x = dict(zip(SECTIONS, (text['certificate-%d.txt' % k],
                                text['certificate-%d.txt.minisig' % k],
                                text['manifest.%d.minisig' % k],
                                text['proof-%d.tlog-proof' % k])))
        party, c, day = adoption_check(x, m, manifest_text)
        need(party == k, 'an adoption under the number of another')
        adopted.append((c['root'], c['organisation'], day))
    return {'manifest': m, 'annexes': annexes, 'adopted': adopted,
            'maker': note_check(pdf, text, manifest_text)}


def note_check(pdf, text, manifest_text):
    """The certificate of the node that signed every byte before the note."""
    c = h.certificate_check(text['rendering-node.txt'], text['rendering-node.txt.minisig'])
    note, signatures = h.note_check(text['note.txt'], c['log'])
    r = RENDERING.fullmatch(note)
    need(r and signatures == 1, 'not the note of a rendering')
    covered = pdf[:int(r[2])]
    need(len(covered) == int(r[2]) and hashlib.sha256(covered).hexdigest() == r[3],
         'the file is not as it was made')
    need(r[1] == h.verifier_key(c['log'])[0]
         and r[4] == h.sha256(manifest_text.encode()).hex(), 'the note of another letter')
    parts = pdf_parts(pdf)
    need(len(parts['covered']) == int(r[2]) and parts['lang'] == r[5],
         'the note covers something else')
    need([f[1] for f in parts['files']] == expected_names(
        manifest_read(manifest_text), text)[:-1], 'files out of order')
    for f in parts['files']:
        need(f[2:4] == described(f[1]), f[1] + ': another type or description')
    return c


# --- the layout of the PDF -----------------------------------------------------------------------

OBJECT = re.compile(rb'(\d+) 0 obj\n<< /Type /EmbeddedFile\n   /Subtype /([^\n]*)\n   /Params '
                    rb'<< /Size (\d+) >>\n   /Length (\d+)\n>>\nstream\n')
SPEC = re.compile(rb'\nendstream\nendobj\n(\d+) 0 obj\n<< /Type /Filespec\n   /F \(([^)]*)\)\n'
                  rb'   /UF \([^)]*\)\n   /Desc <(FEFF[0-9A-F]*)>\n[^>]*>>\n>>\nendobj\n')


def last_of(pattern, data, what):
    found = re.findall(pattern, data)
    need(found, 'a PDF without ' + what)
    return found[-1]


def update_read(pdf, at, end):
    """The files of the update pdf[at:end]: [(object, name, type, description, bytes)]."""
    ret = []
    while True:
        m = OBJECT.match(pdf, at, end)
        if not m:
            break
        data = pdf[m.end():m.end() + int(m[4])]
        s = SPEC.match(pdf, m.end() + len(data), end)
        need(s and m[3] == m[4] and int(s[1]) == int(m[1]) + 1, 'a PDF with an odd file')
        ret.append((int(m[1]), s[2].decode(), m[2].decode(),
                    bytes.fromhex(s[3].decode())[2:].decode('utf-16-be'), data))
        at = s.end()
    return ret


def escaped(mime):
    return mime.replace('/', '#2F')


def update_write(before, files, earlier, info):
    """The update that adds these files to the bytes before it."""
    out, offsets = bytearray(), []

    def obj(text):
        offsets.append(len(before) + len(out))
        out.extend(text)

    for n, name, mime, description, data in files:
        obj(b'%d 0 obj\n<< /Type /EmbeddedFile\n   /Subtype /%s\n   /Params << /Size %d >>\n'
            b'   /Length %d\n>>\nstream\n' % (n, mime.encode(), len(data), len(data))
            + data + b'\nendstream\nendobj\n')
        obj(b'%d 0 obj\n<< /Type /Filespec\n   /F (%s)\n   /UF (%s)\n   /Desc <%s>\n'
            b'   /AFRelationship /Data\n   /EF << /F %d 0 R /UF %d 0 R >>\n>>\nendobj\n'
            % (n + 1, name.encode(), name.encode(),
               b'FEFF' + description.encode('utf-16-be').hex().upper().encode(), n, n))
    every = earlier + files
    obj(b'%d 0 obj\n<< /Type /Catalog\n%s   /Lang (%s)\n   /ViewerPreferences << '
        b'/DisplayDocTitle true /Direction /%s >>\n   /Names << /EmbeddedFiles << /Names [\n%s'
        b'   ] >> >>\n   /AF [\n%s   ]\n>>\nendobj\n'
        % (info['root'], info['lines'], info['lang'].encode(), info['direction'],
           b''.join(b'      (%s) %d 0 R\n' % (f[1].encode(), f[0] + 1)
                    for f in sorted(every, key=lambda f: f[1].encode())),
           b''.join(b'      %d 0 R\n' % (f[0] + 1) for f in every)))
    xref = len(before) + len(out)
    out.extend(b'xref\n%d 1\n%010d 00000 n \n%d %d\n' % (info['root'], offsets[-1],
                                                        files[0][0], len(offsets) - 1))
    out.extend(b''.join(b'%010d 00000 n \n' % o for o in offsets[:-1]))
    out.extend(b'trailer\n<< /Size %d\n   /Root %d 0 R\n   /Info %d 0 R\n   /Prev %d\n'
               b'   /XXhabeasAt %d\n>>\nstartxref\n%d\n%%%%EOF\n'
               % (info['size'] + 2 * len(every), info['root'], info['info'], info['prev'],
                  len(before), xref))
    return bytes(out), xref


def pdf_parts(pdf):
    """The three parts of a letter's PDF, found from its end and written again."""
    covered = pdf[:int(last_of(rb'\n   /XXhabeasAt (\d+)\n', pdf[-2000:], 'a note'))]
    base = covered[:int(last_of(rb'\n   /XXhabeasAt (\d+)\n', covered[-2000:], 'files'))]
    need(base.endswith(b'%%EOF\n') and covered.endswith(b'%%EOF\n'), 'parts of odd ends')
    trailer = base[base.rfind(b'trailer\n'):]
    m = re.fullmatch(rb'trailer\n<< /Size (\d+)\n   /Root (\d+) 0 R\n   /Info (\d+) 0 R\n>>\n'
                     rb'startxref\n(\d+)\n%%EOF\n', trailer)
    need(m, 'pages with an odd trailer')
    info = {'size': int(m[1]), 'root': int(m[2]), 'info': int(m[3]), 'prev': int(m[4])}
    catalog = re.search(rb'\n%d 0 obj\n<< /Type /Catalog\n(.*?)>>\nendobj\n' % info['root'], base,
                        re.S)
    lang = re.search(rb'   /Lang \(([a-z]+)\)\n   /ViewerPreferences << /DisplayDocTitle true '
                     rb'/Direction /(L2R|R2L) >>\n', covered[len(base):])
    need(catalog and lang, 'pages with an odd catalog')
    info.update(lines=catalog[1], lang=lang[1].decode(), direction=lang[2])
    files = update_read(pdf, len(base), len(covered))
    note = update_read(pdf, len(covered), len(pdf))
    need(files and len(note) == 1 and note[0][1:4] == (
        'note.txt', escaped('text/plain'), 'Signs every byte of this file before this note'),
        'an odd note')
    need([f[0] for f in files + note] == [info['size'] + 2 * k for k in
                                          range(len(files) + 1)], 'objects of odd numbers')
    again, xref = update_write(base, files, [], info)
    need(base + again == covered, 'files that are not attached as they should be')
    info['prev'] = xref
    need(covered + update_write(covered, note, files, info)[0] == pdf,
         'a note that is not attached as it should be')
    return {'base': base, 'covered': covered, 'lang': info['lang'], 'files': files,
            'note': note[0][4]}
