// Plans through the generic verbs.
import t from 'tap'
import { start } from '../support/app.js'
import { makePlan } from '../support/make.js'

await t.test('plans', async t => {
  const { admin, anonymous } = await start(t)
  await makePlan(admin)

  await t.test('a change made from a stale version is refused', async t => {
    const { etag } = await admin.get('/v1/plans/plan-a')
    t.match(await admin.patch('/v1/plans/plan-a', { title: 'Plan A, revised' }, { etag }), { status: 200, body: { version: 2 } })
    t.match(await admin.patch('/v1/plans/plan-a', { title: 'Too late' }, { etag }), { status: 412, body: { code: 'stale_version' } })
    t.match((await anonymous.get('/v1/plans/plan-a')).body, { title: 'Plan A, revised', version: 2 })
  })
})
