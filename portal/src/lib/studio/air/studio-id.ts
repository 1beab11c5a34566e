const KEY = 'yike-studio';
/** A page that is loaded anew may begin before its former self has quite gone. */
const FORMER_SELF_GOES_WITHIN_MS = 1_000;

/**
 * Who this window is to the media node: the same after a reload or a crash, so that it takes its own place back at once;
 * another one in each other window, also in one that was opened as a copy of this. Held until the page goes.
 */
export async function ownStudioId(): Promise<string> {
  const kept = sessionStorage.getItem(KEY);
  if (kept !== null && (await hold(kept, FORMER_SELF_GOES_WITHIN_MS))) return kept;
  const id = crypto.randomUUID();
  sessionStorage.setItem(KEY, id);
  await hold(id, FORMER_SELF_GOES_WITHIN_MS);
  return id;
}

/** A lock by this name, until the page goes. False where another window holds it. */
function hold(id: string, withinMs: number): Promise<boolean> {
  // Not in every browser, whatever the DOM's types promise: without locks a copied window is not told apart.
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    const never = new Promise<never>(() => undefined);
    const held = () => {
      resolve(true);
      return never;
    };
    locks
      .request(`${KEY}:${id}`, { signal: AbortSignal.timeout(withinMs) }, held)
      .catch(() => resolve(false));
  });
}
