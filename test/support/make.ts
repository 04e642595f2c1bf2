// Small worlds to test in.
import type { Client } from './client.js'

/** A council with an area and a public measure that takes figures. */
export async function makeMeasure (client: Client, code = 'recycling-rate', fields: Record<string, unknown> = {}) {
  await client.put('/v1/areas/E06000018', { title: 'Nottingham', kind: 'unitary' })
  const { body } = await client.put(`/v1/measures/${code}`, { title: 'Household recycling rate', unit: 'percent', visibility: 'public', ...fields })
  return body
}

/** A public plan with a priority, an outcome, and a line on the measure. */
export async function makePlan (client: Client, code = 'plan-a', fields: Record<string, unknown> = {}) {
  await makeMeasure(client)
  await client.put('/v1/organisations/council', { title: 'Council', kind: 'council' })
  const { body } = await client.put(`/v1/plans/${code}`, { title: 'Plan A', owner: 'council', area: 'E06000018', period: 'FY2017', visibility: 'public', ...fields })
  await client.put(`/v1/plans/${code}/priorities/1`, { ref: '1', title: 'A cleaner city', position: 1 })
  await client.put(`/v1/plans/${code}/outcomes/1a`, { priority: '1', ref: '1a', title: 'Less waste', position: 1 })
  await client.put(`/v1/plans/${code}/measures/line-1`, { measure: 'recycling-rate', outcome: '1a', ref: 'i', position: 1, organisations: [{ organisation: 'council', role: 'lead' }] })
  return body
}
