// npm start: settings, service, and a graceful stop. Exit codes: 0 stopped, 1 failed, 2 wrong settings.
import { ConfigError, loadConfig } from './config.js'
import { serve } from './service.js'

export async function main (): Promise<void> {
  try {
    const service = await serve(loadConfig(process.env))
    let stopping = false
    const stop = () => {
      if (stopping) process.exit(1)
      stopping = true
      service.close().then(() => process.exit(0), fail)
    }
    process.on('SIGTERM', stop).on('SIGINT', stop)
  } catch (error) {
    fail(error)
  }
}

function fail (error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(error instanceof ConfigError ? 2 : 1)
}

await main()
