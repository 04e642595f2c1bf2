// The service put together: one ordered list of what is generic and of the resources.
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Connection } from './db/connection.js'
import { bundleRoutes } from './documents/bundle_routes.js'
import { publicationRoutes } from './documents/publication_routes.js'
import { returnTemplateRoute } from './documents/return_template/routes.js'
import { returnRoutes } from './documents/returns/routes.js'
import { scorecardRoute } from './documents/scorecard/route.js'
import { treeRoute } from './documents/tree_route.js'
import { changesRoute } from './feeds/changes.js'
import { metricsRoute } from './feeds/metrics_route.js'
import { odata } from './feeds/odata/routes.js'
import { addAccess } from './http/access.js'
import { discovery } from './http/discovery.js'
import { healthRoutes } from './http/health.js'
import { limits as usual, placesFor, type Limits } from './http/limits.js'
import { addMetrics } from './http/metrics.js'
import { addOpenapi, addReference } from './http/openapi.js'
import { acrossRoute, recordRoutes } from './http/records.js'
import { createServer } from './http/server.js'
import { slowest as usualSlowest, type Slowest } from './http/slow.js'
import { addSource } from './http/source.js'
import { securityTxt } from './http/well_known.js'
import { pages } from './pages/pages.js'
import { reportRoute } from './pages/report_routes.js'
import { authenticator } from './resources/clients/keys.js'
import { clients } from './resources/clients/kind.js'
import { clientRoutes, meRoute } from './resources/clients/routes.js'
import { areas } from './resources/areas/kind.js'
import { measures } from './resources/measures/kind.js'
import { figureRoutes } from './resources/datapoints/figure_routes.js'
import { datapointReads } from './resources/datapoints/read_routes.js'
import { datapointImportRoutes } from './resources/datapoint_imports/routes.js'
import { organisations } from './resources/organisations/kind.js'
import { plans } from './resources/plans/kind.js'
import { sections } from './resources/sections.js'
import { targets } from './resources/targets/kind.js'

export interface Deps {
  connection: Connection
  /** Answers what is only read, where there is one. */
  replica?: Connection | null
  adminKey?: string | null
  publicUrl?: string | null
  trustProxy?: string[]
  securityContact?: string | null
  limits?: Limits
  slowest?: Slowest
  log?: FastifyBaseLogger
}

export async function buildApp (deps: Deps): Promise<FastifyInstance> {
  const { connection, replica = null, adminKey = null, publicUrl = null, trustProxy = [], securityContact = null } = deps
  const { limits = usual, slowest = usualSlowest, log } = deps
  const app = await createServer({ log, publicUrl, trustProxy, slowest })
  app.decorate('connection', connection)
  app.decorate('publicUrl', publicUrl)
  app.decorate('places', { downloads: placesFor(limits.atOnce, 'downloads'), deliveries: placesFor(limits.atOnce, 'deliveries') })
  addAccess(app, authenticator(connection.db, adminKey, replica !== null), limits)
  addSource(app, connection, replica)
  addMetrics(app, connection)
  await addOpenapi(app)
  discovery(app)
  await app.register(async routes => {
    for (const kind of [organisations, areas, measures, plans, ...sections, clients]) recordRoutes(routes, kind)
    acrossRoute(routes, targets)
    datapointReads(routes)
    datapointImportRoutes(routes)
    figureRoutes(routes)
    treeRoute(routes)
    bundleRoutes(routes)
    publicationRoutes(routes)
    scorecardRoute(routes)
    returnTemplateRoute(routes)
    returnRoutes(routes)
    changesRoute(routes)
    clientRoutes(routes)
    meRoute(routes)
    healthRoutes(routes)
    metricsRoute(routes)
    securityTxt(routes, securityContact)
    reportRoute(routes)
    await routes.register(odata)
    await routes.register(pages)
  })
  await addReference(app)
  return app
}
