// Some of the lanes in a process of their own: node test/fuzz/part.ts requests lanes seed
import t from 'tap'
import { fuzz } from './fuzz.js'

const [requests, lanes, seed] = process.argv.slice(2).map(Number) as [number, number, number]

await fuzz(t, { requests, lanes, seed })
