import { expect, it } from 'vitest';
import { defaultSlots } from './transcode-slots.ts';

it.each([
  { cores: 1, slots: 1 },
  { cores: 2, slots: 1 },
  { cores: 4, slots: 2 },
  { cores: 16, slots: 8 },
])('$cores cores encode $slots pictures', ({ cores, slots }) => expect(defaultSlots(cores)).toBe(slots));
