"""habeas toll against tables made to harm or to mislead.  Arguments: the program, how
many mutated files are tried.  Every run ends with exit 0 and JSON without NaN, or exit 2
and one line on stderr, in time.  A seed decides on the mutations."""
import csv, io, json, os, random, re, shutil, subprocess, sys

program, runs = sys.argv[1], int(sys.argv[2])
failures = 0


def tell(good, name, detail=''):
    global failures
    failures += not good
    print(('ok ' if good else 'not ok ') + name)
    if not good:
        print('    ' + str(detail)[:600])


def refuse(constant):
    raise ValueError(constant)


class Run:
    def __init__(self, *args, stdin=subprocess.DEVNULL, seconds=120):
        try:
            p = subprocess.run([program, 'toll', *args], stdin=stdin, capture_output=True, timeout=seconds)
        except subprocess.TimeoutExpired:
            self.code, self.out, self.err, self.wrong, self.json = None, '', '', 'not in time', None
            return
        self.code, self.json, self.wrong = p.returncode, None, ''
        self.out, self.err = p.stdout.decode('utf-8', 'replace'), p.stderr.decode('utf-8', 'replace')
        if self.code == 0:
            self.wrong = 'words on stderr: ' + self.err if self.err else ''
            try:
                if '--json' in args:
                    self.json = json.loads(p.stdout.decode('utf-8'), parse_constant=refuse)
                elif re.search(r'\s-?(nan|inf)\s*$', self.out, re.M) or re.search('[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]', self.out):
                    self.wrong = 'NaN or a control character: ' + self.out
            except ValueError as e:
                self.wrong = 'no JSON: %r' % e
        elif self.code != 2 or not re.fullmatch('habeas: [^\n\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+\n', self.err):
            self.wrong = 'exit %s, %r' % (self.code, self.err)


def put(name, data):
    with open(name, 'wb') as f:
        f.write(data)
    return name


exact = ['--method', 'loglinear,graphs', '--replicates', '100']
cells = [(b'1,0,0', 60), (b'0,1,0', 50), (b'0,0,1', 55), (b'1,1,0', 20), (b'1,0,1', 22), (b'0,1,1', 18), (b'1,1,1', 9)]
counts = b'a,b,c,count\n' + b''.join(b'%s,%d\n' % c for c in cells)
random.seed(20200327)
deaths = b'year,quarter,deaths\n' + b''.join(b'%d,%d,%d\n' % (y, q, 1000 + random.randrange(90))
    for y in range(2015, 2021) for q in range(1, 5))


def edit(data, *pairs):
    for a, b in pairs:
        assert a in data
        data = data.replace(a, b)
    return data


# ---- What is refused, and with which words ------------------------------------------------
for name, data, why in [
    ('empty', b'', 'no row'), ('header', b'a,b,c,count\n', 'has no rows'), ('one-list', b'a,count\n1,3\n', 'two of them'),
    ('negative', edit(counts, (b',50', b',-50')), 'row 3, column "count": "-50"'),
    ('decimals', edit(counts, (b',50', b',50.5')), 'whole number'), ('exponent', edit(counts, (b',50', b',5e1')), 'whole number'),
    ('2^63', edit(counts, (b',50', b',9223372036854775808')), 'whole number'),
    ('2^53', edit(counts, (b',50', b',9007199254740992')), '2\\^53'),
    ('no-count', edit(counts, (b',50', b',')), 'row 3, column "count"'), ('nul', edit(counts, (b',50', b',5\0')), '0x00'),
    ('a cell of -1', edit(counts, (b'1,1,1', b'-1,1,1')), 'row 8, column "a": "-1"; 0 or 1'),
    ('yes', b'a,b,count\nyes,no,5\nno,yes,4\n', 'two of them'), ('nobody', b'a,b,c,count\n1,0,0,0\n', 'nobody is on any'),
    ('all on one list', b'a,b,c,count\n1,0,0,30\n', 'all people are on one list, "a"'),
    ('a heading twice', edit(counts, (b'a,b,c', b'a,b,A')), 'columns 1 and 3 are both called "A"'),
    ('two counts', b'a,b,count,count\n1,0,5,6\n1,1,2,3\n', 'both called "count"'),
    ('no heading', edit(counts, (b'a,b,c', b'a,,c')), 'column 2 has no heading'),
    ('wide', b','.join(b'l%d' % i for i in range(10000)) + b'\n', 'columns'),
    ('64 lists', b','.join(b'l%d' % i for i in range(64)) + b'\n' + b','.join([b'1'] * 64) + b'\n', '63 lists'),
]:
    r = Run('mse', put('refused.csv', data), *exact, '--json')
    tell(r.code == 2 and not r.wrong and re.search(why, r.err), 'mse refuses: ' + name, r.wrong or (r.code, r.err))
for name, data, why in [
    ('negative', edit(deaths, (b'2015,2,', b'2015,2,-')), 'no number of deaths'), ('header', b'year,quarter,deaths\n', 'has no rows'),
    ('a fifth quarter', edit(deaths, (b'2015,4,', b'2015,5,')), 'from 1 to 4'), ('one row', b'year,quarter,deaths\n2020,1,5\n', 'baseline'),
    ('a heading twice', edit(deaths, (b'deaths', b'deaths,Deaths')), 'both called'),
]:
    r = Run('excess', put('refused.csv', data), '--json')
    tell(r.code == 2 and not r.wrong and re.search(why, r.err), 'excess refuses: ' + name, r.wrong or (r.code, r.err))
os.mkfifo('pipe')
os.mkdir('directory')
put('secret.csv', counts)
os.chmod('secret.csv', 0)
for name in ['directory', '/dev/null', 'absent.csv'] + (['secret.csv'] if os.getuid() else []):
    for command in ('mse', 'excess'):
        r = Run(command, name)
        tell(r.code in (2, 3) and re.fullmatch('habeas: .+\n', r.err), '%s of %s is refused in one line' % (command, name), (r.code, r.err))
writer = subprocess.Popen(['sh', '-c', 'printf "a,b\\n" >pipe'])
r = Run('mse', 'pipe', seconds=20)
tell(r.code in (2, 3), 'a pipe is read or refused, and nobody waits', (r.code, r.wrong))
writer.kill()
writer.wait()

# ---- Equal numbers, however the table is written ------------------------------------------


def numbers(*args):
    r = Run('mse', *args, '--json')
    if r.wrong or r.code:
        return r.wrong or r.err
    return [(m['method'], *('%.10g' % m[k] if m[k] is not None else None for k in ('estimate', 'lower', 'upper')), m['withheld'])
        for m in r.json['methods']]


every = ['--method', 'loglinear,stepwise,graphs', '--replicates', '100']
base = numbers(put('base.csv', counts), *every)
split = b'a,b,c,count\n' + b''.join(b'%s,%d\n%s,%d\n' % (c, n // 2, c, n - n // 2) for c, n in cells)
other = b'count,z,x,y\n' + b''.join(b'%d,%s\n' % (n, b','.join((c.split(b',')[k] for k in (2, 0, 1)))) for c, n in reversed(cells))
for name, data in [
    ('a history in two rows', split), ('a row of nobody', counts + b'1,1,0,0\n0,0,0,0\n'),
    ('lists renamed and in another order, rows too', other), ('semicolons', counts.replace(b',', b';')),
    ('tabs, CRLF', counts.replace(b',', b'\t').replace(b'\n', b'\r\n')), ('a byte order mark', b'\xef\xbb\xbf' + counts),
    ('UTF-16', counts.decode().encode('utf-16')), ('Persian digits', counts.decode().translate(str.maketrans('0123456789', '۰۱۲۳۴۵۶۷۸۹')).encode()),
    ('empty cells for 0', re.sub(rb'\b0,', b',', counts)), ('a list that nobody is on', re.sub(rb'(?m)^(\d,\d,\d),', rb'\1,0,', counts).replace(b'c,', b'c,d,')),
]:
    again = numbers(put('again.csv', data), *every)
    tell(again == base, 'equal numbers: ' + name, (again, base))
r, text = Run('mse', 'base.csv', *every, '--json'), Run('mse', 'base.csv', *every)
tell(not text.wrong and all('{:,}'.format(int(m['estimate'] + .5)) in text.out for m in r.json['methods'] if m['estimate'] and m['method'] != 'chao'),
    'the text says what the JSON says', text.wrong or text.out)
receipt = r.json['receipt']
again = Run('mse', 'base.csv', '--json', '--seed', receipt['seed'], *receipt['options'].split())
tell(again.out == r.out, 'asked again with its receipt a file gives the same bytes', again.err)
tell('Asked with: ' + receipt['options'] in text.out, 'the report shows what was asked for', text.out[-300:])
r2 = Run('mse', put('other.csv', counts.replace(b',9\n', b',10\n')), *every, '--json')
tell(r2.json['receipt']['data_sha256'] != receipt['data_sha256'], 'another file has another receipt')

# ---- What is withheld stands nowhere else --------------------------------------------------


def sort_numbers(j, hidden, out):
    if isinstance(j, dict):
        for k, v in j.items():
            sort_numbers(v, hidden or k == 'not_for_publication', out)
    elif isinstance(j, list):
        for v in j:
            sort_numbers(v, hidden, out)
    elif isinstance(j, (int, float)) and not isinstance(j, bool):
        out[hidden].add(round(float(j), 6))


def csv_numbers(directory):
    for name in os.listdir(directory):
        if name.endswith('.csv'):
            for row in csv.reader(open(directory + '/' + name, newline='', encoding='utf-8-sig')):
                for cell in row:
                    if re.fullmatch(r'-?\d+\.\d+', cell):
                        yield name, float(cell)


lone = b'a,b,c,d,count\n1,0,0,0,31\n0,1,0,0,33\n1,1,0,0,10\n0,0,1,0,22\n1,0,1,0,9\n0,1,1,0,8\n0,0,0,1,15\n'
shutil.rmtree('o', ignore_errors=True)
Run('mse', 'base.csv', '--method', 'latent,loglinear', '--replicates', '100', '-o', 'o')
before = set(os.listdir('o'))
r = Run('mse', put('lone.csv', lone), '--replicates', '100', '--json', '-o', 'o')
families = {m['family'] for m in r.json['methods']} if r.json else r.wrong
tell(families == {'bound', 'log-linear', 'graphs', 'latent classes', 'spread'}, 'each method says its family', families)
sets = {False: set(), True: set()}
sort_numbers(r.json, False, sets)
secret = {v for v in sets[True] if v > 98 and v != round(v)}
tell(len(secret) > 20 and all(m['withheld'] for m in r.json['methods'] if m['role'] == 'estimate'),
    'there is something to hide', r.json['methods'])
tell(not secret & sets[False], 'no withheld number is elsewhere in the JSON', secret & sets[False])
shown = [(f, v) for f, v in csv_numbers('o') if any(abs(v - s) < .006 for s in secret)]
tell(not shown, 'no table has one', shown)
tell('trace.csv' in before and 'trace.png' in before and not os.path.exists('o/trace.csv') and not os.path.exists('o/trace.png'),
    'a withheld sampler leaves no trace, an older one neither', os.listdir('o'))
tell(os.path.exists('o/ranks.png'), 'ranks tell whether chains agree')
# Of two lists nothing is said; the curve with nothing else assumed stays, and is alone.
for method in ('loglinear', 'chao'):
    Run('mse', 'base.csv', '--lists', 'a,b', '--method', method, '--replicates', '100', '-o', 'o-' + method)
curves = [open(d + '/xi.png', 'rb').read() if os.path.exists(d + '/xi.png') else b'' for d in ('o-loglinear', 'o-chao')]
tell(curves[0] and curves[0] == curves[1], 'the chart of xi has no curve of a withheld model', [len(c) for c in curves])
text = Run('mse', 'lone.csv', '--replicates', '100').out
leaks = [v for v in secret if re.search(r'(?<![\d,.])%s(?![\d,])' % '{:,}'.format(int(v + .5)), text) and int(v + .5) > 999]
tell(not leaks, 'the text has none', leaks)

# ---- Where to write -------------------------------------------------------------------------
put('afile', b'')
r = Run('mse', 'base.csv', *exact, '-o', 'afile')
tell(r.code == 2 and not r.wrong, '-o of a file is refused', r.wrong or r.err)
if os.path.exists('/dev/full') and os.getuid():
    os.mkdir('shut', 0o500)
    r = Run('mse', 'base.csv', *exact, '-o', 'shut')
    tell(r.code == 3 and not os.listdir('shut'), '-o of a directory that is shut', (r.code, r.err))

# ---- Mutated tables --------------------------------------------------------------------------
words = [b'', b'0', b'1', b'-1', b'2', b'1e9', b'1000000000', b'9223372036854775808', b'9007199254740991', b'0.5', b'1.0', b'.',
    '۱'.encode(), '٣'.encode(), b'yes', b'NA', b'nan', b'inf', b'"', b'""', b'"1"', b'\0', b'\xff', b'\xef\xbb\xbf', b'\x1b[2J', '\u202e'.encode(),
    b'<b>', b'=1+1', b'a', b'count', b'linkage', b'year', b'deaths', b' ', b'53', b'2020', b'x' * 300, b'1,1', b'\r', b'\n', b';', b'\t']


def mutate(data, rng):
    for _ in range(rng.randrange(1, 5)):
        rows = data.split(b'\n')
        i = rng.randrange(len(rows))
        kind = rng.randrange(7)
        if kind < 3:
            row = rows[i].split(b',')
            row[rng.randrange(len(row))] = rng.choice(words)
            rows[i] = b','.join(row)
        elif kind == 3:
            rows.insert(i, rng.choice(rows))
        elif kind == 4 and len(rows) > 1:
            del rows[i]
        elif kind == 5:
            c = rng.randrange(6)
            rows = [b','.join(x for k, x in enumerate(w.split(b',')) if k != c) for w in rows]
        else:
            at = rng.randrange(len(data) + 1)
            rows = (data[:at] + rng.choice(words) + data[at + rng.randrange(3):]).split(b'\n')
        data = b'\n'.join(rows)
    return data


drawn = b'linkage,a,b,c,count\n' + b''.join(b'%d,%s,%d\n' % (l, c, n + l * (i == 0)) for l in range(3) for i, (c, n) in enumerate(cells))
strata = b's,a,b,c,count\n' + b''.join(b'%s,%s,%d\n' % (s, c, n) for s in (b'x', b'y') for c, n in cells)
quick = ['--method', 'loglinear,graphs,stepwise', '--replicates', '100']
kinds = [('mse', counts, quick), ('mse', strata, quick + ['--strata', 's']), ('mse', drawn, quick),
    ('mse', strata, ['--method', 'chao']), ('excess', deaths, []), ('excess', deaths.replace(b'quarter', b'time'), ['--flat']),
    ('excess', b'country,' + deaths.replace(b'\n2', b'\nX,2'), ['--exclude', '2018']),
    ('mse', counts, ['--method', 'chao', '--lists', 'a,b'])]
rng = random.Random(4)
bad, seen = [], {}
for i in range(runs):
    command, data, options = kinds[i % len(kinds)]
    put('mutant.csv', mutate(data, rng))
    r = Run(command, 'mutant.csv', *options, *(['--json'] if rng.randrange(3) else []))
    seen[r.code] = seen.get(r.code, 0) + 1
    if r.wrong:
        bad.append((i, r.wrong))
        shutil.copy('mutant.csv', 'wrong-%d.csv' % i)
tell(not bad and seen.get(0, 0) > runs // 10 and seen.get(2, 0) > runs // 10, '%d mutated tables, answered or refused %s' % (runs, seen), bad[:5])

big = put('big.csv', b'a,b,c\n' + b'1,0,0\n0,1,0\n0,0,1\n1,1,0\n1,0,1\n0,1,1\n1,1,1\n1,0,0\n' * 125000)
r = Run('mse', big, '--method', 'loglinear', '--replicates', '100', '--json', seconds=60)
tell(not r.wrong and r.json and r.json['n'] == 1000000, 'a million rows', r.wrong or r.err)
sys.exit(failures > 0)
