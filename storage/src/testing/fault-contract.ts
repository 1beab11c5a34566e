import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { NotFound, Unavailable } from '../errors.ts';
import { createMinioStore } from '../minio-store.ts';
import type { ObjectStore } from '../object-store.ts';
import { writeOnce } from '../write-once.ts';
import type { ContractContext } from './contract.ts';
import { type Fault, FaultyProxy } from './faulty-proxy.ts';

const FAULTS: readonly Fault[] = [
  'refuse',
  'hang',
  'error-500',
  'truncate-put',
  'ok-with-error-body',
  'drop-answer',
];
const STORING_NOTHING = FAULTS.filter((fault) => fault !== 'drop-answer');

/** The port before a storage that fails: always `Unavailable`, never a half object, and well again at once. */
export function faultContract(current: () => ContractContext): void {
  let proxy: FaultyProxy;
  let store: ObjectStore;

  beforeAll(async () => {
    const { target, bucket } = current();
    proxy = await FaultyProxy.create({ target: target.endpoint });
    store = createMinioStore({ ...target, endpoint: proxy.endpoint, bucket, idleTimeoutMs: 300 });
  });
  beforeEach(() => proxy.setFault('none'));
  afterAll(async () => {
    store.close();
    await proxy.close();
  });

  it.each(FAULTS)('a put meets %s', async (fault) => {
    await proxy.setFault(fault);
    const put = store.put(`fault/${fault}`, randomBytes(300_000));
    await expect(put).rejects.toBeInstanceOf(Unavailable);
    await expect(put).rejects.toMatchObject({ retryable: true });
  });

  it.each(STORING_NOTHING)('a put that met %s left nothing, and succeeds afterwards', async (fault) => {
    const key = `fault/after-${fault}`;
    const bytes = randomBytes(300_000);
    await proxy.setFault(fault);
    await expect(store.put(key, bytes)).rejects.toBeInstanceOf(Unavailable);
    await proxy.setFault('none');
    await expect(current().store.head(key)).rejects.toBeInstanceOf(NotFound);
    await store.put(key, bytes, { ifNoneMatch: '*' });
    expect(await store.getBuffer(key)).toEqual(bytes);
  });

  it.each(['refuse', 'hang', 'error-500', 'ok-with-error-body', 'drop-answer'] as const)(
    'reads meet %s',
    async (fault) => {
      await proxy.setFault(fault);
      await expect(store.getBuffer('fault/any')).rejects.toBeInstanceOf(Unavailable);
      await expect(store.ping().then(() => store.head('fault/any'))).rejects.toBeInstanceOf(Unavailable);
      await expect(store.list('fault/')[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(Unavailable);
    },
  );

  it('writes once across a lost answer', async () => {
    const bytes = randomBytes(100_000);
    await proxy.setFault('drop-answer');
    await expect(writeOnce(store, 'fault/lost-answer', bytes)).rejects.toBeInstanceOf(Unavailable);
    await proxy.setFault('none');
    await writeOnce(store, 'fault/lost-answer', bytes);
    expect(await store.getBuffer('fault/lost-answer')).toEqual(bytes);
  });

  it('counts the requests that met a fault', async () => {
    const before = proxy.faultyRequests;
    await proxy.setFault('error-500');
    await expect(store.ping()).rejects.toBeInstanceOf(Unavailable);
    expect(proxy.faultyRequests).toBe(before + 1);
  });
}
