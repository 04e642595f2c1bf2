// Ten minutes of steady load. Beside no other test (.taprc), for how fast it answers is compared. SOAK_MINUTES shortens it, for
// trying out.
import t from 'tap'
import { soak } from '../../soak/soak.js'

const minutes = Number(process.env.SOAK_MINUTES ?? 10)

await t.test(`${minutes} minutes of mixed load`, t => soak(t, minutes))
