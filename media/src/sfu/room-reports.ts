import type { BroadcastCommand } from '@yike/contracts/control/commands';
import type { Log } from '../platform/logger.ts';
import type { DraftEvent, EventSink } from '../recording/ports.ts';
import { DeliveryReporter } from './delivery-reporter.ts';
import { measureHealth } from './publisher-health.ts';
import type { RecordingPort } from './recording-port.ts';
import type { Room } from './room.ts';

const HEALTH_EVERY_MS = 2000;

interface RoomReportsDeps {
  readonly recording: RecordingPort;
  readonly events: EventSink;
  readonly log: Log;
}

type ReportedType = 'publisher.joined' | 'publisher.left' | 'room.viewers' | 'delivery.report';
/** What is said, without what all events of a broadcast have in common. */
type Content = {
  [T in ReportedType]: Omit<Extract<DraftEvent, { type: T }>, 'broadcastId' | 'recordingId' | 'epoch'>;
}[ReportedType];

/** Carries what happens in a room to where it matters: the recorder, the API, the lecturer. */
export class RoomReports {
  readonly #room: Room;
  readonly #deps: RoomReportsDeps;
  readonly #health: NodeJS.Timeout;
  readonly #delivery: DeliveryReporter;
  #command: BroadcastCommand;

  constructor(room: Room, command: BroadcastCommand, deps: RoomReportsDeps) {
    this.#room = room;
    this.#command = command;
    this.#deps = deps;
    room.on('stable', (source) => deps.recording.publish(command.broadcastId, source));
    room.on('publisher-joined', () => this.#emit({ type: 'publisher.joined' }));
    room.on('publisher-left', () => {
      deps.recording.unpublish(command.broadcastId);
      this.#emit({ type: 'publisher.left' });
    });
    room.on('viewers', (viewers) => this.#emit({ type: 'room.viewers', viewers }));
    room.on('rebuilt', () =>
      deps.log.warn({ broadcastId: command.broadcastId }, 'room rebuilt on another worker'),
    );
    this.#delivery = new DeliveryReporter(room, (lines) => this.#emit({ type: 'delivery.report', lines }));
    this.#health = setInterval(() => void this.#tellHealth(), HEALTH_EVERY_MS);
  }

  /** A later placement of the same broadcast: its block of epochs counts from now on. */
  follow(command: BroadcastCommand): void {
    this.#command = command;
  }

  /** Reports the last deliveries; to be called after the room has closed. */
  async close(): Promise<void> {
    clearInterval(this.#health);
    await this.#delivery.close();
  }

  async #tellHealth(): Promise<void> {
    const { producers, viewers, broadcastId } = this.#room;
    try {
      const recording = this.#deps.recording.status(broadcastId);
      this.#room.tellPublisher(await measureHealth(producers, recording, viewers));
    } catch (error) {
      // A producer closed under the question: the next answer comes in 2 s.
      this.#deps.log.debug({ err: error, broadcastId }, 'no health this time');
    }
  }

  #emit(content: Content): void {
    const { broadcastId, recordingId, firstEpoch } = this.#command;
    const epoch = this.#deps.recording.status(broadcastId).lastEpoch ?? firstEpoch;
    void this.#deps.events.emit({ ...content, broadcastId, recordingId, epoch });
  }
}
