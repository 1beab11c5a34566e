import type { BroadcastHealth } from '@yike/contracts/signaling/room';
import { expect, it } from 'vitest';
import { type HealthFacts, judgeHealth } from './health.ts';

const running: BroadcastHealth = {
  recording: 'running',
  savedMs: 60_000,
  waitingBytes: 500_000,
  viewers: 3,
  videoBitrate: 1_500_000,
  audioBitrate: 90_000,
  lossUp: 0,
};
const says = (facts: Partial<HealthFacts>) =>
  judgeHealth({ health: running, loudness: 'good', isMuted: false, ...facts }).map((line) => line.says);

it.each([
  { name: 'all is well', facts: {}, lines: ['recording', 'soundGood', 'networkGood'] },
  {
    name: 'before the first word of the node',
    facts: { health: undefined },
    lines: ['recordingStarting', 'soundGood', 'networkGood'],
  },
  {
    name: 'starting',
    facts: { health: { ...running, recording: 'starting' as const, videoBitrate: 0 } },
    lines: ['recordingStarting', 'soundGood', 'networkGood'],
  },
  {
    name: 'nothing arrives',
    facts: { health: { ...running, recording: 'waiting' as const, videoBitrate: 0 } },
    lines: ['recordingWaiting', 'soundGood', 'networkGood'],
  },
  {
    name: 'the spool is full',
    facts: { health: { ...running, recording: 'degraded' as const } },
    lines: ['recordingDegraded', 'soundGood', 'networkGood'],
  },
  {
    name: '5 % loss is bearable',
    facts: { health: { ...running, lossUp: 0.05 } },
    lines: ['recording', 'soundGood', 'networkGood'],
  },
  {
    name: 'more is not',
    facts: { health: { ...running, lossUp: 0.051 } },
    lines: ['recording', 'soundGood', 'networkSlow'],
  },
  {
    name: 'a thin up-link',
    facts: { health: { ...running, videoBitrate: 299_999 } },
    lines: ['recording', 'soundGood', 'networkSlow'],
  },
  {
    name: 'storage lags',
    facts: { health: { ...running, waitingBytes: 8_000_001 } },
    lines: ['recording', 'soundGood', 'networkGood', 'spooling'],
  },
  {
    name: 'a dead microphone',
    facts: { loudness: 'silent' as const },
    lines: ['recording', 'soundSilent', 'networkGood'],
  },
  {
    name: 'a muted one',
    facts: { loudness: 'silent' as const, isMuted: true },
    lines: ['recording', 'soundMuted', 'networkGood'],
  },
])('$name', ({ facts, lines }) => expect(says(facts)).toEqual(lines));
