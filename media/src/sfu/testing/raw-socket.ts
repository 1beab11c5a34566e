/** A WebSocket that speaks engine.io and socket.io by hand: for what socket.io's own client would never send. */
export class RawSocket {
  readonly #socket: WebSocket;
  readonly #frames: string[] = [];
  /** socket.io has let it in. */
  readonly admitted: Promise<void>;
  readonly #closed: Promise<string>;

  constructor(url: string, token: string) {
    this.#socket = new WebSocket(
      `${url.replace('http', 'ws')}/media/test/socket.io/?EIO=4&transport=websocket`,
    );
    this.#closed = new Promise((resolve) => (this.#socket.onclose = () => resolve('closed')));
    this.admitted = new Promise((resolve) => {
      this.#socket.onmessage = ({ data }) => {
        const frame = String(data);
        if (frame.startsWith('0')) this.#socket.send(`40${JSON.stringify({ token })}`);
        else if (frame.startsWith('40')) resolve();
        else if (frame === '2') this.#socket.send('3');
        else this.#frames.push(frame);
      };
    });
  }

  send(frame: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(frame);
  }

  close(): void {
    this.#socket.close();
  }

  /** The answer, or `closed`, whichever comes; `silent` when neither does within two seconds. */
  async outcome(): Promise<string> {
    const silent = new Promise<string>((resolve) => setTimeout(resolve, 2000, 'silent'));
    const answered = new Promise<string>((resolve) => {
      const looking = setInterval(() => {
        const [frame] = this.#frames;
        if (frame !== undefined) resolve(frame);
      }, 10);
      void Promise.race([silent, this.#closed]).then(() => clearInterval(looking));
    });
    const outcome = await Promise.race([answered, this.#closed, silent]);
    this.#socket.close();
    return outcome;
  }
}
