// The rows of a worksheet out of the events of its XML. What a hostile file could pile up is counted before it is kept.
import { cellText, tooLong, type Book, type StoredCell } from './cell.js'
import { CELLS, CELL_XML, COLUMNS, ROWS, ROW_TEXT } from './limits.js'
import { cellName, columnOf } from './place.js'
import { named, SheetProblem } from './problem.js'
import { TextGatherer } from './texts.js'
import type { Attributes, Handlers } from './xml.js'

export interface SheetRow {
  /** Row number in the sheet, from 1. */
  place: number
  /** Cells as a person would type them; null where empty. */
  cells: Array<string | null>
}

/** A row as it is held: only what is there, because four kilobytes of XML may tell of millions of gaps. */
interface FoundRow { place: number, columns: number[], texts: string[], width: number }

/** Cells handed on at once: enough to make batches worth it, few enough to be held twice. */
const BATCH = 6000

const repair = 'Open the file in a spreadsheet program and save it again'

export class RowReader implements Handlers {
  private found: FoundRow[] = []
  private held = 0
  private total = 0
  private inside: 'sheet' | 'row' | 'cell' | 'value' | 'inline' | null = null
  private place = 0
  private column = -1
  private columns: number[] = []
  private texts: string[] = []
  private characters = 0
  private readonly cell: StoredCell = { type: '', style: -1, value: null, inline: null }
  private readonly inline = new TextGatherer()

  constructor (private readonly sheet: string, private readonly book: Book) {}

  /** Whether enough is held to hand it on. */
  get full (): boolean {
    return this.held >= BATCH
  }

  /** Hands on what is held. */
  * take (): Generator<SheetRow[]> {
    const found = this.found
    this.found = []
    this.held = 0
    let rows: SheetRow[] = []
    let size = 0
    for (const { place, columns, texts, width } of found) {
      const cells = new Array<string | null>(width).fill(null)
      for (const [index, text] of texts.entries()) cells[columns[index]!] = text
      rows.push({ place, cells })
      size += width
      if (size < 2 * BATCH) continue
      yield rows
      rows = []
      size = 0
    }
    if (rows.length > 0) yield rows
  }

  open (name: string, attributes: Attributes, depth: number): void {
    switch (this.inside) {
      case null:
        if (name === 'sheetData' && depth === 2) this.inside = 'sheet'
        break
      case 'sheet':
        if (name === 'row') this.openRow(attributes)
        break
      case 'row':
        if (name === 'c') this.openCell(attributes)
        break
      case 'cell':
        if (name === 'v') this.inside = 'value'
        else if (name === 'is') {
          this.inside = 'inline'
          this.inline.reset()
        }
        break
      case 'inline':
        this.inline.open(name)
        break
      case 'value':
    }
  }

  text (text: string): void {
    if (this.inside === 'value') {
      this.cell.value = (this.cell.value ?? '') + text
      if (this.cell.value.length > CELL_XML) throw this.inCell(tooLong)
    } else if (this.inside === 'inline') this.inline.add(text)
  }

  close (name: string): void {
    if (this.inside === 'value' && name === 'v') this.inside = 'cell'
    else if (this.inside === 'inline') {
      if (name !== 'is') return this.inline.close(name)
      if (this.inline.text === null) throw this.inCell(tooLong)
      this.cell.inline = this.inline.text
      this.inside = 'cell'
    } else if (this.inside === 'cell' && name === 'c') this.closeCell()
    else if (this.inside === 'row' && name === 'row') this.closeRow()
    else if (this.inside === 'sheet' && name === 'sheetData') this.inside = null
  }

  private openRow ({ r }: Attributes): void {
    const place = r === undefined ? this.place + 1 : Number(r)
    if (!Number.isInteger(place) || place < 1) throw this.inSheet(`after row ${this.place} comes a row without a number. ${repair}`)
    if (place > ROWS) throw this.inSheet(`it goes beyond row ${ROWS}, the last that a spreadsheet has. Split it`)
    if (place <= this.place) throw this.inSheet(`row ${place} comes after row ${this.place}. ${repair}`)
    this.place = place
    this.column = -1
    this.columns = []
    this.texts = []
    this.characters = 0
    this.inside = 'row'
  }

  private openCell ({ r, t, s }: Attributes): void {
    const column = r === undefined ? this.column + 1 : columnOf(r, this.place)
    if (column >= COLUMNS) throw this.inSheet(`row ${this.place} has more than ${COLUMNS} cells, which no spreadsheet program allows. Split it`)
    if (column <= this.column) throw this.inSheet(`in row ${this.place}, after ${this.column < 0 ? 'its start' : cellName(this.column, this.place)}, comes a cell that cannot be there. ${repair}`)
    this.column = column
    this.cell.type = t ?? 'n'
    this.cell.style = s === undefined ? 0 : Number(s)
    this.cell.value = this.cell.inline = null
    this.inside = 'cell'
  }

  private closeCell (): void {
    this.inside = 'row'
    const text = cellText(this.cell, this.book, why => this.inCell(why))
    if (text === null) return
    this.characters += text.length
    if (this.characters > ROW_TEXT) throw this.inSheet(`row ${this.place} holds more than ${ROW_TEXT} characters. Shorten its texts`)
    this.columns.push(this.column)
    this.texts.push(text)
  }

  private closeRow (): void {
    this.inside = 'sheet'
    this.total += this.column + 1
    if (this.total > CELLS) throw this.inSheet(`up to row ${this.place} it has more than ${CELLS} cells, empty ones included. Split it, or send it as CSV`)
    // Whether an empty row stands in the file depends on its formatting; nobody sees a difference.
    if (this.texts.length === 0) return
    const width = this.columns.at(-1)! + 1
    this.held += width
    this.found.push({ place: this.place, columns: this.columns, texts: this.texts, width })
  }

  private inSheet (why: string): SheetProblem {
    return new SheetProblem(`Sheet ${named(this.sheet)}: ${why}.`)
  }

  private inCell (why: string): SheetProblem {
    return new SheetProblem(`Sheet ${named(this.sheet)}, row ${this.place}: cell ${cellName(this.column, this.place)} ${why}.`)
  }
}
