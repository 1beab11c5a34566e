import { EventEmitter } from 'node:events';
import type { MediaKind, Producer } from 'mediasoup/types';
import { type Hearing, isQuiet, isSilent, lookAgain, NOT_YET_HEARD } from './hearing.ts';
import type { RecordingSource } from './recording-port.ts';

interface PublicationEvents {
  /** The set of producers changed: viewers should consume again. */
  changed: [];
  /** Packets cease to come, or come again: `isHeard` has changed. */
  heard: [];
  /** Somebody publishes: the first producer came, or packets come again. */
  joined: [];
  /** Nobody does any more: the last producer went, or no packet of any has come for some seconds (a cut network). */
  left: [];
  /** Nothing has changed for a moment, or both kinds are here: worth recording as it is. */
  stable: [RecordingSource['producers']];
}

/** A browser's camera and microphone arrive one after the other, a slow one's slowly; the recorder should begin once, with both. */
const SETTLE_MS = 1_000;
const LISTEN_EVERY_MS = 500;

/** What is published in a room, one producer of each kind at most; when that has settled, and whether anything comes of it. */
export class Publication extends EventEmitter<PublicationEvents> {
  readonly #byKind = new Map<MediaKind, Producer>();
  #settling: NodeJS.Timeout | undefined;
  #listening: NodeJS.Timeout | undefined;
  #hearing: Hearing = NOT_YET_HEARD;
  #isPresent = false;
  #wasHeard = false;

  get producers(): Producer[] {
    return [...this.#byKind.values()];
  }

  get kinds(): MediaKind[] {
    return [...this.#byKind.keys()];
  }

  /** Somebody publishes, and is heard. */
  get isPresent(): boolean {
    return this.#isPresent && this.#byKind.size > 0;
  }

  /** Present, and packets came just now. */
  get isHeard(): boolean {
    return this.isPresent && !isQuiet(this.#hearing);
  }

  /** Lets go of a publisher who is not heard any more, so that another may take the place. */
  dropSilent(): void {
    if (!this.#isPresent) for (const producer of this.producers) producer.close();
  }

  has(kind: MediaKind): boolean {
    return this.#byKind.has(kind);
  }

  /** Takes a producer in; it goes by itself when it closes. */
  add(producer: Producer): void {
    this.#byKind.set(producer.kind, producer);
    producer.observer.once('close', () => this.#remove(producer));
    this.#hearing = NOT_YET_HEARD;
    this.#listening ??= setInterval(() => void this.#listen(), LISTEN_EVERY_MS);
    this.#follow();
    this.#change();
  }

  #remove(producer: Producer): void {
    if (this.#byKind.get(producer.kind) !== producer) return;
    this.#byKind.delete(producer.kind);
    if (this.#byKind.size === 0) {
      clearInterval(this.#listening);
      this.#listening = undefined;
    }
    this.#change();
    this.#follow();
  }

  async #listen(): Promise<void> {
    const { producers } = this;
    try {
      const stats = await Promise.all(producers.map((producer) => producer.getStats()));
      const packets = stats.flat().reduce((sum, { packetCount }) => sum + packetCount, 0);
      this.#hearing = lookAgain(this.#hearing, packets);
    } catch {
      return; // One has closed under the question.
    }
    const wasPresent = this.#isPresent;
    this.#follow();
    if (this.#isPresent && !wasPresent) this.#settle();
  }

  /** Says so when somebody came or went, or is not heard for the moment. */
  #follow(): void {
    const isPresent = this.#byKind.size > 0 && !isSilent(this.#hearing);
    const hasChanged = isPresent !== this.#isPresent;
    this.#isPresent = isPresent;
    if (this.isHeard !== this.#wasHeard) {
      this.#wasHeard = this.isHeard;
      this.emit('heard');
    }
    if (hasChanged) this.emit(isPresent ? 'joined' : 'left');
  }

  #change(): void {
    clearTimeout(this.#settling);
    this.emit('changed');
    if (this.#byKind.size === 2) this.#settle();
    if (this.#byKind.size === 1) this.#settling = setTimeout(() => this.#settle(), SETTLE_MS);
  }

  #settle(): void {
    if (!this.#isPresent) return;
    const audio = this.#byKind.get('audio');
    const video = this.#byKind.get('video');
    this.emit('stable', { ...(audio && { audio }), ...(video && { video }) });
  }
}
