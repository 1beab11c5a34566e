import { Controller, Get } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ServiceUnavailable } from '../problems/problems.ts';
import { Public } from '../security/audience.ts';

/** For the supervisor and load balancers. */
@Controller()
@Public()
export class HealthController {
  constructor(private readonly dataSource: DataSource) {}

  /** The process lives. */
  @Get('/health')
  health(): { status: 'up' } {
    return { status: 'up' };
  }

  /** It can serve: the database answers. */
  @Get('/ready')
  async ready(): Promise<{ status: 'ready' }> {
    try {
      await this.dataSource.query('SELECT 1');
    } catch (error) {
      throw new ServiceUnavailable('the database does not answer', 2, { cause: error });
    }
    return { status: 'ready' };
  }
}
