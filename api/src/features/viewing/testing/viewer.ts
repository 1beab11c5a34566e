import type { Playback, ViewingSession, ViewingSummary } from '@yike/contracts/http/viewing';
import type { BroadcastId, PlaybackId, UnitId } from '@yike/contracts/ids';
import type {
  ApiToPortal,
  Beat,
  BeatAck,
  BeatSpan,
  PortalToApi,
  Reply,
} from '@yike/contracts/realtime/viewing';
import { io, type Socket } from 'socket.io-client';
import { SEGMENT_MS, segmentHash, type TestPerson, type ViewingApi } from './viewing-api.ts';

/** Who looks, from which process of the API, at what. */
interface ViewerPlace {
  readonly api: ViewingApi;
  readonly person: TestPerson;
  readonly origin: string;
  readonly lineageId: string;
}

interface WatchedBroadcast {
  readonly broadcastId: BroadcastId;
  readonly lineageId: string;
  /** By low-latency HLS in this player; without it by WebRTC. */
  readonly player?: 'hls.js' | 'native';
}

const liveRequest = ({ broadcastId, player }: WatchedBroadcast) =>
  player === undefined ? { mode: 'webrtc', broadcastId } : { mode: 'll-hls', broadcastId, player };

/** One tab of a resident's browser, as far as the API can see it. */
export class Viewer {
  readonly lost: string[] = [];
  #seq = 0;

  readonly socket: Socket<ApiToPortal, PortalToApi>;
  readonly playback: Playback;
  readonly #at: ViewerPlace;

  private constructor(at: ViewerPlace, socket: Socket<ApiToPortal, PortalToApi>, playback: Playback) {
    this.#at = at;
    this.socket = socket;
    this.playback = playback;
    socket.on('lease:lost', ({ playbackId }) => this.lost.push(playbackId));
  }

  /** Opens a session of a unit (or a broadcast) and a socket, without pressing Play. */
  static async open(
    api: ViewingApi,
    person: TestPerson,
    what: { unitId: UnitId; lineageId: string } | WatchedBroadcast,
    origin = api.origin,
  ): Promise<Viewer> {
    const body = 'unitId' in what ? { mode: 'hls', unitId: what.unitId } : liveRequest(what);
    const playback = await request<Playback>(origin, person, 'POST', '/api/playbacks', body);
    const socket: Socket<ApiToPortal, PortalToApi> = io(origin, {
      path: '/api/socket.io',
      transports: ['websocket'],
      extraHeaders: { cookie: person.cookie },
      forceNew: true,
    });
    return new Viewer({ api, person, origin, lineageId: what.lineageId }, socket, playback);
  }

  get id(): PlaybackId {
    return this.playback.id;
  }

  /** The client's clock, in ms since the session was opened. */
  get clockMs(): number {
    return this.#at.api.time.nowMs - Date.parse(this.playback.openedAt);
  }

  pressPlay(): Promise<Reply<{ since: string }>> {
    return this.socket.emitWithAck('lease:take', { playbackId: this.id });
  }

  /** Asks for the segments of a range of media, as its playlist names them; whether the bytes follow is another question. */
  async requestSegments(fromMs: number, toMs: number): Promise<void> {
    const token = this.playback.playlistUrl?.split('/')[2] ?? '';
    for (let seq = Math.floor(fromMs / SEGMENT_MS); seq * SEGMENT_MS < toMs; seq += 1) {
      const answer = await fetch(`${this.#at.origin}/playback/${token}/s/0/video/${seq}.m4s`, {
        redirect: 'manual',
        headers: { cookie: this.#at.person.cookie },
      });
      if (answer.status !== 302) throw new Error(`segment ${seq}: ${answer.status} ${await answer.text()}`);
    }
  }

  proofs(fromMs: number, toMs: number): Beat['proofs'] {
    const segments = [];
    for (let seq = Math.floor(fromMs / SEGMENT_MS); seq * SEGMENT_MS < toMs; seq += 1)
      segments.push(`0/video/${seq}`);
    return segments.map((segment) => ({ segment, sha256: segmentHash(this.#at.lineageId, segment) }));
  }

  beat(spans: BeatSpan[], proofs: Beat['proofs'] = []): Beat {
    this.#seq += 1;
    const last = spans.at(-1);
    const positionMs = last?.did === 'played' ? last.mediaToMs : 0;
    return { playbackId: this.id, seq: this.#seq, spans, proofs, positionMs };
  }

  /** Sends beats as they are, and gives whatever is answered. */
  send(...beats: Beat[]): Promise<Reply<BeatAck>> {
    return this.socket.timeout(30_000).emitWithAck('viewing:beat', { beats });
  }

  /**
   * Plays as an honest player does: fetches what comes, lets time pass, and makes a beat every ten seconds; the beats go off by the six,
   * as after a minute without network.
   * @returns the last acknowledgement
   */
  async play(fromMs: number, toMs: number, rate = 1): Promise<BeatAck> {
    let ack: Reply<BeatAck> | undefined;
    let unsent: Beat[] = [];
    for (let mediaMs = fromMs; mediaMs < toMs;) {
      const nextMs = Math.min(toMs, mediaMs + 10_000 * rate);
      await this.requestSegments(mediaMs, nextMs);
      const clockFromMs = this.clockMs;
      this.#at.api.advance((nextMs - mediaMs) / rate);
      const span = played(clockFromMs, this.clockMs, mediaMs, nextMs);
      unsent.push(this.beat([span], this.proofs(mediaMs, nextMs)));
      mediaMs = nextMs;
      if (unsent.length < 6 && mediaMs < toMs) continue;
      ack = await this.send(...unsent);
      unsent = [];
    }
    return valueOf(ack);
  }

  summary(): Promise<ViewingSummary> {
    return this.get(`/api/playbacks/${this.id}/summary`);
  }

  /** Milliseconds by reason, of this session. */
  async sums(): Promise<Record<string, number>> {
    const { items } = await this.get<{ items: ViewingSession[] }>('/api/me/viewing-sessions?limit=100');
    const session = items.find(({ id }) => id === this.id);
    const sums = Object.fromEntries((session?.sums ?? []).map(({ reason, ms }) => [reason, ms]));
    const total = Object.values(sums).reduce((sum, ms) => sum + ms, 0);
    if (total !== session?.lengthMs)
      throw new Error(`verdicts of ${total} ms in a session of ${session?.lengthMs ?? 0} ms`);
    return sums;
  }

  get<T>(path: string): Promise<T> {
    return request<T>(this.#at.origin, this.#at.person, 'GET', path);
  }

  async leave(): Promise<void> {
    await request(this.#at.origin, this.#at.person, 'DELETE', `/api/playbacks/${this.id}`);
    this.socket.disconnect();
  }
}

export const played = (
  clockFromMs: number,
  clockToMs: number,
  mediaFromMs: number,
  mediaToMs: number,
  hidden = false,
): BeatSpan => ({ did: 'played', clockFromMs, clockToMs, mediaFromMs, mediaToMs, hidden });

export async function request<T>(
  origin: string,
  person: TestPerson | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await fetch(`${origin}${path}`, {
    method,
    headers: {
      ...(person === null ? {} : { cookie: person.cookie }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      origin,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  // The caller names the contract's type.
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

export function valueOf<T>(reply: Reply<T> | undefined): T {
  if (reply?.ok !== true) throw new Error(`refused: ${JSON.stringify(reply?.problem)}`);
  return reply.value;
}
