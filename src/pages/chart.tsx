// A small line chart as inline SVG, after the Analysis Function's rules: dark line, direct labels, no legend, hollow points
// and dashes for what is not final, an outlined target. The sentence beside it says the same in words.
import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import type { Point, Reading } from '../documents/report/report.js'

const [ink, other, quiet] = ['#12436D', '#B5480F', '#505A5F']
const box = { width: 240, height: 84, left: 7, right: 152, top: 10, bottom: 58 }
const mostPoints = 12

type Shown = Point & { value: number }
interface Label { y: number, text: string, fill: string, weight: string }

const withValue = (points: Point[]): Shown[] => points.filter((one): one is Shown => one.value !== null)

/** Whether there is a run of figures to draw. */
export const isDrawn = ({ series }: Pick<Reading, 'series'>) => withValue(series).length > 1

/** Neighbours that a line may join: nothing missing and no break between them. */
function segments (points: Point[]): Array<[Shown, Shown]> {
  return points.flatMap((point, i): Array<[Shown, Shown]> => {
    const before = points[i - 1]
    return before === undefined || before.value === null || point.value === null || point.breakBefore ? [] : [[before as Shown, point as Shown]]
  })
}

/** Labels a line's height apart, in the order of what they label. */
function apart (labels: Label[]): Label[] {
  const sorted = [...labels].sort((a, b) => a.y - b.y)
  for (const [i, label] of sorted.entries()) label.y = Math.max(label.y, i === 0 ? box.top - 2 : sorted[i - 1]!.y + 13)
  const over = Math.max(0, (sorted.at(-1)?.y ?? 0) - box.bottom - 2)
  return sorted.map(label => ({ ...label, y: label.y - over }))
}

interface Props { id: string, title: string, reading: Reading, scale: [number, number] }

const parts = ({ series, comparatorSeries, targets }: Reading) => {
  const points = series.slice(-mostPoints)
  const rival = comparatorSeries.find(one => withValue(one.points).length > 0)
  const from = points[0]?.end ?? ''
  return { points, rival, theirs: (rival?.points ?? []).filter(one => one.end >= from), target: targets[0]?.value ?? null }
}

/** One scale for charts that stand together, so that they can be compared. */
export function scaleFor (readings: Reading[]): [number, number] {
  const values = readings.map(parts).flatMap(({ points, theirs, target }) =>
    [...withValue([...points, ...theirs]).map(one => one.value), ...target === null ? [] : [target]])
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const gap = (high - low) / 5 || 1
  return [low - gap, high + gap]
}

export function Chart ({ id, title, reading, scale }: Props) {
  const { points, rival, theirs, target } = parts(reading)
  const own = withValue(points)
  const ends = [...points, ...theirs].map(one => Date.parse(one.end))
  const x = scaleLinear([Math.min(...ends), Math.max(...ends)], [box.left, box.right])
  const y = scaleLinear(scale, [box.bottom, box.top])
  const at = (one: Shown) => [x(Date.parse(one.end)), y(one.value)] as [number, number]
  const last = own.at(-1)!
  const labels: Label[] = [{ y: y(last.value), text: last.shown.replace(/ (?:per |percentage ).*/, ''), fill: ink, weight: '700' }]
  const lastRival = withValue(theirs).at(-1)
  if (rival !== undefined && lastRival !== undefined) labels.push({ y: y(lastRival.value), text: short(rival.title), fill: other, weight: '400' })
  if (target !== null) labels.push({ y: y(target), text: 'target', fill: quiet, weight: '400' })
  return (
    <svg class='chart' viewBox={`0 0 ${box.width} ${box.height}`} width={box.width} height={box.height} role='img' aria-labelledby={id}>
      <title id={id}>{title}</title>
      {target !== null && <line x1={box.left} x2={box.right} y1={y(target)} y2={y(target)} stroke={quiet} stroke-width='1' stroke-dasharray='1 3' />}
      <Run points={theirs} at={at} colour={other} width='1.5' size={2.5} />
      <Run points={points} at={at} colour={ink} width='2.25' size={3} />
      {apart(labels).map(label => (
        <text key={label.text} x={box.right + 9} y={label.y + 4} font-size='12' font-weight={label.weight} fill={label.fill}>{label.text}</text>
      ))}
      <text x={box.left - 5} y={box.height - 6} font-size='12' fill={quiet}>{axisLabel(points[0]!)}</text>
      <text x={box.right + 5} y={box.height - 6} font-size='12' fill={quiet} text-anchor='end'>{axisLabel(points.at(-1)!)}</text>
    </svg>
  )
}

interface RunProps { points: Point[], at (one: Shown): [number, number], colour: string, width: string, size: number }

function Run ({ points, at, colour, width, size }: RunProps) {
  const path = line<[number, number]>()
  const shown = withValue(points)
  return (
    <>
      {segments(points).map(pair => (
        <path
          key={pair[1].period} d={path(pair.map(at)) ?? ''} fill='none' stroke={colour} stroke-width={width}
          stroke-dasharray={pair.some(one => one.tentative) ? '4 3' : undefined}
        />
      ))}
      {shown.map((one, i) => {
        const [cx, cy] = at(one)
        const isLast = i === shown.length - 1
        return <circle key={one.period} cx={cx} cy={cy} r={isLast ? size + 1 : size - 0.5} fill={one.tentative ? '#fff' : colour} stroke={colour} stroke-width='1.75' />
      })}
    </>
  )
}

/** Twelve characters stand beside the plot. */
const short = (title: string) => title.length <= 13 ? title : `${title.slice(0, 12).trimEnd()}…`

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Under the axis the last month is enough where the name is long. */
function axisLabel ({ period, periodName, end }: Point): string {
  const name = periodName ?? period
  return name.length <= 9 || name.endsWith(' academic') ? name.replace(' academic', '') : `${months[Number(end.slice(5, 7)) - 1]} ${end.slice(0, 4)}`
}
