import { joinBroadcast } from '@yike/contracts/http/broadcasts';
import type { BroadcastId } from '@yike/contracts/ids';
import { call } from '#lib/api/call.ts';
import { pause } from './back-off.ts';
import { ReceiveMedia } from './receive-media.ts';
import { RoomConnection } from './room-connection.ts';

const LOOK_EVERY_MS = 500;
/** So many looks in a row must find more of the sound. */
const ENOUGH_LOOKS = 4;
const MOST_LOOKS = 14;

/**
 * Whether WebRTC comes through now, tried beside the picture that is shown: by a place in the room of its own that counts for nobody, and with
 * the sound alone, so that a thin line keeps its picture. Takes 2 to 7 s; false when the signal is given.
 */
export async function triesWebrtc(broadcastId: BroadcastId, signal: AbortSignal): Promise<boolean> {
  const role = new ReceiveMedia(() => undefined, { hasPicture: false });
  const over = new AbortController();
  const end = (): void => over.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  const connection = new RoomConnection({
    role,
    ticket: () => call(joinBroadcast, { params: { broadcastId }, body: { as: 'viewer' } }),
    givesUpOn: ['node-full'],
    onConnection: () => undefined,
    onState: () => undefined,
    onClosed: end,
    onRefused: end,
  });
  try {
    let [last, inARow] = [0, 0];
    for (let look = 0; look < MOST_LOOKS && !over.signal.aborted; look += 1) {
      await pause(LOOK_EVERY_MS, over.signal);
      const { arrived } = await role.progress();
      inARow = arrived > last ? inARow + 1 : 0;
      last = arrived;
      if (inARow === ENOUGH_LOOKS) return !over.signal.aborted;
    }
    return false;
  } finally {
    signal.removeEventListener('abort', end);
    connection.close();
  }
}
