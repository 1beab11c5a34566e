import type { BroadcastHealth } from '@yike/contracts/signaling/room';
import type { LoudnessVerdict } from './sound/loudness.ts';

/** One line for the lecturer: `good`, `waiting` (it will pass) or `bad` (something to do). */
export interface HealthLine {
  readonly about: 'recording' | 'sound' | 'network' | 'storage';
  readonly tone: 'good' | 'waiting' | 'bad';
  readonly says:
    | 'recording'
    | 'recordingStarting'
    | 'recordingWaiting'
    | 'recordingDegraded'
    | 'spooling'
    | 'soundGood'
    | 'soundQuiet'
    | 'soundSilent'
    | 'soundLoud'
    | 'soundMuted'
    | 'networkGood'
    | 'networkSlow';
}

export interface HealthFacts {
  /** What the node last said; undefined before the first time. */
  readonly health: BroadcastHealth | undefined;
  readonly loudness: LoudnessVerdict;
  readonly isMuted: boolean;
}

/** More than this many bytes in the spool are not the few seconds that are always under way. */
const SPOOLING_BYTES = 8_000_000;
const SLOW_LOSS = 0.05;
/** Bits per second below which 1280 x 720 is mud. */
const SLOW_VIDEO_BITRATE = 300_000;

/** The node's numbers and the meter's, in words: always recording, sound and network, storage only when it lags. */
export function judgeHealth({ health, loudness, isMuted }: HealthFacts): HealthLine[] {
  const lines = [recordingLine(health), soundLine(loudness, isMuted), networkLine(health)];
  if (health !== undefined && health.waitingBytes > SPOOLING_BYTES) {
    lines.push({ about: 'storage', tone: 'waiting', says: 'spooling' });
  }
  return lines;
}

function recordingLine(health: BroadcastHealth | undefined): HealthLine {
  switch (health?.recording) {
    case 'running':
      return { about: 'recording', tone: 'good', says: 'recording' };
    case 'waiting':
      return { about: 'recording', tone: 'waiting', says: 'recordingWaiting' };
    case 'degraded':
      return { about: 'recording', tone: 'bad', says: 'recordingDegraded' };
    default:
      return { about: 'recording', tone: 'waiting', says: 'recordingStarting' };
  }
}

function soundLine(loudness: LoudnessVerdict, isMuted: boolean): HealthLine {
  if (isMuted) return { about: 'sound', tone: 'bad', says: 'soundMuted' };
  const says = { silent: 'soundSilent', quiet: 'soundQuiet', good: 'soundGood', loud: 'soundLoud' } as const;
  const tone = { silent: 'bad', quiet: 'waiting', good: 'good', loud: 'waiting' } as const;
  return { about: 'sound', tone: tone[loudness], says: says[loudness] };
}

function networkLine(health: BroadcastHealth | undefined): HealthLine {
  const isSlow =
    health?.recording === 'running' &&
    (health.lossUp > SLOW_LOSS || health.videoBitrate < SLOW_VIDEO_BITRATE);
  return isSlow
    ? { about: 'network', tone: 'waiting', says: 'networkSlow' }
    : { about: 'network', tone: 'good', says: 'networkGood' };
}
