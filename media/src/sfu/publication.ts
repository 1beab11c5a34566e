import { EventEmitter } from 'node:events';
import type { MediaKind, Producer } from 'mediasoup/types';
import type { RecordingSource } from './recording-port.ts';

interface PublicationEvents {
  /** The set of producers changed: viewers should consume again. */
  changed: [];
  /** The first producer came, or the last one went. */
  joined: [];
  left: [];
  /** Nothing has changed for a moment, or both kinds are here: worth recording as it is. */
  stable: [RecordingSource['producers']];
}

/** A browser's camera and microphone arrive one after the other, a slow one's slowly; the recorder should begin once, with both. */
const SETTLE_MS = 1_000;

/** What is published in a room, one producer of each kind at most, and when that has settled. */
export class Publication extends EventEmitter<PublicationEvents> {
  readonly #byKind = new Map<MediaKind, Producer>();
  #settling: NodeJS.Timeout | undefined;

  get producers(): Producer[] {
    return [...this.#byKind.values()];
  }

  get kinds(): MediaKind[] {
    return [...this.#byKind.keys()];
  }

  has(kind: MediaKind): boolean {
    return this.#byKind.has(kind);
  }

  /** Takes a producer in; it goes by itself when it closes. */
  add(producer: Producer): void {
    this.#byKind.set(producer.kind, producer);
    producer.observer.once('close', () => this.#remove(producer));
    if (this.#byKind.size === 1) this.emit('joined');
    this.#change();
  }

  #remove(producer: Producer): void {
    if (this.#byKind.get(producer.kind) !== producer) return;
    this.#byKind.delete(producer.kind);
    this.#change();
    if (this.#byKind.size === 0) this.emit('left');
  }

  #change(): void {
    clearTimeout(this.#settling);
    this.emit('changed');
    if (this.#byKind.size === 2) this.#settle();
    if (this.#byKind.size === 1) this.#settling = setTimeout(() => this.#settle(), SETTLE_MS);
  }

  #settle(): void {
    const audio = this.#byKind.get('audio');
    const video = this.#byKind.get('video');
    this.emit('stable', { ...(audio && { audio }), ...(video && { video }) });
  }
}
