import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { Metrics } from '../../platform/health/metrics.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { FiguresRepository } from './figures.repository.ts';

/** A gauge by its name, what it says, and its one label. */
interface Figure {
  readonly name: string;
  readonly help: string;
  readonly label?: string;
  /** Values by the label's value; `''` where there is no label. */
  readonly read: () => Promise<Record<string, number>>;
}

/** Figures of the whole product, read from the database when Prometheus asks; while it is away they are missing, not zero. */
@Injectable()
export class OperatorFigures {
  constructor(
    private readonly figures: FiguresRepository,
    private readonly unitOfWork: UnitOfWork,
    { registry }: Metrics,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    for (const figure of this.all()) this.register(figure, registry);
  }

  private all(): Figure[] {
    const tx = this.unitOfWork.reader;
    return [
      {
        name: 'yike_broadcasts_running_broadcasts',
        help: 'Broadcasts on air, and those whose lecturer is away. Unit: broadcasts.',
        label: 'state',
        read: async () => {
          const { live, interrupted } = await this.figures.broadcasts(tx);
          return { live, interrupted };
        },
      },
      {
        name: 'yike_broadcasts_watching_viewers',
        help: 'Viewers of all running broadcasts, as their nodes say. Unit: viewers.',
        read: async () => ({ '': (await this.figures.broadcasts(tx)).viewers }),
      },
      {
        name: 'yike_recordings_unfinished_recordings',
        help: 'Broadcasts over for ten minutes whose recording is not complete. Unit: recordings.',
        read: async () => ({ '': (await this.figures.broadcasts(tx)).unfinished }),
      },
      {
        name: 'yike_recordings_gap_seconds',
        help: 'Length of all gaps in the recordings begun in the last 24 hours. Unit: seconds.',
        read: async () => ({ '': (await this.figures.recordings(tx)).gapSeconds }),
      },
      {
        name: 'yike_recordings_degraded_recordings',
        help: 'Recordings of the last 24 hours that lost media which had been received. Unit: recordings.',
        read: async () => ({ '': (await this.figures.recordings(tx)).degraded }),
      },
      {
        name: 'yike_media_nodes_known_nodes',
        help: 'Media nodes heard of in the last day; silent: not in the last 15 s. Unit: nodes.',
        label: 'state',
        read: async () => ({ ...(await this.figures.nodes(tx)) }),
      },
      {
        name: 'yike_media_events_parked_events',
        help: 'Events of media nodes that were refused and wait for a person. Unit: events.',
        read: async () => ({ '': await this.figures.parkedEvents(tx) }),
      },
    ];
  }

  private register({ name, help, label, read }: Figure, registry: Registry): void {
    const { log } = this;
    new Gauge({
      name,
      help,
      registers: [registry],
      labelNames: label === undefined ? [] : [label],
      async collect() {
        this.reset();
        try {
          for (const [value, count] of Object.entries(await read())) {
            if (label === undefined) this.set(count);
            else this.set({ [label]: value }, count);
          }
        } catch (error) {
          this.remove({});
          log.warn({ err: error, metric: name }, 'a figure could not be read');
        }
      },
    });
  }
}
