import { type CodeSent, type RequestCode, requestCode } from '@yike/contracts/http/codes';
import { ApiProblem, call } from '#lib/api/call.ts';

/** Asks for one code after another for a phone; tells when the next one may be asked for. */
export class CodeRequest {
  phone = $state('');
  code = $state('');
  readonly #purpose: RequestCode['purpose'];
  #sent = $state.raw<CodeSent | null>(null);
  #problem = $state.raw<ApiProblem | null>(null);
  #secondsLeft = $state(0);
  #isBusy = $state(false);
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(purpose: RequestCode['purpose']) {
    this.#purpose = purpose;
  }

  get isSent(): boolean {
    return this.#sent !== null;
  }

  /** Only where a demo shows what it does not send. */
  get demoCode(): string | undefined {
    return this.#sent?.demoCode;
  }

  /** Until another code may be asked for. */
  get secondsLeft(): number {
    return this.#secondsLeft;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  get problem(): ApiProblem | null {
    return this.#problem;
  }

  async send(): Promise<void> {
    this.#isBusy = true;
    this.#problem = null;
    try {
      this.#sent = await call(requestCode, { body: { phone: this.phone, purpose: this.#purpose } });
      this.code = '';
      this.#count(this.#sent.nextAfterSeconds);
    } catch (cause) {
      if (!(cause instanceof ApiProblem)) throw cause;
      this.#problem = cause;
      this.#count(cause.problem.retryAfterSeconds ?? 0);
    } finally {
      this.#isBusy = false;
    }
  }

  /** To be called when the page goes away. */
  close(): void {
    clearInterval(this.#timer);
  }

  #count(seconds: number): void {
    clearInterval(this.#timer);
    const untilMs = performance.now() + seconds * 1000;
    this.#secondsLeft = seconds;
    if (seconds <= 0) return;
    this.#timer = setInterval(() => {
      this.#secondsLeft = Math.max(0, Math.ceil((untilMs - performance.now()) / 1000));
      if (this.#secondsLeft === 0) clearInterval(this.#timer);
    }, 500);
  }
}
