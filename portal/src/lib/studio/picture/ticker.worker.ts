import { nextTick } from './frame-clock.ts';
import { FRAMES_PER_SECOND } from './layout.ts';

/** A steady tick for browsers that draw on the page: a worker's timers run on when the page is hidden. */
const startedAt = performance.now();
let frame = 0;

function tick(): void {
  self.postMessage(frame);
  const next = nextTick(frame, startedAt, performance.now(), FRAMES_PER_SECOND);
  frame = next.frame;
  setTimeout(tick, next.waitMs);
}
tick();
