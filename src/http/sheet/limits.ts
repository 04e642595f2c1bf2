// How much of a sheet is read at all, each with its reason: a small upload may unpack to anything.

/** Parts in the zip. A workbook has some tens; thousands only with pictures. Also holds for what a workbook refers to. */
export const PARTS = 10_000

/** Bytes unpacked of all that is read of a file. A million rows of twelve columns are about 600 MB of XML. */
export const UNPACKED = 1024 ** 3

/** Bytes unpacked for one byte packed. Sheets reach 10 to 40; only what repeats itself for no reason reaches 200 … */
export const RATIO = 200

/** … and only beyond this many bytes is it worth asking. */
export const RATIO_FROM = 10 * 1024 ** 2

/** Bytes of the workbook, of its relationships and of its styles, each. Excel writes some kilobytes. */
export const SMALL_PART = 16 * 1024 ** 2

/** Bytes of the texts that cells share. They are kept in memory, as bytes, until the sheet has been read. */
export const SHARED_TEXTS = 64 * 1024 ** 2

/** How many texts cells share: what fits into their bytes at sixteen bytes each. Keeps the index of them small. */
export const SHARED_TEXT_COUNT = 4 * 1024 ** 2

/** Formats of cells. Excel's own limit is 65 490. */
export const STYLES = 65_536

/** Characters of one cell: Excel's own limit. */
export const CELL_TEXT = 32_767

/** The same as it stands in the XML, where one character takes up to seven: _x000D_. */
export const CELL_XML = CELL_TEXT * 7

/** Characters of one row. A row is handed on whole; 16 384 cells of 32 767 characters would be half a gigabyte. */
export const ROW_TEXT = 4 * 1024 ** 2

/** Columns and rows: Excel's own limits (XFD1048576). */
export const COLUMNS = 16_384
export const ROWS = 1_048_576

/** Cells of the sheet, counting the gaps between them, because a row is handed on without gaps. 100 000 rows of 200. */
export const CELLS = 20_000_000

/** Characters of XML without the end of a tag or a text: the parser holds them in memory. */
export const XML_PIECE = 1024 ** 2

/** Elements inside one another. A sheet needs about ten. */
export const XML_DEPTH = 100

/** Bytes of XML read at a time: small, because what is found in them is held until the next. */
export const STEP = 4096

/** Milliseconds of work before others get their turn. */
export const TURN = 10
