import type { BeatAck, BeatBatch, Reply } from '@yike/contracts/realtime/viewing';

/** Node's own client takes headers; the type of browsers does not know them. */
type NodeWebSocket = new (url: string, options: { headers: Record<string, string> }) => WebSocket;

/**
 * A portal's socket reduced to what beats need (engine.io 4 and socket.io 5 on a bare WebSocket): a bench that spends little of its own on
 * thousands of pages.
 */
export class PortalWire {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: Reply<BeatAck>) => void>();
  #number = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static open(origin: string, cookie: string): Promise<PortalWire> {
    const Client = WebSocket as unknown as NodeWebSocket; // See there.
    const url = `${origin.replace('http', 'ws')}/api/socket.io/?EIO=4&transport=websocket`;
    const socket = new Client(url, { headers: { cookie } });
    const wire = new PortalWire(socket);
    return new Promise((resolve, reject) => {
      socket.onerror = () => reject(new Error('the socket was refused'));
      socket.onmessage = ({ data }: MessageEvent<string>) => {
        if (data.startsWith('43')) wire.#acknowledge(data);
        else if (data.startsWith('40')) resolve(wire);
        else if (data.startsWith('0')) socket.send('40');
        else if (data === '2') socket.send('3');
      };
    });
  }

  beat(batch: BeatBatch): Promise<Reply<BeatAck>> {
    const number = (this.#number += 1);
    this.#socket.send(`42${number}${JSON.stringify(['viewing:beat', batch])}`);
    return new Promise((resolve) => this.#waiting.set(number, resolve));
  }

  close(): void {
    this.#socket.close();
  }

  #acknowledge(packet: string): void {
    const begin = packet.indexOf('[');
    const number = Number(packet.slice(2, begin));
    const [reply] = JSON.parse(packet.slice(begin)) as [Reply<BeatAck>];
    this.#waiting.get(number)?.(reply);
    this.#waiting.delete(number);
  }
}
