import type { MediaEvent } from '@yike/contracts/control/events';

/** Given up in this order when the outbox is full; all other events wait for the API however long it takes. */
const SHED_ORDER: readonly MediaEvent['type'][] = ['delivery.report', 'room.viewers'];

/** Whether an event must survive the process. */
export const isDurable = (event: MediaEvent): boolean => !SHED_ORDER.includes(event.type);

/** Makes room: of a queue longer than `limit` the oldest delivery reports go first, then the oldest viewer counts. */
export function shed(queue: readonly MediaEvent[], limit: number): MediaEvent[] {
  let surplus = queue.length - limit;
  let kept = [...queue];
  for (const type of SHED_ORDER) {
    if (surplus <= 0) break;
    kept = kept.filter((event) => event.type !== type || surplus-- <= 0);
  }
  return kept;
}

/** The first events of the queue that make one request: at most `maxEvents`, and `maxBytes` of JSON unless one alone is larger. */
export function nextBatch(
  queue: readonly MediaEvent[],
  { maxEvents, maxBytes }: { maxEvents: number; maxBytes: number },
): MediaEvent[] {
  const batch: MediaEvent[] = [];
  let bytes = 0;
  for (const event of queue) {
    bytes += Buffer.byteLength(JSON.stringify(event));
    if (batch.length >= maxEvents || (batch.length > 0 && bytes > maxBytes)) break;
    batch.push(event);
  }
  return batch;
}
