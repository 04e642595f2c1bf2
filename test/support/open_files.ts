// The files of Outturn's own that this process has open; other descriptors, such as connections that fall idle, come and go.
import { existsSync, readdirSync, readlinkSync } from 'node:fs'

/** How many are open below `folder`, or below any temporary folder of Outturn's. 0 where the system does not tell. */
export function openFiles (folder = '/outturn-'): number {
  if (!existsSync('/proc/self/fd')) return 0
  return readdirSync('/proc/self/fd').filter(name => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`).includes(folder)
    } catch {
      return false
    }
  }).length
}
