// Publications on the wire: a plan as it was published, under a label, for good.
import { Type } from '@sinclair/typebox'
import { code, date, enumOf, instant, named, optional, pageOf, text } from '../../http/schema.js'
import { visibilities } from '../schema.js'

const label = code('Label of the version, chosen by the publisher: "V6". Unique within the plan, ignoring case.', ['V6'])

const members = {
  plan: code('The plan.'),
  label,
  date: date('Day of the version, as it says itself.'),
  note: optional(text('What this version is. No personal data.', 4000)),
  digest: Type.String({ description: 'SHA-256 of the bundle as compact JSON in UTF-8, in base64url: two publications with one digest say the same.' }),
  visibility: enumOf(visibilities, 'Who may read it: what the plan was when it was published. It holds what these readers could see then, and no more.'),
  published_at: instant('When it was published.'),
  organisation: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'Organisation of the client that published it; null for the operator.' }),
  original_digest: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'Its digest as it was published, where texts were taken out of it since; else null.' }),
  redacted_at: Type.Unsafe<string | null>({ ...instant('When texts were last taken out of it, each leaving [erased] in its place; null where none was.'), type: ['string', 'null'] })
}

export const Publication = named('Publication', Type.Object(members, {
  additionalProperties: false,
  description: 'A version of a plan as it was published. Nobody changes it, administrators included; only texts that must not be held are taken out, and then it says so.',
  examples: [{
    plan: 'plan-a',
    label: 'V1',
    date: '2017-06-30',
    note: null,
    digest: 'e8NlrMaaTVVshAglejWCXAPA1DxIzwu7B_8rr-QOGpw',
    visibility: 'public',
    published_at: '2017-06-30T09:00:00.347471Z',
    organisation: null,
    original_digest: null,
    redacted_at: null
  }]
}))

export const PublicationPage = pageOf('PublicationPage', Publication)

export const PublicationBody = named('PublicationBody', Type.Object({
  label,
  date: Type.Optional(Type.Unsafe<string | null>({ ...date('Day of the version; today where left out.'), type: ['string', 'null'] })),
  note: Type.Optional(members.note),
  texts_read: Type.Optional(Type.Boolean({ description: 'true: somebody has read the texts that name a number beside a measure of which figures are hidden, and none gives one away. Where there are such texts, publishing without it is refused, and the answer lists them.' }))
}, { additionalProperties: false, description: 'What to publish the plan as.', examples: [{ label: 'V6', date: '2018-06-15', note: 'With the end of year updates for 2017-2018.' }] }))

export const PublishedPlan = named('PublishedPlan', Type.Object({
  ...members,
  bundle: Type.Unsafe<Record<string, unknown>>({ ...Type.Ref('Bundle') })
}, { additionalProperties: false, description: 'A publication with the plan as it was.' }))

const anything = (description: string) => Type.Unknown({ description })

const PublicationChange = named('PublicationChange', Type.Object({
  section: Type.String({ description: 'Section of the bundle: plan, measures, priorities, plan_measures, actions, targets, datapoints …' }),
  resource: Type.String({ description: 'Path of the thing, starting /v1.' }),
  change: enumOf(['added', 'removed', 'changed'], 'What became of it.'),
  title: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'What readers know it by: its title, or the start of its text.' }),
  members: Type.Array(Type.Object({
    member: Type.String({ description: 'The member.' }),
    before: anything('What it said before; null where it said nothing.'),
    after: anything('What it says now; null where it says nothing.')
  }, { additionalProperties: false, description: 'A member that differs.' }), { description: 'The members that differ; of a thing added or removed all that it says.' })
}, { additionalProperties: false, description: 'One thing that differs between two publications.' }))

export const PublicationDiff = named('PublicationDiff', Type.Object({
  plan: code('The plan.'),
  from: Publication,
  to: Publication,
  changes: Type.Array(PublicationChange, { description: 'What differs, in the order of the sections of a bundle.' })
}, { additionalProperties: false, description: 'What changed from one publication of a plan to another.' }))

export interface PublicationBodyForm { label: string, date?: string | null, note?: string | null, texts_read?: boolean }
