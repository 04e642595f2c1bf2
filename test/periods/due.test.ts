// Due dates: what may stand in one, and when it is overdue. The accepted ones are those of the sample plans.
import t from 'tap'
import { checkDue, dueKinds, isOverdue } from '../../src/periods/due.js'
import type { Due } from '../../src/periods/due.js'

const printed: Due[] = [
  { kind: 'during', label: 'summer 2015', earliest: '2015-06-01', latest: '2015-08-31' },
  { kind: 'by', label: 'late March/early April', earliest: '2015-03-16', latest: '2015-04-15', inferred: true },
  { kind: 'recurring', label: 'Oct-Nov-ongoing', earliest: '2015-10-01', latest: '2015-11-30', inferred: true },
  { kind: 'by', label: '1.March 2017', earliest: null, latest: '2017-03-31' },
  { kind: 'by', label: 'by April 2018', latest: '2018-04-30' },
  { kind: 'from', label: '1.Begins May 2016', earliest: '2016-05-01', latest: null },
  { kind: 'from', label: 'to begin reporting in October 2013', earliest: '2013-10-01', latest: '2013-10-31' },
  { kind: 'between', label: '3.Between October 2016 and end March 2017', earliest: '2016-10-01', latest: '2017-03-31' },
  { kind: 'by', label: 'some data June 2013; full reporting by March 2014', earliest: null, latest: '2014-03-31' },
  { kind: 'during', label: '2013-14', earliest: '2013-04-01', latest: '2014-03-31' },
  { kind: 'during', label: 'In June', earliest: '2013-06-01', latest: '2013-06-30', inferred: true },
  { kind: 'on', label: 'end of the year', earliest: '2018-03-31', latest: '2018-03-31' },
  { kind: 'tbc', label: 'To be confirmed', earliest: null, latest: null },
  { kind: 'ongoing', label: 'Ongoing' },
  { kind: 'recurring', label: 'every term' }
]

await t.test('every due date the sample plans print is accepted', async t => {
  for (const due of printed) t.equal(checkDue(due), null, due.label ?? '')
  t.same(new Set(printed.map(due => due.kind)), new Set(dueKinds), 'and they show every kind')
})

const wrong: Array<[due: Due, problem: RegExp]> = [
  [{ kind: 'by' }, /'by' needs a date in 'latest'/],
  [{ kind: 'on', earliest: '2018-03-31' }, /'on' needs a date in 'latest'/],
  [{ kind: 'from', latest: '2018-03-31' }, /'from' needs a date in 'earliest'/],
  [{ kind: 'between', earliest: '2018-03-31' }, /'between' needs a date in 'latest'/],
  [{ kind: 'between', latest: '2018-03-31' }, /'between' needs a date in 'earliest'/],
  [{ kind: 'during', earliest: '2018-03-31' }, /'during' needs a date in 'latest'/],
  [{ kind: 'during', latest: '2018-03-31' }, /'during' needs a date in 'earliest'/],
  [{ kind: 'tbc', latest: '2018-03-31' }, /'tbc' has no 'latest'/],
  [{ kind: 'tbc', earliest: '2018-03-31' }, /'tbc' has no 'earliest'/],
  [{ kind: 'ongoing', latest: '2018-03-31' }, /'ongoing' has no 'latest'/],
  [{ kind: 'between', earliest: '2018-03-31', latest: '2017-03-31' }, /is after 'latest'/],
  [{ kind: 'on', earliest: '2018-03-30', latest: '2018-03-31' }, /one day/],
  [{ kind: 'by', latest: '2018-02-30' }, /is not a date/],
  [{ kind: 'by', latest: 'March 2018' }, /is not a date/],
  [{ kind: 'recurring', earliest: '31/03/2018' }, /is not a date/]
]

await t.test('a due date whose kind and dates contradict each other is told what is wrong', async t => {
  for (const [due, problem] of wrong) t.match(checkDue(due), problem)
})

await t.test('a date that a kind does not need may stand in it', async t => {
  const fine: Due[] = [
    { kind: 'by', earliest: '2018-03-01', latest: '2018-03-31' }, { kind: 'on', latest: '2018-03-31' }, { kind: 'from', earliest: '2018-03-31', latest: '2018-03-31' },
    { kind: 'recurring', latest: '2018-03-31' }, { kind: 'recurring', earliest: '2018-03-31' }, { kind: 'ongoing', earliest: '2018-03-31' }
  ]
  for (const due of fine) t.equal(checkDue(due), null, due.kind)
})

await t.test('a due date is overdue the day after its latest date, until it is achieved', async t => {
  const due: Due = { kind: 'by', latest: '2017-03-31' }
  t.notOk(isOverdue(due, false, '2017-03-31'))
  t.ok(isOverdue(due, false, '2017-04-01'))
  t.notOk(isOverdue(due, true, '2017-04-01'))
})

await t.test('what has no latest date, as it is ongoing or to be confirmed, is never overdue', async t => {
  t.notOk(isOverdue({ kind: 'from', earliest: '2016-05-01', latest: null }, false, '2030-01-01'))
  t.ok(isOverdue({ kind: 'recurring', earliest: '2015-10-01', latest: '2015-11-30' }, false, '2030-01-01'))
  t.notOk(isOverdue({ kind: 'ongoing', earliest: '2015-10-01' }, false, '2030-01-01'))
  t.notOk(isOverdue({ kind: 'tbc' }, false, '2030-01-01'))
  t.notOk(isOverdue(null, false, '2030-01-01'))
})
