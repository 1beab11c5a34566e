/** Something that was fetched over the network; times by the page's monotonic clock, ms. */
export interface Transfer {
  readonly bytes: number;
  /** Its first byte came. */
  readonly fromMs: number;
  /** Its last one. */
  readonly toMs: number;
}

/** Less says nothing: one packet that had to be sent again would decide. */
const LEAST_BYTES = 30_000;
/** A lecture's sound takes 55 kbit/s, its picture twenty times that. */
const THIN_KILOBITS = 250;
/** Earlier than this the resident may have been in another network. */
const RECENT_MS = 180_000;

/**
 * How fast a line brought what it was asked for, while it was bringing something: time in which nothing came, as a far server or a slow device
 * makes it, is not the line's.
 * @returns kbit/s; null where too little was fetched to tell
 */
export function kilobitsOf(transfers: readonly Transfer[]): number | null {
  const bytes = transfers.reduce((sum, transfer) => sum + transfer.bytes, 0);
  if (bytes < LEAST_BYTES) return null;
  let [busyMs, reachedMs] = [0, -Infinity];
  for (const { fromMs, toMs } of transfers.toSorted((one, other) => one.fromMs - other.fromMs)) {
    busyMs += Math.max(0, toMs - Math.max(fromMs, reachedMs));
    reachedMs = Math.max(reachedMs, toMs);
  }
  return busyMs === 0 ? Infinity : (bytes * 8) / busyMs;
}

/** Whether the line is too thin for a picture, as far as the page and its scripts tell that came over it; else as the browser guesses. */
export function isLineThin(): boolean {
  const kilobits = kilobitsOf(recentTransfers(performance.now()));
  if (kilobits !== null) return kilobits < THIN_KILOBITS;
  // Chromium tells; other browsers guess nothing.
  const { connection } = navigator as Navigator & { connection?: { effectiveType?: string } };
  return connection?.effectiveType?.endsWith('2g') === true;
}

/** The page itself and its files; what the cache had took no time on the line. */
function recentTransfers(nowMs: number): Transfer[] {
  const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const files = (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(({ name }) =>
    name.includes('/_app/immutable/'),
  );
  return (page === undefined ? files : [page, ...files])
    .filter(({ transferSize, responseEnd }) => transferSize > 0 && nowMs - responseEnd < RECENT_MS)
    .map(({ transferSize, responseStart, responseEnd }) => ({
      ...{ bytes: transferSize, fromMs: responseStart, toMs: responseEnd },
    }));
}
