/**
 * Calls back once standard input has closed: the supervisor, which holds its other end, is gone.
 * A process whose parent was killed would else live on and hold the ports.
 */
export function watchParent(gone: () => void): void {
  process.stdin.on('end', gone).on('close', gone).on('error', gone);
  process.stdin.resume();
}
