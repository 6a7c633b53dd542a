#!/usr/bin/env python3
"""OpenDocument workbooks made by hand, as programs write them, odd and hostile.

Usage: ods.py HABEAS-SHEET
As attacks.py: the cells, or exit code 2 and one line; never a signal.  What is written
here follows what LibreOffice 7 and 24 write, and ODF 1.3 part 3.
"""
import sys
import zipfile

sys.dont_write_bytecode = True
from common import accepted, decode, finish, one_line, pack, refused, report, run  # noqa: E402

ODF = "urn:oasis:names:tc:opendocument:xmlns:"
NAMES = "".join(f' xmlns:{short}="{ODF}{long}:1.0"' for short, long in (
    ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"),
    ("number", "datastyle"), ("draw", "drawing"), ("manifest", "manifest")))
NAMES += (' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:'
          'calcext:1.0"')
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def document(body, styles="", kind="spreadsheet"):
    return (HEAD + f'<office:document-content{NAMES} office:version="1.3">'
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
            "</office:document-content>")


def table(rows, name="List", more=""):
    return f'<table:table table:name="{name}"{more}>{rows}</table:table>'


def row(*cells, more=""):
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def cell(inside="", more=""):
    """Text, unless it has elements already."""
    if inside and not inside.startswith("<"):
        inside = f"<text:p>{inside}</text:p>"
        more += ' office:value-type="string"'
    return f"<table:table-cell{more}>{inside}</table:table-cell>"


def typed(kind, value, shown, more=""):
    name = {"float": "value", "percentage": "value", "currency": "value"}.get(
        kind, kind + "-value")
    return (f'<table:table-cell office:value-type="{kind}" office:{name}="{value}"{more}>'
            f"<text:p>{shown}</text:p></table:table-cell>")


def parts(content, mimetype=TYPE, styles=None, manifest=""):
    p = [("mimetype", mimetype), ("content.xml", content), ("META-INF/manifest.xml",
         HEAD + f"<manifest:manifest{NAMES}>{manifest}</manifest:manifest>")]
    if styles is not None:
        p.append(("styles.xml", HEAD + f"<office:document-styles{NAMES}><office:styles>"
                  f"{styles}</office:styles></office:document-styles>"))
    return [(n, d) for n, d in p if d is not None]


def ods(rows, **more):
    return pack(parts(document(table(rows)), **more))


PAD = '<table:table-cell table:number-columns-repeated="16380"/>'
TAIL = row(PAD, more=' table:number-rows-repeated="1048574"')
plain = [[1, ["name"]], [2, ["Two runs"]]]
good = ods(row(cell("name"), PAD) + row(cell("Two runs"), PAD) + TAIL)

# What people's programs write.
accepted("a plain workbook", good, plain, notes=[])
accepted("stored and not deflated", pack(parts(document(table(
    row(cell("name")) + row(cell("Two runs"))))), zipfile.ZIP_STORED), plain)
for left_out in ("mimetype", "META-INF/manifest.xml"):
    accepted(f"without {left_out}", pack([p for p in parts(document(table(
        row(cell("name")) + row(cell("Two runs"))))) if p[0] != left_out]), plain)
accepted("a template", ods(row(cell("name")), mimetype=TYPE + "-template"), [[1, ["name"]]])
accepted("UTF-16", pack(parts(document(table(row(cell("نام"), cell("Əli")))).replace(
    'encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"))), [[1, ["نام", "Əli"]]])
accepted("other prefixes", pack(parts(document(table(row(cell("a")))).replace(
    "table:", "t:").replace("xmlns:table", "xmlns:t").replace("opendocument:xmlns:t:",
    "opendocument:xmlns:table:"))), [[1, ["a"]]])
accepted("three scripts", ods(row(cell("Əli Həsənov"), cell("علی‌رضا حسنی"), cell("Айнур"))),
         [[1, ["Əli Həsənov", "علی‌رضا حسنی", "Айнур"]]])
accepted("groups and headers", ods(
    "<table:table-header-rows>" + row(cell("a")) + "</table:table-header-rows>"
    "<table:table-row-group><table:table-row-group>" + row(cell("b")) +
    "</table:table-row-group>" + row(cell("c")) + "</table:table-row-group>"),
    [[1, ["a"]], [2, ["b"]], [3, ["c"]]])

# Types.  The text shown is not the value; the value is.
accepted("numbers", ods(row(
    typed("float", "18", "18"), typed("float", "1234.5", "1.234,50"),
    typed("percentage", "0.25", "25%"), typed("currency", "12.3", "12,30 ₼"),
    typed("float", "1.5E3", "1500"), typed("float", "123", "00123"),
    typed("float", "1398", "1398"), typed("float", "123", "0124"))),
    [[1, ["18", "1234.5", "0.25", "12.3", "1500", "00123", "1398", "123"]]], notes=[])
accepted("a number of too many digits", ods(row(typed("float", "1E+15", "1E+15"))),
         [[1, ["1000000000000000"]]], notes=[[1, 1, "a number of more than 15 digits: a "
         "spreadsheet keeps no more, so that the last may be lost; such numbers belong in "
         "text cells"]])
accepted("truth, times", ods(row(
    typed("boolean", "true", "WAHR"), typed("boolean", "false", "FALSCH"),
    typed("time", "PT14H30M00S", "14:30"), typed("time", "PT36H00M00S", "36:00:00"),
    typed("time", "PT0H0M59.6S", "00:01"), typed("time", "P1DT2H", "26:00:00"))),
    [[1, ["TRUE", "FALSE", "14:30:00", "36:00:00", "00:01:00", "26:00:00"]]])
accepted("dates", ods(row(
    typed("date", "2020-03-27", "27/03/20"), typed("date", "2020-03-27T12:00:00", "x"),
    typed("date", "2020-12-31T23:59:59.999999999", "x"), typed("date", "1899-12-31", "x"),
    typed("date", "2020-03-27T00:00:00", "x"))), [[1, ["2020-03-27", "2020-03-27T12:00:00",
    "2021-01-01", "1899-12-31", "2020-03-27"]]], notes=[])
accepted("no dates", ods(row(
    typed("date", "1899-12-30", "30.12.1899"), typed("date", "2020-02-30", "x"),
    typed("date", "27.03.2020", "x"), typed("time", "14:30", "x"), typed("time", "P", "x"),
    typed("boolean", "1", "x"), typed("float", "0x10", "x"), typed("float", "", "x"))),
    [[1, ["0", "2020-02-30", "27.03.2020", "14:30", "P", "1", "0x10"]]])
accepted("values that are not there", ods(row(
    cell("<text:p>5</text:p>", ' office:value-type="float"'),
    cell("<text:p>t</text:p>"), cell("<text:p>v</text:p>", ' office:value-type="void"'))),
    [[1, ["5", "t", "v"]]], notes=[[1, 1, "a cell of the type float without its value; what "
                                    "it shows was taken"]])
refused("an unknown type", ods(row(cell("a"), typed("float", "1", "1").replace(
    '"float"', '"qq"'))), "cell B1 is of the unknown type qq")

# A day is never invented.
DATES = "".join(
    f'<number:date-style style:name="{name}">' + "".join(
        f"<number:{f}/>" for f in fields.split()) + "</number:date-style>"
    for name, fields in (("N1", "day month year"), ("N2", "month year"), ("N3", "year"),
                         ("N4", "day month"), ("N5", "month year hours minutes"))) + "".join(
    f'<style:style style:name="ce{i}" style:family="table-cell" style:data-style-name="N{i}"/>'
    for i in range(1, 6)) + ('<style:style style:name="child" style:family="table-cell" '
                             'style:parent-style-name="ce2"/>')


def shown(value, style):
    return typed("date", value, "x", f' table:style-name="{style}"')


wanted = [[1, ["2020-03-01", "2020-03", "2020", "2020-03-01", "2020-03", "2020-03-02",
               "2020-02", "2020-03-01"]]]
days = row(shown("2020-03-01", "ce1"), shown("2020-03-01", "ce2"), shown("2020-01-01", "ce3"),
           shown("2020-03-01", "ce4"), shown("2020-03-01", "child"),
           shown("2020-03-02", "ce2"), shown("2020-02-01", "ce3"),
           shown("2020-03-01", "none of these"))
yearless = ("a date shown without its year, which the spreadsheet has filled in by itself; "
            "check it")
accepted("dates no finer than they are shown", pack(parts(document(table(days), DATES))),
         wanted, notes=[[1, 4, yearless]])
accepted("by common styles", pack(parts(document(table(days)), styles=DATES)), wanted)
accepted("automatic styles hide common ones", pack(parts(document(table(
    row(shown("2020-03-01", "ce1"))), DATES), styles=DATES.replace("ce1", "x").replace(
    "ce2", "ce1"))), [[1, ["2020-03-01"]]])
accepted("the style of the column, the row, the cell", pack(parts(document(table(
    '<table:table-column table:number-columns-repeated="2"/>'
    '<table:table-column table:number-columns-repeated="1022" '
    'table:default-cell-style-name="ce2"/>'
    + row(cell("a"), cell("b"), cell("c"))
    + row(*[typed("date", "2020-03-01", "x")] * 3)
    + row(*[typed("date", "2020-03-01", "x")] * 2, shown("2020-03-01", "ce1"),
          more=' table:default-cell-style-name="ce2"')), DATES))),
    [[1, ["a", "b", "c"]], [2, ["2020-03-01", "2020-03-01", "2020-03"]],
     [3, ["2020-03", "2020-03", "2020-03-01"]]])

# Text.
accepted("paragraphs and spaces", ods(row(
    cell("<text:p>one</text:p><text:p>two</text:p>"),
    cell("<text:p>a<text:s/>b <text:s text:c=\"3\"/>c<text:tab/>d<text:line-break/>e</text:p>"),
    cell("<text:p>  a \n\t b  </text:p>"),
    cell("<text:p><text:s/>x<text:s/></text:p>"),
    cell("<text:p>A<text:span>li <text:span> R</text:span>za</text:span> "
         '<text:a xlink:href="http://192.0.2.1/" xmlns:xlink="urn:x">link</text:a></text:p>'),
    cell("<text:p/><text:p></text:p>"), cell("<text:p>end</text:p>"))),
    [[1, ["one\ntwo", "a b    c\td\ne", "a b", " x ", "Ali Rza link", "", "end"]]])
accepted("notes, pictures and tables in a cell are left out", ods(row(cell(
    "<office:annotation><text:p>a remark</text:p></office:annotation><text:p>Ad<text:note>"
    "<text:note-body><text:p>foot</text:p></text:note-body></text:note><text:ruby>"
    "<text:ruby-base>b</text:ruby-base><text:ruby-text>sound</text:ruby-text></text:ruby>c"
    "</text:p><draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>"
    + table(row(cell("inner")))))), [[1, ["Adbc"]]])
accepted("a text that the cell stores", ods(row(
    typed("string", "stored", "shown"))), [[1, ["stored"]]])
accepted("formulas and errors", ods(row(
    typed("float", "40", "40", ' table:formula="of:=2020-1980"'),
    cell("<text:p>#N/A</text:p>", ' office:value-type="string" office:string-value="" '
         'table:formula="of:=NA()" calcext:value-type="error"'),
    typed("float", "0", "Err:502", ' table:formula="of:=X()"'), cell("#N/A"))),
    [[1, ["40", "", "", "#N/A"]]], notes=[
        [1, 1, "a formula; its last value was taken"],
        [1, 2, "the error #N/A; read as empty"],
        [1, 2, "a formula without a value; read as empty"],
        [1, 3, "the error Err:502; read as empty"],
        [1, 3, "a formula without a value; read as empty"]])

# Repeats, merged and hidden.
accepted("repeated cells and rows", ods(
    row(cell("a", ' table:number-columns-repeated="3"'), cell(), cell("b"))
    + row(PAD, more=' table:number-rows-repeated="3"')
    + row(cell("c"), more=' table:number-rows-repeated="2"') + row(cell("d")) + TAIL),
    [[1, ["a", "a", "a", "", "b"]], [5, ["c"]], [6, ["c"]], [7, ["d"]]])
COVERED = "<table:covered-table-cell/>"
accepted("merged cells", ods(row(
    cell("Evin", ' table:number-columns-spanned="2" table:number-rows-spanned="2"'), COVERED,
    cell("x")) + row('<table:covered-table-cell table:number-columns-repeated="2"/>',
                     cell("y")) + row(
    '<table:covered-table-cell office:value-type="string"><text:p>below</text:p>'
    "</table:covered-table-cell>", cell("z"))),
    [[1, ["Evin", "", "x"]], [2, ["", "", "y"]], [3, ["", "z"]]], notes=[
        [1, 1, "merged with the cells up to B2; only this one holds the value, the others are "
         "empty"], [3, 1, "a value that merged cells hide; read as empty"]])
accepted("hidden rows", ods(row(cell("a")) + row(cell("b"), more=' table:visibility="collapse"')
         + row(cell("c"), more=' table:visibility="filter" table:number-rows-repeated="2"')
         + row(PAD, more=' table:visibility="collapse"')),
         [[1, ["a"]], [2, ["b"]], [3, ["c"]], [4, ["c"]]],
         notes=[[0, 0, "3 hidden rows were read like the others"]])
HIDE = ('<style:style style:name="ta1" style:family="table"><style:table-properties '
        'table:display="true"/></style:style><style:style style:name="ta2" '
        'style:family="table"><style:table-properties table:display="false"/></style:style>')
several = pack(parts(document(
    "<table:tracked-changes><table:deletion><table:cell-content-deletion>"
    "<table:change-track-table-cell><text:p>gone</text:p></table:change-track-table-cell>"
    "</table:cell-content-deletion></table:deletion></table:tracked-changes>"
    + table(row(cell("h")), "Hidden", ' table:style-name="ta2"')
    + table(TAIL, "Empty", ' table:style-name="ta1"')
    + table(row(cell("l")), "List") + table(row(cell("o")), "1")
    + "<table:dde-links><table:table>" + row(cell("dde"))
    + "</table:table></table:dde-links>", HIDE)))
accepted("the first visible sheet that has anything", several, [[1, ["l"]]])
answer, _ = decode(run(several).stdout)
report("the sheets by name", answer[0] == ["Hidden", "Empty", "List", "1"] and answer[1] == 2
       and answer[4] == "ods", repr(answer))
accepted("a sheet by name", several, [[1, ["h"]]], "--sheet", "Hidden")
accepted("a name before a number", several, [[1, ["o"]]], "--sheet", "1")
accepted("a sheet by number", several, [[1, ["l"]]], "--sheet", "3")
accepted("a sheet by name in other case", several, [[1, ["l"]]], "--sheet", "lIST")
accepted("an empty sheet by name", several, [], "--sheet", "Empty")
refused("no such sheet", several, "there is no sheet X; there are: Hidden, Empty, List, 1",
        "--sheet", "X")
refused("nothing visible", pack(parts(document(table(row(cell("h")), "H",
        ' table:style-name="ta2"') + table(TAIL), HIDE))), "no visible sheet")

# Something else.
refused("a text document", pack(parts(document("<text:p/>", kind="text"),
        TYPE.replace("spreadsheet", "text"))), "a text document (.odt)")
refused("a text document that says it is a sheet", pack(parts(document(
        "<text:p/>", kind="text"))), "a text document (.odt)")
refused("a drawing without a type", pack(parts(document("", kind="drawing"), None)),
        "a drawing (.odg)")
refused("a workbook of OpenOffice 1", pack(parts("<x/>", "application/vnd.sun.xml.calc")),
        ".sxc")
refused("a book", pack([("mimetype", "application/epub+zip\n"), ("a.xhtml", "")]), ".epub")
refused("another content.xml", pack([("content.xml", "<x/>")]), "no sheet")
refused("an unknown type and no contents", pack([("mimetype", "a/b")]), "without a workbook")
refused("no sheet", pack(parts(document(""))), "no sheet")
LOCK = ('<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data>'
        "<manifest:algorithm/></manifest:encryption-data></manifest:file-entry>")
refused("a locked workbook", pack(parts(b"\x93\x07" * 400, manifest=LOCK)),
        "locked with a password; open it, take the password off and save it again")
refused("one locked as a whole", pack([p for p in parts("", manifest=LOCK)
        if p[0] != "content.xml"] + [("encrypted-package", b"\x01" * 99)]), "password")

# Damaged.
refused("XML that breaks off", pack(parts(document(table(row(cell("a"))))[:-40])), "not XML")
refused("no XML", pack(parts(b"\x00\x01\x02")), "not XML")
refused("styles that break off", ods(row(cell("a")), styles="<style:style"), "styles.xml")
flipped = bytearray(pack(parts(document(table(row(cell("Two runs"))))), zipfile.ZIP_STORED))
flipped[flipped.index(b"Two runs")] ^= 1
refused("a wrong checksum", bytes(flipped), "damaged")
for n in ("0", "-1", "x", "", "1.5", "99999999999999999999", "2147483648"):
    for attribute, inside in (("columns", row(cell("a"), cell(more=' table:number-columns-'
                                                              f'repeated="{n}"'))),
                              ("rows", row(cell("a")) + row(cell(), more=' table:number-rows-'
                                                            f'repeated="{n}"'))):
        refused(f"{attribute} repeated {n!r} times", ods(inside), "repeated")

# Hostile.
refused("a million filled columns", ods(row(cell(
    "a", ' table:number-columns-repeated="1000000"'))), "beyond column 1024")
refused("2,000 million filled rows", ods(row(cell("a"), more=' table:number-rows-repeated='
        '"2000000000"')), "row number above 1048576")
refused("a million filled rows", ods(row(cell("a")) + row(cell("x"), more=' table:number-rows-'
        'repeated="1048000"')), "row 2 is followed by 1047999 equal ones; delete what")
refused("a cell beyond the columns", ods(row(PAD, cell("a"))), "beyond column 1024")
refused("a row beyond the rows", ods(TAIL + TAIL + row(cell("a"))), "above 1048576")
refused("texts multiplied by columns", ods(row(cell(
    "x" * 1_000_000, ' table:number-columns-repeated="1000"'))), "MiB of text")
refused("texts multiplied by rows", ods(row(cell("x" * 1_000_000),
        more=' table:number-rows-repeated="1000"')), "MiB of text")
refused("a billion spaces", ods(row(cell('<text:p><text:s text:c="1000000000"/></text:p>'))),
        "more than 1048576 bytes")
refused("a million spaces a thousand times", ods(row(cell(
    "<text:p>" + '<text:s text:c="1000000"/>' * 1000 + "</text:p>"))), "more than 1048576")
refused("a million paragraphs", ods(row(cell("<text:p/>" * 1_100_000))), "more than 1048576")
refused("too deep", ods(row(cell("<text:p>" + "<text:span>" * 100 + "</text:span>" * 100
        + "</text:p>"))), "64 deep")
refused("tables in tables", ods("<table:table-row-group>" * 70
        + "</table:table-row-group>" * 70), "64 deep")
laughs = ('<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)) + "]>")
for name in ("content.xml", "META-INF/manifest.xml", "styles.xml"):
    refused(f"entities in {name}", pack([(n, d.replace(HEAD, HEAD + laughs) if n == name else d)
            for n, d in parts(document(table(row(cell("a")))), styles="")]), "document type")
refused("an outside entity", pack(parts(document(table(row(cell("&a;")))).replace(
    HEAD, HEAD + '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'))), "document type")
refused("a bomb", ods(" " * 40_000_000), "unpacks to more than")
refused("too many sheets", pack(parts(document(table("", "x") * 5000))), "4096 sheets")
refused("too many styles", pack(parts(document(table(row(cell("a"))), "".join(
    f'<style:style style:name="c{i}" style:family="table-cell"/>' for i in range(70000))))),
    "65536 styles")
accepted("styles in a ring", pack(parts(document(table(row(shown("2020-03-01", "a"))), "".join(
    f'<style:style style:name="{a}" style:family="table-cell" style:parent-style-name="{b}"/>'
    for a, b in ("ab", "ba"))))), [[1, ["2020-03-01"]]])
accepted("half a million empty cells", ods(row(cell("a")) + row("<table:table-cell/>" * 500_000)
         + row(cell("b"))), [[1, ["a"]], [3, ["b"]]])
refused("a row of long attributes", ods(row((cell(more=f' office:string-value='
        f'"{"x" * 900_000}"') * 320))), "MiB")
refused("locked parts", bytes(good).replace(b"PK\3\4\x14\0\0", b"PK\3\4\x14\0\1").replace(
    b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1"), "password")

# Cut anywhere, changed anywhere.
wrong = [n for n in range(0, len(good), 29)
         if (r := run(good[:n])).returncode != 2 or r.stdout or not one_line(r)]
report(f"cut at every 29th of {len(good)} bytes", not wrong, str(wrong))
wrong = []
for n in range(0, len(good), 11):
    r = run(good[:n] + bytes([good[n] ^ 0x55]) + good[n + 1:])
    if r.returncode not in (0, 2) or (r.returncode == 2 and not one_line(r)):
        wrong.append((n, r.returncode, r.stderr[:100]))
report("changed at every 11th byte", not wrong, str(wrong))

finish()
