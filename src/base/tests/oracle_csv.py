"""Python writes tables in many dialects and encodings; ours must read them alike.

usage: oracle_csv.py TABLE_JSON_PROGRAM [FILE.csv ...]
Named files are read by both and compared.
"""
import csv
import io
import json
import random
import subprocess
import sys
import tempfile

program, files = sys.argv[1], sys.argv[2:]
rng = random.Random(2020)

LATIN = "Əliyev Şahin Qaradağlı Aytən İsmayıl Çingiz Nərgiz Ülviyyə".split()
CYRILLIC = "Айнур Гулиева Шахин".split()
# Only letters that windows-1256 has: it knows no Farsi yeh.
PERSIAN = "علي كاظم گل پروانه چنگيز ژاله نام\u200cآور مهدي قره داغلي رضا حسن پدر کرج".split()
PIECES = ["1398/12/05", "25.12.1970", "1,5", "a;b", 'say "no"', "x\ny", "x\r\ny", "", "'tis",
          "-33.4", "=1+1", "</b>", "a|b", "\u2028" "x", "tab\there"]


def read_by_ours(path):
    p = subprocess.run([program, path], capture_output=True)
    if p.returncode != 0:
        raise SystemExit(f"not ok {path}: {p.stderr.decode()}")
    return json.loads(p.stdout)


def words(encoding):
    if encoding == "cp1256":
        return PERSIAN + [p for p in PIECES if p.isascii()]
    return LATIN + CYRILLIC + PERSIAN + PIECES


def one_table(encoding, delimiter, columns):
    some = words(encoding)
    header = [rng.choice(PERSIAN) + str(i) for i in range(columns)]
    rows = [[rng.choice(some) for _ in header] for _ in range(rng.randrange(3, 60))]
    return [header] + [r if any(r) else ["x"] + r[1:] for r in rows]


count = 0
with tempfile.NamedTemporaryFile(suffix=".csv") as f:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256"):
        for delimiter in ",;\t|":
            for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL):
                table = one_table(encoding, delimiter, rng.randrange(2, 12))
                out = io.StringIO(newline="")
                csv.writer(out, delimiter=delimiter, quoting=quoting,
                           lineterminator=rng.choice(["\n", "\r\n"])).writerows(table)
                f.seek(0)
                f.truncate()
                f.write(out.getvalue().encode(encoding))
                f.flush()
                got = read_by_ours(f.name)
                if got != table:
                    bad = next((a, b) for a, b in zip(got, table) if a != b)
                    raise SystemExit(f"not ok {encoding} {delimiter!r}: ours {bad[0]}, Python {bad[1]}")
                count += 1
for path in files:
    with open(path, encoding="utf-8-sig", newline="") as g:
        theirs = [r for r in csv.reader(g) if r]
    ours = read_by_ours(path)
    if ours != theirs:
        raise SystemExit(f"not ok {path}: {len(ours)} rows, Python {len(theirs)}")
    count += 1
print(f"ok {count} tables read as Python reads them")
