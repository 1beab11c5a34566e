import { AsyncLocalStorage } from 'node:async_hooks';
import type { Role } from '@yike/contracts/http/accounts';
import type { Action } from '../../domain/policy/actions.ts';

/** What is known of a request while it is worked on. */
export interface RequestNotes {
  readonly requestId: string;
  /** From where it came; undefined for what does not say. */
  readonly address: string | undefined;
  /** What the policy has allowed about the very thing, and the role that made it so. */
  readonly decided: Map<Action, Role | null>;
  /** What has been written into the audit log. */
  readonly audited: Set<Action>;
}

const requests = new AsyncLocalStorage<RequestNotes>();

/** Does the work, and all that it sets going, on behalf of this request. */
export const inRequest = <T>(requestId: string, address: string | undefined, work: () => T): T =>
  requests.run({ requestId, address, decided: new Map(), audited: new Set() }, work);

/** On whose behalf the caller works; undefined for what the process does by itself. */
export const currentRequest = (): RequestNotes | undefined => requests.getStore();

export const currentRequestId = (): string | undefined => requests.getStore()?.requestId;
