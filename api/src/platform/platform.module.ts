import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { createMinioStore } from '@yike/storage/minio-store';
import type { ObjectStore } from '@yike/storage/object-store';
import { DataSource } from 'typeorm';
import type { Logger } from 'pino';
import type { ApiConfig } from '../config.ts';
import { createDataSource } from '../database/data-source.ts';
import { Clock, SystemClock } from './clock.ts';
import { AesGcmCipher } from './crypto/personal-data/aes-gcm-cipher.ts';
import { masterKeysOf } from './crypto/personal-data/master-keys.ts';
import { PersonalDataCipher } from './crypto/personal-data/personal-data-cipher.ts';
import { UnitOfWork } from './database/unit-of-work.ts';
import { HealthController } from './health/health.controller.ts';
import { PlatformChecks } from './health/platform-checks.ts';
import { MetricsController } from './health/metrics.controller.ts';
import { Metrics } from './health/metrics.ts';
import { ReadinessChecks } from './health/readiness.ts';
import { PublicOrigin } from './http/public-origin.ts';
import { validationPipe } from './http/validation.ts';
import { Ids } from './ids.ts';
import { createLogger } from './logger.ts';
import { ProcessFigures } from './observability/process-figures.ts';
import { ProblemFilter } from './problems/problem.filter.ts';
import { PortalSockets } from './realtime/portal-sockets.ts';
import { Acts } from './security/acts.ts';
import { ActsInterceptor } from './security/acts.interceptor.ts';
import { PolicyGuard } from './security/policy.guard.ts';
import { Revocations } from './security/revocations.ts';
import { SameOrigin } from './security/same-origin.ts';
import { RateLimits } from './shared/rate-limits.ts';
import { connectRedis, type Redis } from './shared/redis.ts';
import { CONFIG, LOGGER, OBJECT_STORE, REDIS } from './tokens.ts';

const common = [
  Clock,
  Ids,
  PersonalDataCipher,
  UnitOfWork,
  DataSource,
  PublicOrigin,
  SameOrigin,
  Metrics,
  ReadinessChecks,
  PortalSockets,
  Acts,
  Revocations,
  CONFIG,
  LOGGER,
  OBJECT_STORE,
  REDIS,
  RateLimits,
];

/** Outside production the keys may follow from APP_SECRET. */
const cipherFor = ({ PERSONAL_DATA_KEYS, PERSONAL_DATA_INDEX_KEY, APP_SECRET }: ApiConfig): AesGcmCipher =>
  new AesGcmCipher(masterKeysOf(PERSONAL_DATA_KEYS ?? APP_SECRET), PERSONAL_DATA_INDEX_KEY ?? APP_SECRET);

/** What every feature may ask for in its constructor: configuration, log, clock, database, object storage. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(REDIS) private readonly redis: Redis | null,
  ) {}

  static with(config: ApiConfig): DynamicModule {
    return {
      module: PlatformModule,
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useFactory: () => createLogger(config.LOG_LEVEL) },
        { provide: Clock, useClass: SystemClock },
        {
          provide: DataSource,
          inject: [LOGGER],
          useFactory: (log: Logger) => createDataSource(config.DATABASE_URL, log).initialize(),
        },
        {
          provide: OBJECT_STORE,
          useFactory: () =>
            createMinioStore({
              endpoint: config.S3_ENDPOINT,
              accessKey: config.S3_ACCESS_KEY,
              secretKey: config.S3_SECRET_KEY,
              bucket: config.S3_BUCKET,
              region: config.S3_REGION,
            }),
        },
        {
          provide: REDIS,
          inject: [LOGGER],
          useFactory: (log: Logger) => connectRedis(config.REDIS_URL, log),
        },
        { provide: PersonalDataCipher, useFactory: () => cipherFor(config) },
        RateLimits,
        Acts,
        Revocations,
        Ids,
        UnitOfWork,
        PublicOrigin,
        SameOrigin,
        Metrics,
        ReadinessChecks,
        PlatformChecks,
        ProcessFigures,
        PortalSockets,
        { provide: APP_PIPE, useFactory: validationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: PolicyGuard },
        { provide: APP_INTERCEPTOR, useClass: ActsInterceptor },
      ],
      exports: common,
    };
  }

  async onApplicationShutdown(): Promise<void> {
    this.store.close();
    this.redis?.destroy();
    await this.dataSource.destroy();
  }
}
