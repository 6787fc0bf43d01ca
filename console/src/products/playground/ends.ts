// What the page says of an end, by its reason: the platform's own words are for programs and logs.
import type { Schemas } from '@/api/client'
import type { TextKey } from '@/i18n'
import type { Run } from './useRun'

type Told = { key: TextKey; values: Record<string, string | number>; type: 'warning' | 'error' | 'info' }
const STOPPED = ['time', 'processes', 'output', 'memory']
const SIGNALS: Record<number, string> = {
  4: 'SIGILL', 6: 'SIGABRT', 7: 'SIGBUS', 8: 'SIGFPE', 9: 'SIGKILL', 11: 'SIGSEGV', 13: 'SIGPIPE', 15: 'SIGTERM',
}

/** None for a run that goes on, or that ended by itself. */
export function endOf(run: Run, limits: Schemas['Limits']): Told | null {
  if (run.stoppedAfterMs !== undefined) {
    const seconds = (run.stoppedAfterMs / 1000).toFixed(1)
    return { key: 'playground.end.stopped', values: { seconds }, type: 'info' }
  }
  if (run.phase !== 'ended') return null
  if (!run.end) return { key: 'playground.end.broken', values: {}, type: 'error' }
  const { reason = '', stage, exit } = run.end
  if (!reason) return null
  if (stage === 'compile' && STOPPED.includes(reason)) return { key: 'playground.end.compiler', values: {}, type: 'warning' }
  const number = exit - 128
  const values = {
    seconds: limits.seconds,
    processes: limits.processes,
    memory: limits.memoryMB,
    printed: limits.printedMB ?? 0,
    file: limits.fileMB,
    signal: SIGNALS[number] ? `${number} (${SIGNALS[number]})` : number,
  }
  return { key: `playground.end.${reason}`, values, type: STOPPED.includes(reason) ? 'warning' : 'error' }
}
