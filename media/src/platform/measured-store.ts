import { PreconditionFailed } from '@yike/storage/errors';
import type { ObjectStore } from '@yike/storage/object-store';
import type { Metrics } from './metrics.ts';

/** The same store, whose uploads are counted: what is behind it knows nothing of that. */
export function measuredStore(
  store: ObjectStore,
  { uploads, uploadedBytes }: Pick<Metrics, 'uploads' | 'uploadedBytes'>,
): ObjectStore {
  const put: ObjectStore['put'] = async (key, bytes, options) => {
    const stop = uploads.startTimer();
    try {
      const stored = await store.put(key, bytes, options);
      stop({ result: 'stored' });
      uploadedBytes.inc(bytes.length);
      return stored;
    } catch (error) {
      stop({ result: error instanceof PreconditionFailed ? 'conflict' : 'failed' });
      throw error;
    }
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'put') return put;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
