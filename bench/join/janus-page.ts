// The same thin viewer for Janus' streaming plugin over its WebSocket: session, handle, offer, answer, media.
import { firstFrame } from './first-frame.ts';

interface JanusMessage {
  readonly janus: string;
  readonly transaction?: string;
  readonly data?: { readonly id: number };
  readonly jsep?: RTCSessionDescriptionInit;
  readonly error?: { readonly reason: string };
}

class Janus {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (message: JanusMessage) => void>();
  readonly #session: { session_id?: number | undefined; handle_id?: number | undefined } = {};
  #number = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as JanusMessage;
      // What the plugin has to say comes after an empty acknowledgement.
      if (message.janus !== 'ack') this.#waiting.get(message.transaction ?? '')?.(message);
    };
  }

  static async connect(url: string): Promise<Janus> {
    const socket = new WebSocket(url, 'janus-protocol');
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    const janus = new Janus(socket);
    janus.#session.session_id = (await janus.ask({ janus: 'create' })).data?.id;
    const plugin = 'janus.plugin.streaming';
    janus.#session.handle_id = (await janus.ask({ janus: 'attach', plugin })).data?.id;
    return janus;
  }

  ask(request: object): Promise<JanusMessage> {
    const transaction = String((this.#number += 1));
    this.tell({ ...request, transaction });
    return new Promise((resolve, reject) => {
      this.#waiting.set(transaction, (message) => {
        if (message.error === undefined) resolve(message);
        else reject(new Error(message.error.reason));
      });
    });
  }

  tell(request: object): void {
    this.#socket.send(JSON.stringify({ transaction: 'none', ...this.#session, ...request }));
  }

  close(): void {
    this.#socket.close();
  }
}

/** @returns ms from nothing to the first decoded picture */
async function join(url: string, mountpoint: number): Promise<number> {
  const startedAt = performance.now();
  const janus = await Janus.connect(url);
  const { jsep } = await janus.ask({ janus: 'message', body: { request: 'watch', id: mountpoint } });
  if (jsep === undefined) throw new Error('Janus offered nothing');
  const connection = new RTCPeerConnection();
  const picture = new Promise<MediaStreamTrack>((resolve) => {
    connection.ontrack = ({ track }) => {
      if (track.kind === 'video') resolve(track);
    };
  });
  connection.onicecandidate = ({ candidate }) =>
    janus.tell({ janus: 'trickle', candidate: candidate ?? { completed: true } });
  await connection.setRemoteDescription(jsep);
  const seen = picture.then(firstFrame);
  const answer = await connection.createAnswer();
  await connection.setLocalDescription(answer);
  await janus.ask({ janus: 'message', body: { request: 'start' }, jsep: answer });
  const tookMs = (await seen) - startedAt;
  connection.close();
  janus.close();
  return tookMs;
}

Object.assign(globalThis, { joinOnce: join });
