import type { BroadcastHealth } from '@yike/contracts/signaling/room';
import type { Producer, ProducerStat } from 'mediasoup/types';
import type { RecordingStatus } from './recording-port.ts';

type UpLink = Pick<BroadcastHealth, 'audioBitrate' | 'videoBitrate' | 'lossUp'>;

/** Bitrates of what arrives and the share that was lost on the way; RTCP counts losses in 1/256 (RFC 3550, 6.4.1). */
export function assessUpLink(
  stats: readonly Pick<ProducerStat, 'kind' | 'bitrate' | 'fractionLost'>[],
): UpLink {
  const bitrate = (kind: string) =>
    stats.filter((stat) => stat.kind === kind).reduce((sum, stat) => sum + stat.bitrate, 0);
  const lossUp = Math.max(0, ...stats.map(({ fractionLost }) => fractionLost / 256));
  return { audioBitrate: bitrate('audio'), videoBitrate: bitrate('video'), lossUp };
}

/** Asks the worker about each producer. */
export async function measureHealth(
  producers: readonly Producer[],
  { recording, savedMs, waitingBytes }: RecordingStatus,
  viewers: number,
): Promise<BroadcastHealth> {
  const stats = await Promise.all(producers.map((producer) => producer.getStats()));
  return { recording, savedMs, waitingBytes, viewers, ...assessUpLink(stats.flat()) };
}
