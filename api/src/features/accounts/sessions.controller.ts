import { Controller } from '@nestjs/common';
import { endOtherSessions, endSession, listSessions } from '@yike/contracts/http/sessions';
import { IdParam, type ReplyOf, Serves } from '../../platform/http/endpoint.decorators.ts';
import { CurrentUser, type SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { SessionId } from './session.entity.ts';
import { SessionsService } from './sessions.service.ts';

/** Where a person is signed in. */
@Controller()
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Serves(listSessions)
  @Does('session.list-mine')
  async listSessions(@CurrentUser() user: SignedInUser): Promise<ReplyOf<typeof listSessions>> {
    return { items: await this.sessions.listOwn(user) };
  }

  @Serves(endSession)
  @Does('session.end-mine')
  endSession(
    @IdParam('sessionId', SessionId) sessionId: string,
    @CurrentUser() user: SignedInUser,
  ): Promise<void> {
    return this.sessions.endOwn(user, sessionId);
  }

  @Serves(endOtherSessions)
  @Does('session.end-mine')
  endOtherSessions(@CurrentUser() user: SignedInUser): Promise<void> {
    return this.sessions.endOthers(user);
  }
}
