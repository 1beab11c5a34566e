import { CodeSender, MessageNotSent } from './code-sender.ts';

const ASK_AGAIN_AFTER_S = 3_600;

/** A deployment without a gateway: signing in goes by password. */
export class NoCodeSender extends CodeSender {
  readonly isShownOnPage = false;

  send(): Promise<void> {
    return Promise.reject(new MessageNotSent('there is no gateway for messages', ASK_AGAIN_AFTER_S));
  }
}
