#!/usr/bin/env python3
"""Workbooks made by hand, well-formed, odd and hostile, given to habeas-sheet.

Usage: attacks.py HABEAS-SHEET
Each case: exit code 0 and the cells, or exit code 2, nothing on stdout, and one line
on stderr that holds the words given.  Nothing may end by a signal.  Prints "ok NAME" or
"not ok NAME" lines.
"""
import struct
import sys
import zipfile

sys.dont_write_bytecode = True
from common import accepted, finish, one_line, pack, refused, report, run  # noqa: E402

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def rels(*items):
    return HEAD + f'<Relationships xmlns="{PACKAGE}">' + "".join(
        f'<Relationship Id="{i}" Type="{REL}/{t}" Target="{to}"{more}/>'
        for i, t, to, more in items) + "</Relationships>"


def sheet(rows, after=""):
    return (HEAD + f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}'
            "</worksheet>")


def cell(text, ref=""):
    ref = f' r="{ref}"' if ref else ""
    return f'<c{ref} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def parts(**changed):
    """The parts of a small workbook; a keyword replaces one, None leaves it out."""
    p = {
        "types": ("[Content_Types].xml", HEAD + "<Types/>"),
        "root": ("_rels/.rels", rels(("r1", "officeDocument", "xl/workbook.xml", ""))),
        "book": ("xl/workbook.xml", HEAD + f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">'
                 '<sheets><sheet name="List" sheetId="1" r:id="r1"/></sheets></workbook>'),
        "bookrels": ("xl/_rels/workbook.xml.rels", rels(
            ("r1", "worksheet", "worksheets/sheet1.xml", ""),
            ("r2", "styles", "styles.xml", ""),
            ("r3", "sharedStrings", "sharedStrings.xml", ""))),
        "styles": ("xl/styles.xml", HEAD + f'<styleSheet xmlns="{MAIN}"><numFmts>'
                   '<numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
                   '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
                   '<xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="17"/></cellXfs>'
                   "</styleSheet>"),
        "strings": ("xl/sharedStrings.xml", HEAD + f'<sst xmlns="{MAIN}">'
                    "<si><t>name</t></si><si><r><t>Two </t></r><r><t>runs</t></r>"
                    "<rPh><t>sound</t></rPh></si></sst>"),
        "sheet": ("xl/worksheets/sheet1.xml", sheet(
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
            '<row r="2"><c r="A2" t="s"><v>1</v></c></row>')),
    }
    for key, value in changed.items():
        if value is None:
            del p[key]
        else:
            p[key] = (p[key][0], value)
    return list(p.values())


def one_sheet(rows, **more):
    return pack(parts(sheet=sheet(rows), **more))


plain = [[1, ["name"]], [2, ["Two runs"]]]
good = pack(parts())

# What the format allows, though no common program writes it.
accepted("a plain workbook", good, plain)
accepted("parts that are stored and not deflated", pack(parts(), zipfile.ZIP_STORED), plain)
accepted("parts in another order", pack(parts()[::-1]), plain)
accepted("prefixed elements", pack([(n, d.replace("<", "<x:").replace("<x:/", "</x:")
         .replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")) for n, d in parts()]), plain)
accepted("the strict scheme", pack([(n, d.replace(MAIN, STRICT).replace(
         REL, "http://purl.oclc.org/ooxml/officeDocument/relationships"))
         for n, d in parts()]), plain)
accepted("UTF-16", pack([(n, d.replace('encoding="UTF-8"', 'encoding="UTF-16"')
         .encode("utf-16")) for n, d in parts()]), plain)
accepted("targets from the root", pack(parts(bookrels=rels(
    ("r1", "worksheet", "/xl/worksheets/sheet1.xml", ""),
    ("r3", "sharedStrings", "../xl/./sharedStrings.xml", "")))), plain)
accepted("names in other case", pack([(n.replace("sheet1", "Sheet1"), d) for n, d in parts()]),
         plain)
accepted("no styles, no shared strings", pack(parts(
    styles=None, strings=None, bookrels=rels(("r1", "worksheet", "worksheets/sheet1.xml", "")),
    sheet=sheet("<row>" + cell("a") + "<c><v>5</v></c></row>"))), [[1, ["a", "5"]]])
accepted("rows and cells without references", one_sheet(
    "<row>" + cell("a") + "<c/>" + cell("c") + "</row><row/><row>" + cell("d") + "</row>"),
    [[1, ["a", "", "c"]], [3, ["d"]]])
accepted("every type of cell", one_sheet(
    '<row><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c>'
    '<c t="str"><f>A1</f><v>text</v></c><c t="d"><v>2020-03-27</v></c>'
    '<c s="1"><v>43917</v></c><c s="2"><v>43891</v></c><c><v>1.5E3</v></c>'
    '<c><v>0x10</v></c><c><v>nan</v></c></row>'),
    [[1, ["TRUE", "FALSE", "", "text", "2020-03-27", "2020-03-27", "2020-03", "1500", "0x10",
          "nan"]]])
# Day 0 of the second system is 1904-01-01, 42,455 is 27 March 2020.
accepted("days from 1904", one_sheet(
    '<row><c s="1"><v>0</v></c><c s="1"><v>42455</v></c></row>',
    book=parts()[2][1].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')),
    [[1, ["1904-01-01", "2020-03-27"]]])
accepted("escaped characters", one_sheet("<row>" + cell(
    "a_x000D_b _xD83D__xDE00_ _xD83D_ _x0000_ _xZZZZ_ _x00") + "</row>"),
    [[1, ["a\rb \U0001f600 \ufffd \ufffd _xZZZZ_ _x00"]]])
accepted("phonetic guides are left out", one_sheet(
    '<row><c t="inlineStr"><is><r><t>Two </t></r><r><t>runs</t></r><rPh><t>sound</t></rPh>'
    "</is></c></row>"), [[1, ["Two runs"]]])
accepted("foreign elements are passed over", one_sheet(
    '<row><c><z:v xmlns:z="urn:z"><v>6</v></z:v><v>7</v></c></row>'), [[1, ["7"]]])
accepted("a formatted cell far out is nothing", one_sheet(
    "<row>" + cell("a") + '<c r="XFD1" s="1"/></row>'), [[1, ["a"]]])
accepted("a name that is not ASCII among the parts", pack(
    parts() + [("xl/media/şəkil.png", "x")]), plain)
accepted("a macro workbook's other parts are left alone", pack(
    parts() + [("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" * 64)]), plain)

# Not a workbook at all: said so, with what would be right.
ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
refused("nothing", b"", "the file is empty")
refused("an .xls file", ole, "an old .xls file; save it as .xlsx or CSV")
refused("a locked workbook", ole + "EncryptedPackage".encode("utf-16-le"), "password")
refused("CSV", b"name;age\nA;1\n", "plain text; if it is CSV, name it .csv")
refused("CSV in Persian", "نام;سن\n".encode(), "plain text; if it is CSV")
refused("CSV in Windows-1256", "نام;سن\n".encode("cp1256"), "plain text; if it is CSV")
refused("CSV in UTF-16", "a;b\n".encode("utf-16"), "UTF-16; if it is CSV")
refused("a web page called .xls", b"<html><table><tr><td>x", "web page")
refused("XML of 2003", b'<?xml version="1.0"?><Workbook '
        b'xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML spreadsheet of 2003")
refused("a PDF", b"%PDF-1.7\n", "a PDF")
refused("a picture", b"\x89PNG\r\n\x1a\n", "a picture")
refused("binary", bytes(range(256)) * 10, "not a workbook")
refused("zero bytes", bytes(5000), "not a workbook")
refused("DOCX", pack([("_rels/.rels", rels(("r1", "officeDocument", "word/document.xml", ""))),
        ("word/document.xml", "<x/>")]), ".docx")
refused("XLSB", pack([("_rels/.rels", rels(("r1", "officeDocument", "xl/workbook.bin", ""))),
        ("xl/workbook.bin", b"x")]), ".xlsb")
refused("an archive of something else", pack([("a.txt", "x")]), "without a workbook")
refused("an empty archive", pack([]), "empty archive")

# Damaged.
for key, words in (("root", "without a workbook"), ("book", "without a workbook"),
                   ("bookrels", "xl/_rels/workbook.xml.rels of the workbook is missing"),
                   ("sheet", "xl/worksheets/sheet1.xml of the workbook is missing"),
                   ("strings", "sharedStrings.xml of the workbook is missing"),
                   ("styles", "styles.xml of the workbook is missing")):
    refused(f"without its part {key}", pack(parts(**{key: None})), words)
refused("no sheets", pack(parts(book=HEAD + f'<workbook xmlns="{MAIN}"/>')), "no sheet")
refused("an empty sheet", one_sheet(""), "no visible sheet")
refused("only a hidden sheet", pack(parts(book=parts()[2][1].replace(
    'name="List"', 'name="List" state="veryHidden"'))), "no visible sheet")
refused("XML that breaks off", pack(parts(sheet=parts()[6][1][:-30])), "not XML")
refused("XML that is not UTF-8", pack(parts(sheet=sheet("<row>" + cell("@@") + "</row>")
        .encode().replace(b"@@", b"\xff\xfe"))), "not XML")
refused("an unknown text", one_sheet('<row><c t="s"><v>2</v></c></row>'), "cell A1 refers to")
for v in ("-1", "99999999999999999999", "x", " "):
    refused(f"the text {v!r}", one_sheet(f'<row><c t="s"><v>{v}</v></c></row>'), "refers to")
refused("an unknown style", one_sheet('<row><c s="3"><v>1</v></c></row>'), "the style 3")
refused("an unknown type", one_sheet('<row><c t="qq"><v>1</v></c></row>'), "unknown type qq")
refused("rows in disorder", one_sheet('<row r="2"/><row r="2"/>'), "rows must ascend")
refused("a row beyond the last", one_sheet('<row r="1048577"/>'), "above 1048576")
refused("a row of nobody's number", one_sheet('<row r="18446744073709551617"/>'), "ascend")
for ref in ("A2", "A0", "1A", "", "AAAAA1", "A1048577", "A1B", "é1"):
    refused(f"a cell called {ref!r}", one_sheet(
        f'<row r="1"><c r="{ref}"><v>1</v></c></row>'), "out of place")
refused("cells in disorder", one_sheet('<row><c r="B1"/><c r="A1"/></row>'), "out of place")
refused("a cell beyond the columns", one_sheet('<row><c r="AMK1"><v>1</v></c></row>'),
        "beyond column 1024")
flipped = bytearray(pack(parts(), zipfile.ZIP_STORED))
flipped[flipped.index(b"Two runs"[:4])] ^= 1
refused("a wrong checksum", bytes(flipped), "damaged")

# Hostile.
laughs = ('<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)) + "]>")
for key, at in (("sheet", 6), ("strings", 5), ("styles", 4), ("bookrels", 3), ("book", 2),
                ("root", 1)):
    refused(f"entities in {key}", pack(parts(**{key: parts()[at][1].replace(
        HEAD, HEAD + laughs)})), "document type")
refused("an outside entity", pack(parts(sheet=HEAD + '<!DOCTYPE x [<!ENTITY a SYSTEM '
        '"file:///etc/passwd">]>' + sheet("<row>" + cell("&a;") + "</row>")[len(HEAD):])),
        "document type")
refused("too deep", one_sheet("<x>" * 100 + "</x>" * 100), "64 deep")
refused("a bomb", one_sheet(" " * 40_000_000), "unpacks to more than")
refused("a bomb of texts", pack(parts(strings=HEAD + f'<sst xmlns="{MAIN}">'
        + "<si/>" * 6_000_000 + "</sst>")), "more than")
refused("too many parts", pack(parts() + [(f"x/{i}", "") for i in range(5000)]),
        "more than 4096 parts")
refused("a part twice", pack(parts() + [("XL/Workbook.xml", "<other/>")]), "twice")
refused("a sheet outside", pack(parts(bookrels=rels(
    ("r1", "worksheet", "http://192.0.2.1/sheet.xml", ' TargetMode="External"')))),
    "outside the workbook")
for to in ("../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "..", "", "x" * 5000):
    refused(f"the target {to[:24]!r}", pack(parts(bookrels=rels(
        ("r1", "worksheet", to, "")))), "missing")
refused("a cell of 20 MB", one_sheet("<row>" + cell("x" * 20_000_000) + "</row>"),
        "more than 1048576 bytes")


def declared(data, name, size):
    """The archive with another uncompressed size declared for a part."""
    b = bytearray(data)
    for magic, size_at, name_at in ((b"PK\3\4", 22, 30), (b"PK\1\2", 24, 46)):
        at = -1
        while (at := b.find(magic, at + 1)) >= 0:
            if b[at + name_at:at + name_at + len(name)] == name.encode():
                b[at + size_at:at + size_at + 4] = struct.pack("<I", size)
    return bytes(b)


name = "xl/worksheets/sheet1.xml"
refused("a part that says it has 1 GB", declared(good, name, 1 << 30), "damaged")
refused("a part that says it has 4 GB", declared(good, name, 0xffffffff), "damaged")
refused("a part that says it has 10 bytes", declared(good, name, 10), "")
refused("a cell of 1 GB declared", declared(one_sheet(
    "<row>" + cell("x" * 3_000_000) + "</row>"), name, 1 << 30), "more than 1048576 bytes")
locked = bytearray(good)
for magic, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
    start = -1
    while (start := locked.find(magic, start + 1)) >= 0:
        locked[start + at] |= 1
refused("locked parts", bytes(locked), "password")
refused("shared texts multiplied", pack(parts(
    strings=HEAD + f'<sst xmlns="{MAIN}"><si><t>{"x" * 1_000_000}</t></si></sst>',
    sheet=sheet("<row>" + '<c t="s"><v>0</v></c>' * 300 + "</row>"))), "MiB of text")
refused("shared texts multiplied over rows", pack(parts(
    strings=HEAD + f'<sst xmlns="{MAIN}"><si><t>{"x" * 1_000_000}</t></si></sst>',
    sheet=sheet('<row><c t="s"><v>0</v></c></row>' * 300))), "MiB of text")
refused("more than 64 MiB", b"PK\3\4" + bytes(65 << 20), "larger than 67108864 bytes")
refused("no such sheet", good, "there is no sheet X; there are: List", "--sheet", "X")
refused("an unknown option", good, "usage", "--help")

# Cut anywhere, changed anywhere: one line or the cells, never a crash.
wrong = [n for n in range(0, len(good), 97)
         if (r := run(good[:n])).returncode != 2 or r.stdout or not one_line(r)]
report(f"cut at every 97th of {len(good)} bytes", not wrong, str(wrong))
wrong = []
for n in range(0, len(good), 41):
    r = run(good[:n] + bytes([good[n] ^ 0x55]) + good[n + 1:])
    if r.returncode not in (0, 2) or (r.returncode == 2 and not one_line(r)):
        wrong.append((n, r.returncode, r.stderr[:100]))
report("changed at every 41st byte", not wrong, str(wrong))

finish()
