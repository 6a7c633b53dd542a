#!/usr/bin/env python3
"""csv_to_ods.py FILE.csv FILE.ods: the same table as LibreOffice would save it, every
cell as text, equal cells beside each other as one that is repeated."""
import csv
import itertools
import sys
import zipfile
from xml.sax.saxutils import escape

NS = "urn:oasis:names:tc:opendocument:xmlns:"
TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def cell(text, times):
    more = f' table:number-columns-repeated="{times}"' if times > 1 else ""
    if not text:
        return f"<table:table-cell{more}/>"
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell office:value-type="string"{more}>{lines}</table:table-cell>'


with open(sys.argv[1], encoding="utf-8-sig", newline="") as f:
    dialect = csv.Sniffer().sniff(f.readline(), ",;\t")
    f.seek(0)
    rows = list(csv.reader(f, dialect))
table = "".join("<table:table-row>" + "".join(
    cell(text, len(list(same))) for text, same in itertools.groupby(row))
    + "</table:table-row>" for row in rows)
with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr(zipfile.ZipInfo("mimetype"), TYPE)
    z.writestr("content.xml", '<?xml version="1.0" encoding="UTF-8"?>'
               f'<office:document-content xmlns:office="{NS}office:1.0" '
               f'xmlns:table="{NS}table:1.0" xmlns:text="{NS}text:1.0"><office:body>'
               f'<office:spreadsheet><table:table table:name="List">{table}'
               '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
               'table:number-columns-repeated="16384"/></table:table-row></table:table>'
               "</office:spreadsheet></office:body></office:document-content>")
    z.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{NS}manifest:1.0"/>')
