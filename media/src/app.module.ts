import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import { CONFIG, type MediaConfig } from './config.ts';
import { ApiClient } from './control/api-client.ts';
import { Broadcasts } from './control/broadcasts.ts';
import { ControlController } from './control/control.controller.ts';
import { EventOutbox } from './control/event-outbox.ts';
import { EventShipper } from './control/event-shipper.ts';
import { Heartbeat } from './control/heartbeat.ts';
import { Lifecycle } from './control/lifecycle.ts';
import { HlsOrigin } from './hls/hls-origin.ts';
import { LiveBroadcasts } from './hls/live-broadcasts.ts';
import { HealthController } from './platform/health.controller.ts';
import { createLog, frameworkLog, LOG, type Log } from './platform/logger.ts';
import { Metrics } from './platform/metrics.ts';
import { NodeChecks } from './platform/node-checks.ts';
import { NodeFigures } from './platform/node-figures.ts';
import { ProblemFilter } from './platform/problems.ts';
import { recordingProvider, storeProvider } from './sfu/recording.provider.ts';
import { Rooms } from './sfu/rooms.ts';
import { SignalingDoor } from './sfu/signaling.door.ts';
import { SignalingGateway } from './sfu/signaling.gateway.ts';
import { TranscodeSlots } from './sfu/transcode-slots.ts';
import { Tickets } from './sfu/tickets.ts';
import { WorkerPool } from './sfu/worker-pool.ts';

/** The media node's table of contents. */
@Module({})
export class AppModule {
  static of(config: MediaConfig): DynamicModule {
    const log = createLog(config.LOG_LEVEL);
    return {
      module: AppModule,
      imports: [LoggerModule.forRoot({ pinoHttp: { logger: frameworkLog(log), autoLogging: false } })],
      controllers: [HealthController, ControlController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOG, useValue: log },
        { provide: APP_FILTER, useClass: ProblemFilter },
        Metrics,
        {
          provide: WorkerPool,
          inject: [CONFIG, LOG, Metrics],
          useFactory: (settings: MediaConfig, logger: Log, metrics: Metrics) =>
            WorkerPool.create(settings, logger, metrics),
        },
        // What comes in.
        Tickets,
        TranscodeSlots,
        SignalingDoor,
        SignalingGateway,
        Rooms,
        Broadcasts,
        HlsOrigin,
        LiveBroadcasts,
        // What is kept, and what goes out.
        storeProvider,
        recordingProvider,
        ApiClient,
        EventOutbox,
        EventShipper,
        Heartbeat,
        Lifecycle,
        // What an operator sees.
        NodeChecks,
        NodeFigures,
      ],
    };
  }
}
