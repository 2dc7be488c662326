"""Workbooks from a stranger: small files that ask a parser for much."""

import io
import zipfile

HEAD = '<row r="1"><c r="A1" t="str"><v>creator</v></c><c r="B1" t="str"><v>followers</v></c></row>'
ROW = '<row r="2"><c r="A2" t="str"><v>@anna</v></c><c r="B2"><v>5000</v></c></row>'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{0}" Target="{1}"/>{2}</Relationships>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Creators" sheetId="1" r:id="r1"/></sheets></workbook>'
)
STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'


def pack(parts):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return packed.getvalue()


def workbook(rows="", *, before="", sheet=None, **parts):
    """Return a workbook of one sheet: a header, a creator, and further rows of XML; or a sheet of its own."""
    sheet = sheet or f'<worksheet xmlns="{MAIN}">{before}<sheetData>{HEAD}{ROW}{rows}</sheetData></worksheet>'
    relation = f'<Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/>'
    return pack(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS.format("officeDocument", "xl/workbook.xml", ""),
            "xl/workbook.xml": BOOK,
            "xl/_rels/workbook.xml.rels": RELATIONS.format("worksheet", "worksheets/sheet1.xml", relation),
            "xl/styles.xml": STYLES,
            "xl/worksheets/sheet1.xml": sheet,
            **parts,
        }
    )


def open_document(rows):
    """Return an OpenDocument workbook of a header and further rows of XML."""
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="Creators"><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>creator</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>followers</text:p></table:table-cell></table:table-row>'
        f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return pack({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def cell(attributes, value="1"):
    return f"<row><c {attributes}><v>{value}</v></c></row>"


FAR_CELLS = {
    "plain": cell('r="XFD1048576"'),
    "spaces": cell("r = 'XFD1048576'"),
    "tab": cell("r\t=\n'XFD1048576'"),
    "entity": cell('r="&#88;FD1048576"'),
    "hexadecimal entity": cell('r="&#x58;&#x46;&#x44;1048576"'),
    "lower case": cell('r="xfd1048576"'),
    "after another attribute": cell("s = '0'   r = 'XFD1048576'"),
    "prefix": f"<x:row xmlns:x='{MAIN}'><x:c r = 'XFD1048576'><x:v>1</x:v></x:c></x:row>",
    "row alone": "<row r = '1048576'><c r='XFD2'><v>1</v></c></row>",
    "no reference": "<row r='1048576'>" + "<c><v>1</v></c></row><row r='1'>" + "<c r = 'ZZZ1'/></row>",
    "beyond the sheet": cell("r = 'ZZZZZZ99999999'"),
    "after a comment": "<!-- --> <row><!--'\"--><c\n r = 'XFD1048576'/></row>",
    "in a data section": "<row><c r='A3' t='str'><v><![CDATA[<c r='A1'>]]></v></c><c r = 'XFD1048576'/></row>",
}
BOMBS = {
    **{f"far cell: {name}.xlsx": workbook(rows) for name, rows in FAR_CELLS.items()},
    "date of the distant past.xlsx": workbook('<row r="3"><c r="A3" s="1"><v>-1e300</v></c></row>'),
    "date of the distant future.xlsx": workbook('<row r="3"><c r="A3" s="1"><v>1e300</v></c></row>'),
    "open cells.xlsx": workbook(before='<c t="' * 20_000),
    "open cells in a comment.xlsx": workbook(before="<!--" + '<c t="' * 20_000 + "-->"),
    "formulas without an end.xlsx": workbook(before="<c><f>" * 20_000),
    "million texts stated.xlsx": workbook(**{"xl/sharedStrings.xml": f"<sst xmlns='{MAIN}' count = '4294967295'/>"}),
    "million texts, by an entity.xlsx": workbook(
        **{"xl/sharedStrings.xml": f"<sst xmlns='{MAIN}' uniqueCount = '&#52;294967295'/>"}
    ),
    "million styles stated.xlsx": workbook(
        **{"xl/styles.xml": f"<styleSheet xmlns='{MAIN}'><cellXfs count\n=\n'4294967295'/></styleSheet>"}
    ),
    "entities.xlsx": workbook(
        sheet='<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY a{i} "{f"&a{i - 1 or str()};" * 10}">' for i in range(1, 12))
        + f']><worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>&a11;</v></c></row></sheetData>'
        + "</worksheet>"
    ),
    "nested.xlsx": workbook("<row>" * 100_000),
    "repeated cells.ods": open_document(
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row>'
    ),
    "rows without end.ods": open_document(
        '<table:table-row table:number-rows-repeated="4294967295"><table:table-cell '
        'table:number-columns-repeated="4294967295" office:value-type="float" office:value="1"/></table:table-row>'
    ),
    "cells of a million columns.ods": open_document(
        '<table:table-row table:number-rows-repeated="1000"><table:table-cell '
        'table:number-columns-repeated="1000000" office:value-type="string"><text:p>x</text:p></table:table-cell>'
        "</table:table-row>"
    ),
}
