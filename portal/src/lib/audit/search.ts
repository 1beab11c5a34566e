/** What a person looks for in the log: an act, and days in Shanghai; empty where it does not matter. */
export interface AuditSearch {
  readonly action: string;
  readonly from: string;
  readonly to: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** As the API is asked: both days belong to it whole. What is no day is left out. */
export function queryOf({ action, from, to }: AuditSearch): { action?: string; from?: string; to?: string } {
  const [first, last] = [midnightOf(from), midnightOf(to)];
  return {
    ...(action !== '' && { action }),
    ...(first !== null && { from: new Date(first).toISOString() }),
    ...(last !== null && { to: new Date(last + DAY_MS).toISOString() }),
  };
}

function midnightOf(day: string): number | null {
  const at = DAY.test(day) ? Date.parse(`${day}T00:00:00+08:00`) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
