import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { map, type Observable } from 'rxjs';
import { Metrics } from '../health/metrics.ts';
import { currentRequest } from '../observability/request-context.ts';
import { LOGGER } from '../tokens.ts';
import { missingOf } from './accounted.ts';
import { actionOf } from './does.ts';

/** Holds back the answer of a route that went past the policy or the audit log: the door behind the door. */
@Injectable()
export class ActsInterceptor implements NestInterceptor {
  readonly #withheld: Counter;

  constructor(
    { registry }: Metrics,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#withheld = new Counter({
      name: 'yike_answers_withheld_total',
      help: 'Answers held back since nobody had decided about the thing, or the act is not in the audit log: anything but 0 is a fault of ours. Unit: answers.',
      registers: [registry],
    });
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const action = actionOf(context.getHandler(), context.getClass());
    if (context.getType() !== 'http' || action === undefined) return next.handle();
    return next.handle().pipe(
      map((answer: unknown) => {
        const missing = missingOf(action, currentRequest());
        if (missing === null) return answer;
        this.#withheld.inc();
        this.log.error({ action, missing }, 'an answer was held back');
        throw new Error(`${action}: ${missing}`);
      }),
    );
  }
}
