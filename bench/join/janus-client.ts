interface JanusMessage {
  readonly janus: string;
  readonly transaction?: string;
  readonly data?: { readonly id: number };
  readonly plugindata?: { readonly data: Readonly<Record<string, unknown>> };
  readonly jsep?: RTCSessionDescriptionInit;
  readonly error?: { readonly reason: string };
}

/** A handle of one of Janus' plugins, over a WebSocket of its own. */
export class Janus {
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

  static async connect(url: string, plugin: string): Promise<Janus> {
    const socket = new WebSocket(url, 'janus-protocol');
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    const janus = new Janus(socket);
    janus.#session.session_id = (await janus.ask({ janus: 'create' })).data?.id;
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
