import { AsyncLocalStorage } from 'node:async_hooks';

const requests = new AsyncLocalStorage<{ readonly requestId: string }>();

/** Does the work, and all that it sets going, on behalf of this request. */
export const inRequest = <T>(requestId: string, work: () => T): T => requests.run({ requestId }, work);

/** On whose behalf the caller works; undefined for what the process does by itself. */
export const currentRequestId = (): string | undefined => requests.getStore()?.requestId;
