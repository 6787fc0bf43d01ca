// Aliases as a slider shows them.
import type { AliasView, VersionView } from './queries'

export type Share = { version: string; percent: number }

/** The version beside the main one, and its share; of two the larger would be shown, but there is one at most. */
export function shareOf({ weights }: Pick<AliasView, 'weights'>): Share | null {
  const [found] = Object.entries(weights)
  return found ? { version: found[0], percent: Math.round(found[1] * 1000) / 10 } : null
}

export const weightsOf = (share: Share | null): Record<string, number> =>
  share && share.percent > 0 ? { [share.version]: Math.round(share.percent * 10) / 1000 } : {}

/** Where one goes back to: the main version alone while calls are split, else the newest version before it. */
export function wayBack(alias: AliasView, versions: readonly VersionView[]): { versionId: string } | null {
  if (Object.keys(alias.weights).length > 0) return { versionId: alias.versionId }
  const older = versions.map(({ versionId }) => Number(versionId)).filter((one) => one < Number(alias.versionId))
  return older.length > 0 ? { versionId: String(Math.max(...older)) } : null
}

/** The newest version but the main one: most often the one that is to be tried. */
export const candidate = (main: string, versions: readonly VersionView[]): string =>
  versions.find(({ versionId }) => versionId !== main)?.versionId ?? ''
