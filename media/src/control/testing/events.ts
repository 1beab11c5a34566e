import type { MediaEvent } from '@yike/contracts/control/events';
import { BroadcastId, EventId, MediaNodeId, newId, RecordingId } from '@yike/contracts/ids';
import type { DraftEvent } from '../../recording/ports.ts';

type Content = DraftEvent extends infer E
  ? E extends DraftEvent
    ? Omit<E, 'broadcastId' | 'recordingId' | 'epoch'>
    : never
  : never;

const broadcastId = newId(BroadcastId);
const recordingId = newId(RecordingId);

/** A draft of one fixed broadcast. */
export const draftOf = (content: Content): DraftEvent => ({
  ...content,
  broadcastId,
  recordingId,
  epoch: 1000,
}); // The union is put together again.

/** The same, as the outbox would number it. */
export const eventOf = (content: Content, n: number): MediaEvent => ({
  ...draftOf(content),
  id: newId(EventId),
  nodeId: MediaNodeId.parse('local'),
  n,
  atMs: 1,
});
