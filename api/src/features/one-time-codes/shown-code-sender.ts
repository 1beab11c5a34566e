import { CodeSender } from './code-sender.ts';

/** The demo's: no message leaves the machine, the page shows the code. */
export class ShownCodeSender extends CodeSender {
  readonly isShownOnPage = true;

  send(): Promise<void> {
    return Promise.resolve();
  }
}
