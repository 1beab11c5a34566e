import { describe, expect, it } from 'vitest';
import { assessUpLink } from './publisher-health.ts';

describe('the way up', () => {
  it.each([
    { name: 'nobody publishes', stats: [], expected: { audioBitrate: 0, videoBitrate: 0, lossUp: 0 } },
    {
      name: 'the worse loss counts',
      stats: [
        { kind: 'audio', bitrate: 64_000, fractionLost: 0 },
        { kind: 'video', bitrate: 1_400_000, fractionLost: 64 },
      ],
      expected: { audioBitrate: 64_000, videoBitrate: 1_400_000, lossUp: 0.25 },
    },
  ])('$name', ({ stats, expected }) => expect(assessUpLink(stats)).toEqual(expected));
});
