import { invalidate } from '$app/navigation';

/**
 * Asks a page's facts again while it is looked at: every `everyMs`, and when it comes into view again.
 * @param key what the load function named by `depends`
 * @param everyMs milliseconds; null while nothing can change
 */
export function refreshWhileSeen(key: `yike:${string}`, everyMs: () => number | null): void {
  $effect(() => {
    const ms = everyMs();
    if (ms === null) return;
    const refresh = () => {
      if (document.visibilityState === 'visible') void invalidate(key);
    };
    const timer = setInterval(refresh, ms);
    document.addEventListener('visibilitychange', refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
    };
  });
}
