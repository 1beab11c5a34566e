import { checkSign } from '../../../domain/identity/mainland-id.ts';
import type { Person } from '../sealing.ts';

/** The n-th person of a test: no two have the same phone or number. @param n from 0, below 10,000,000 */
export function personNumber(n: number): Person {
  const born = 1940 + (n % 60);
  const seventeen = `440305${born}${String(1 + (n % 12)).padStart(2, '0')}${String(1 + (Math.floor(n / 12) % 28)).padStart(2, '0')}`;
  const order = String(Math.floor(n / 336) % 1000).padStart(3, '0');
  return {
    name: '王秀英',
    phone: `139${String(n).padStart(8, '0')}`,
    document: { type: 'mainland-id', number: seventeen + order + checkSign(seventeen + order) },
    groups: ['migrant-worker'],
    guardianId: null,
    verifiedAt: new Date('2026-11-22T02:00:00Z'),
  };
}
