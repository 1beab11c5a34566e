import { expect, it } from 'vitest';
import { rolesToGive } from './to-give.ts';

it.each([
  { roles: ['resident', 'curator', 'auditor'] as const, most: undefined },
  { roles: ['resident', 'administrator'] as const, most: 'administrator' },
  { roles: ['resident', 'administrator', 'platform-administrator'] as const, most: 'platform-administrator' },
])('$roles give at most $most', ({ roles, most }) => expect(rolesToGive(roles).at(-1)).toBe(most));
