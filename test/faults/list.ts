// Every fault that the service is put through. docs/reliability.md has a line for each.
import type { Fault } from './ground.js'
import { ofClients } from './of_clients.js'
import { ofDatabase } from './of_database.js'
import { ofNetwork } from './of_network.js'
import { ofService } from './of_service.js'

export const faults: Fault[] = [...ofDatabase, ...ofNetwork, ...ofService, ...ofClients]
