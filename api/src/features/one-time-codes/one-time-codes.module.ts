import { Module } from '@nestjs/common';
import type { Logger } from 'pino';
import type { ApiConfig } from '../../config.ts';
import { CONFIG, LOGGER } from '../../platform/tokens.ts';
import { CodeLimits } from './code-limits.ts';
import { CodeSender } from './code-sender.ts';
import { ConsoleCodeSender } from './console-code-sender.ts';
import { HttpCodeSender } from './http-code-sender.ts';
import { NoCodeSender } from './no-code-sender.ts';
import { OneTimeCodesRepository } from './one-time-codes.repository.ts';
import { OneTimeCodesController } from './one-time-codes.controller.ts';
import { OneTimeCodesService } from './one-time-codes.service.ts';
import { ShownCodeSender } from './shown-code-sender.ts';

/** The gateway where there is one; in the demo the page, or the operator's console where others can reach it. */
function senderFor(config: ApiConfig, log: Logger): CodeSender {
  const { SMS_GATEWAY_URL: url, SMS_GATEWAY_SECRET: secret } = config;
  if (url !== undefined && secret !== undefined) return new HttpCodeSender({ url, secret });
  if (!config.YIKE_DEMO) return new NoCodeSender();
  return config.DEMO_PASSWORDS === undefined ? new ShownCodeSender() : new ConsoleCodeSender(log);
}

/** Six digits to a phone, and back. */
@Module({
  controllers: [OneTimeCodesController],
  providers: [
    OneTimeCodesService,
    OneTimeCodesRepository,
    CodeLimits,
    { provide: CodeSender, inject: [CONFIG, LOGGER], useFactory: senderFor },
  ],
  exports: [OneTimeCodesService],
})
export class OneTimeCodesModule {}
