import { RequestId } from '@yike/contracts/request-id';
import { expect, it } from 'vitest';
import { newRequestId } from './request-id.ts';

it('is an id that every process takes, and another each time', () => {
  const [one, other] = [newRequestId(), newRequestId()];
  expect(RequestId.parse(one)).toHaveLength(32);
  expect(one).not.toBe(other);
});
