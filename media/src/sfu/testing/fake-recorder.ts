import type { BroadcastCommand } from '@yike/contracts/control/commands';
import type { RecordingPort, RecordingSource, RecordingStatus } from '../recording-port.ts';

/** A recorder that records nothing but what it was told. */
export class FakeRecorder implements RecordingPort {
  readonly told: string[] = [];
  /** What an earlier process had open. */
  wasOpen: BroadcastCommand[] = [];

  open({ firstEpoch }: BroadcastCommand): void {
    this.told.push(`open ${firstEpoch}`);
  }
  publish(_broadcastId: string, { producers }: RecordingSource): void {
    this.told.push(`publish ${Object.keys(producers).sort().join('+')}`);
  }
  unpublish(): void {
    this.told.push('unpublish');
  }
  close(): Promise<void> {
    this.told.push('close');
    return Promise.resolve();
  }
  status(): RecordingStatus {
    return { recording: 'running', savedMs: 8000, waitingBytes: 12, lastEpoch: 1001 };
  }
  recover(): BroadcastCommand[] {
    this.told.push('recover');
    return this.wasOpen;
  }
  shutdown(): Promise<void> {
    this.told.push('shutdown');
    return Promise.resolve();
  }
}
