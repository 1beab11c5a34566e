import { createHash } from 'node:crypto';
import { closePlayback, listViewingSessions, type Playback } from '@yike/contracts/http/viewing';
import type { ApiToPortal, Beat, BeatAck, PortalToApi, Reply } from '@yike/contracts/realtime/viewing';
import { io, type Socket } from 'socket.io-client';
import type { ReplayReader } from './replay-reader.ts';

/** One segment line of a playlist. */
export interface ListedSegment {
  /** `s/<epoch>/<track>/<seq>.m4s` */
  readonly uri: string;
  readonly durationMs: number;
}

/** Speaks the real interfaces as a page does, and says what it likes. */
export class ForgedClient {
  readonly playback: Playback;
  readonly #reader: ReplayReader;
  readonly #socket: Socket<ApiToPortal, PortalToApi>;
  readonly #openedAtMs = performance.now();
  #seq = 0;

  private constructor(reader: ReplayReader, playback: Playback, socket: Socket<ApiToPortal, PortalToApi>) {
    this.#reader = reader;
    this.playback = playback;
    this.#socket = socket;
  }

  /** Opens a session of a unit and presses Play. */
  static async begin(reader: ReplayReader, unitId: string): Promise<ForgedClient> {
    const playback = await reader.openUnit(unitId);
    const socket = connect(reader);
    const client = new ForgedClient(reader, playback, socket);
    await client.#ask(() => socket.emitWithAck('lease:take', { playbackId: playback.id }));
    return client;
  }

  /** The same session by another connection of the same person, which another server may answer. */
  through(reader: ReplayReader): ForgedClient {
    return new ForgedClient(reader, this.playback, connect(reader));
  }

  /** Milliseconds since the session was opened, as the client says them. */
  get clockMs(): number {
    return Math.floor(performance.now() - this.#openedAtMs);
  }

  /** The lines of a track's playlist. */
  async segments(track: 'video' | 'audio'): Promise<ListedSegment[]> {
    const text = await (await this.#fetch(`${track}.m3u8`)).text();
    return [...text.matchAll(/#EXTINF:([\d.]+),\n(s\/\S+)/g)].map(([, seconds = '', uri = '']) => ({
      uri,
      durationMs: Math.round(Number.parseFloat(seconds) * 1000),
    }));
  }

  /** Asks for a segment and does not go where the answer points. */
  async askOnly({ uri }: ListedSegment): Promise<void> {
    const { status } = await this.#fetch(uri, 'manual');
    if (status !== 302) throw new Error(`${uri} answered ${status}`);
  }

  /** Gets a segment's bytes. @returns the honest proof of having them */
  async fetchWhole({ uri }: ListedSegment): Promise<Beat['proofs'][number]> {
    const bytes = Buffer.from(await (await this.#fetch(uri)).arrayBuffer());
    return { segment: nameOf(uri), sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  /** A claim that so much media was played in so much clock. */
  claim(
    clock: { fromMs: number; toMs: number },
    media: { fromMs: number; toMs: number },
    proofs: Beat['proofs'] = [],
  ): Beat {
    this.#seq += 1;
    const span = {
      did: 'played' as const,
      clockFromMs: clock.fromMs,
      clockToMs: clock.toMs,
      mediaFromMs: media.fromMs,
      mediaToMs: media.toMs,
      hidden: false,
    };
    return { playbackId: this.playback.id, seq: this.#seq, spans: [span], proofs, positionMs: media.toMs };
  }

  /** Sends beats; the server must take them, whatever it thinks of them. */
  send(beats: Beat[]): Promise<BeatAck> {
    return this.#ask(() => this.#socket.timeout(20_000).emitWithAck('viewing:beat', { beats }));
  }

  /** Lets go of the connection alone. */
  disconnect(): void {
    this.#socket.disconnect();
  }

  /** Leaves. @returns milliseconds of this session by verdict */
  async leave(): Promise<Record<string, number>> {
    this.#socket.disconnect();
    await this.#reader.send('DELETE', closePlayback.path.replace(':playbackId', this.playback.id));
    const { items } = await this.#reader.get(listViewingSessions);
    const session = items.find(({ id }) => id === this.playback.id);
    return Object.fromEntries((session?.sums ?? []).map(({ reason, ms }) => [reason, ms]));
  }

  async #ask<T>(question: () => Promise<Reply<T>>): Promise<T> {
    const reply = await question();
    if (!reply.ok) throw new Error(`refused: ${reply.problem.code}`);
    return reply.value;
  }

  #fetch(uri: string, redirect: 'follow' | 'manual' = 'follow'): Promise<Response> {
    const playlist = new URL(this.playback.playlistUrl ?? '', this.#reader.origin);
    return fetch(new URL(uri, playlist), { redirect, headers: { cookie: this.#reader.cookie } });
  }
}

const connect = (reader: ReplayReader): Socket<ApiToPortal, PortalToApi> =>
  io(reader.origin, {
    path: '/api/socket.io',
    transports: ['websocket'],
    extraHeaders: { cookie: reader.cookie, origin: reader.origin },
    forceNew: true,
  });

/** As a playlist's line names it, and as a proof does. */
export const nameOf = (uri: string): string => uri.replace(/^s\//, '').replace(/\.m4s$/, '');
