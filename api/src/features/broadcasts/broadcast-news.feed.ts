import { Injectable } from '@nestjs/common';
import type { BroadcastNews } from '@yike/contracts/realtime/viewing';
import { Subject } from 'rxjs';

/** What just changed in broadcasts, after the commit. */
@Injectable()
export class BroadcastNewsFeed {
  readonly news = new Subject<BroadcastNews>();
}
