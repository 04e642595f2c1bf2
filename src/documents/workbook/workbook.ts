// The plan document as a workbook (xlsx): a pure function of the report and its bundle, so that a live plan and a frozen
// publication are written alike, and the same contents are the same bytes.
import { writeXlsx, type WorkbookProperties } from 'hucre/xlsx'
import type { BundleBody } from '../bundle_schema.js'
import type { Heading, Report } from '../report/view.js'
import { columnsTable, contents, coverLines, notes } from './cover.js'
import { measureTables } from './measures.js'
import { figureTables, sectionTables } from './sections.js'
import { coverOf, defaultFont, printedHead, sheetOf, type Table } from './sheet.js'

/** The sheets behind the cover; a part of the plan without items has none. */
function tablesOf (report: Report, bundle: BundleBody): Table[] {
  const tables = [...measureTables(report), ...figureTables(bundle), ...sectionTables(bundle)]
  return [notes(report), ...tables, columnsTable(tables)]
}

/** `origin` is where the service is reached, such as "https://plans.example.org"; it leads the address of the source. */
export async function workbookOf (report: Report, bundle: BundleBody, origin = ''): Promise<Uint8Array> {
  const tables = tablesOf(report, bundle)
  return await writeXlsx({
    sheets: [coverOf(coverLines(report, bundle, origin), contents(tables)), ...tables.map(sheetOf)],
    namedRanges: tables.map(printedHead),
    properties: propertiesOf(report.heading),
    defaultFont
  })
}

function propertiesOf ({ title, owner, asAt, about, plan }: Heading): WorkbookProperties {
  const made = new Date(about.kind === 'live' ? about.at : about.published_at)
  return { title, creator: owner, subject: plan, description: asAt, created: made, modified: made, custom: { Language: 'en-GB' } }
}
