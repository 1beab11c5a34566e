import { Injectable } from '@nestjs/common';
import { ReadinessChecks } from '../platform/health/readiness.ts';
import { MediaNodesService, NoMediaNode } from './media-nodes.service.ts';

/** Without a media node no lecture can begin; everything that was recorded still plays, so it is not needed to serve. */
@Injectable()
export class MediaLinkCheck {
  constructor(checks: ReadinessChecks, nodes: MediaNodesService) {
    checks.add({
      name: 'media-link',
      isNeeded: false,
      check: async () => {
        if (!(await nodes.isAnyReady())) throw new NoMediaNode('no media node was heard in the last 15 s');
      },
    });
  }
}
