import { createHmac, randomUUID } from 'node:crypto';
import {
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleType,
  type IPolicy,
  retry,
  wrap,
} from 'cockatiel';
import { type CodeMessage, CodeSender, MessageNotSent } from './code-sender.ts';

export interface Gateway {
  readonly url: string;
  readonly secret: string;
}

const WITHIN_MS = 3_000;
const RETRIES = 2;
/** So many failures in a row open the circuit: for a while nobody waits for a gateway that is down. */
const OPEN_AFTER = 5;
const OPEN_FOR_MS = 20_000;

/** The gateway was not reached, or it says itself that it is not well. */
class GatewayAway extends Error {}

/**
 * Hands messages to an HTTP gateway: `POST` of JSON with `x-yike-timestamp`, `x-yike-nonce` and `x-yike-signature`, the HMAC-SHA256 (hex)
 * of timestamp, nonce and body, joined by line feeds. The gateway answers 2xx when it has taken the message over; `id` is its idempotency key.
 */
export class HttpCodeSender extends CodeSender {
  readonly isShownOnPage = false;
  readonly #gateway: Gateway;
  readonly #policy: IPolicy;

  constructor(gateway: Gateway, openForMs = OPEN_FOR_MS) {
    super();
    this.#gateway = gateway;
    const away = handleType(GatewayAway);
    this.#policy = wrap(
      circuitBreaker(away, { halfOpenAfter: openForMs, breaker: new ConsecutiveBreaker(OPEN_AFTER) }),
      retry(away, {
        maxAttempts: RETRIES,
        backoff: new ExponentialBackoff({ initialDelay: 200, maxDelay: 2_000 }),
      }),
    );
  }

  async send(message: CodeMessage): Promise<void> {
    try {
      await this.#policy.execute(() => this.#post(message));
    } catch (cause) {
      throw new MessageNotSent('the gateway did not take the message', OPEN_FOR_MS / 1000, { cause });
    }
  }

  async #post(message: CodeMessage): Promise<void> {
    const body = JSON.stringify(message);
    const answer = await fetch(this.#gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.#signed(body) },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(WITHIN_MS),
    }).catch((cause: unknown) => {
      throw new GatewayAway('the gateway was not reached', { cause });
    });
    await answer.body?.cancel();
    if (answer.status >= 500 || answer.status === 429) throw new GatewayAway(`status ${answer.status}`);
    if (!answer.ok) throw new Error(`the gateway refused the message: status ${answer.status}`);
  }

  #signed(body: string): Record<string, string> {
    const timestamp = String(Date.now());
    const nonce = randomUUID();
    const signature = createHmac('sha256', this.#gateway.secret)
      .update([timestamp, nonce, body].join('\n'))
      .digest('hex');
    return { 'x-yike-timestamp': timestamp, 'x-yike-nonce': nonce, 'x-yike-signature': signature };
  }
}
