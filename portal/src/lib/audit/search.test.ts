import { expect, it } from 'vitest';
import { queryOf } from './search.ts';

it.each([
  { search: { action: '', from: '', to: '' }, query: {} },
  {
    search: { action: 'role.grant', from: '2026-11-22', to: '2026-11-22' },
    query: { action: 'role.grant', from: '2026-11-21T16:00:00.000Z', to: '2026-11-22T16:00:00.000Z' },
  },
  { search: { action: '', from: 'yesterday', to: '2026-13-01' }, query: {} },
])('$search asks for $query', ({ search, query }) => expect(queryOf(search)).toEqual(query));
