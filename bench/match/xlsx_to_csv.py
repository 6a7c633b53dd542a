#!/usr/bin/env python3
"""First sheet of an XLSX file as CSV on stdout: for the benchmark, which reads CSV."""
import csv, datetime, re, sys, zipfile
import xml.etree.ElementTree as ET

N = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
z = zipfile.ZipFile(sys.argv[1])
texts = ["".join(t.text or "" for t in si.iter(N + "t"))
         for si in ET.fromstring(z.read("xl/sharedStrings.xml")).iter(N + "si")] \
    if "xl/sharedStrings.xml" in z.namelist() else []
out = csv.writer(sys.stdout)
width = 0
head = {}


def plain(col, v):
    """Serial days of the 1900 system under the headings that hold dates."""
    if re.search(r"Date|( on$)", head.get(col, "")) and v.isdigit() and int(v) > 9999:
        return str(datetime.date(1899, 12, 30) + datetime.timedelta(int(v)))
    return v


for row in ET.fromstring(z.read("xl/worksheets/sheet1.xml")).iter(N + "row"):
    cells = {}
    for c in row.iter(N + "c"):
        v, col = c.find(N + "v"), 0
        for letter in re.match(r"[A-Z]+", c.get("r")).group():
            col = col * 26 + ord(letter) - 64
        if c.get("t") == "inlineStr":
            cells[col] = "".join(t.text or "" for t in c.iter(N + "t"))
        elif v is not None:
            cells[col] = texts[int(v.text)] if c.get("t") == "s" else plain(col, v.text)
    head = head or cells
    width = max(width, max(cells, default=0))
    out.writerow([cells.get(i, "") for i in range(1, width + 1)])
