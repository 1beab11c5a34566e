/** Keeps the screen on while one is on air; taken again when the page comes back into view. @returns lets it sleep */
export function keepAwake(): () => void {
  // Not in every browser, whatever the DOM's types promise.
  const wakeLock = navigator.wakeLock as WakeLock | undefined;
  let held: WakeLockSentinel | undefined;
  let isOver = false;
  const take = async () => {
    if (wakeLock === undefined || document.visibilityState !== 'visible') return;
    try {
      const lock = await wakeLock.request('screen');
      if (isOver) await lock.release();
      else held = lock;
    } catch (cause) {
      console.info('the screen may go to sleep', cause);
    }
  };
  const seen = () => void take();
  document.addEventListener('visibilitychange', seen);
  void take();
  return () => {
    isOver = true;
    document.removeEventListener('visibilitychange', seen);
    void held?.release();
  };
}
