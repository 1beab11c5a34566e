import type { CodePurpose } from '@yike/contracts/http/codes';
import { TryLater } from '../../platform/problems/problems.ts';

/** One message to one phone. */
export interface CodeMessage {
  /** The same when it is tried again: a gateway sends it once. */
  readonly id: string;
  /** Eleven digits of a mainland mobile. */
  readonly phone: string;
  readonly digits: string;
  readonly purpose: CodePurpose;
  readonly validMinutes: number;
}

/** Brings a code to a phone. */
export abstract class CodeSender {
  /** True where the page itself shows the code, since nothing is sent. */
  abstract readonly isShownOnPage: boolean;

  /** Resolves when the message was taken over. @throws MessageNotSent */
  abstract send(message: CodeMessage): Promise<void>;
}

/** The gateway did not take the message. Nothing was counted; one may try again. */
export class MessageNotSent extends TryLater {
  readonly code = 'message-not-sent';
}
