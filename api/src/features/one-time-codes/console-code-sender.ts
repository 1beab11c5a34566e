import type { Logger } from 'pino';
import { type CodeMessage, CodeSender } from './code-sender.ts';

/** A demo that others can reach: the operator reads the codes in the console and hands them out. */
export class ConsoleCodeSender extends CodeSender {
  readonly isShownOnPage = false;
  readonly #log: Pick<Logger, 'info'>;

  constructor(log: Pick<Logger, 'info'>) {
    super();
    this.#log = log;
  }

  send({ phone, digits }: CodeMessage): Promise<void> {
    this.#log.info(
      { phoneEndsWith: phone.slice(-4), digits },
      'the demo sends no messages: this is the code',
    );
    return Promise.resolve();
  }
}
