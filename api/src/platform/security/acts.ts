import { Injectable } from '@nestjs/common';
import type { Role } from '@yike/contracts/http/accounts';
import { DomainError, Forbidden, NotFound } from '../../domain/domain-error.ts';
import type { Action } from '../../domain/policy/actions.ts';
import { type Actor, can, couldEver, type Refusal, type Resource } from '../../domain/policy/can.ts';
import { Clock } from '../clock.ts';
import { currentRequest } from '../observability/request-context.ts';
import { NotSignedIn } from '../problems/problems.ts';

/** Who they are is to be shown again first. */
class StepUpNeeded extends DomainError {
  readonly code = 'step-up-needed';
}

/** Another person with the same right is to agree. */
class NeedsSecondPerson extends DomainError {
  readonly code = 'needs-second-person';
}

/** A resource, and what a refusal says of it. */
export interface Thing extends Resource {
  /** Whoever may not touch it is not to learn that it is there. */
  readonly isHidden?: boolean;
}

/** The door that every act goes through: asks the policy, and keeps for the request what was decided. */
@Injectable()
export class Acts {
  constructor(private readonly clock: Clock) {}

  /** Before anything is looked at. @throws NotSignedIn, Forbidden, StepUpNeeded */
  begin(actor: Actor | null, action: Action): void {
    const decision = couldEver(actor, action, this.clock.nowMs());
    if (!decision.allowed) throw refusalOf(decision.reason, action, false);
  }

  /**
   * About the thing itself. Returns the role that allows it, null where none is needed.
   * @throws NotSignedIn, Forbidden, NotFound, StepUpNeeded, NeedsSecondPerson
   */
  allow(actor: Actor | null, action: Action, thing: Thing): Role | null {
    const decision = can(actor, action, thing, this.clock.nowMs());
    if (!decision.allowed) throw refusalOf(decision.reason, action, thing.isHidden ?? false);
    currentRequest()?.decided.set(action, decision.as);
    return decision.as;
  }
}

function refusalOf(reason: Refusal, action: Action, isHidden: boolean): DomainError {
  switch (reason) {
    case 'not-signed-in':
      return new NotSignedIn(`${action} needs a session`);
    case 'forbidden':
      return isHidden
        ? new NotFound('there is no such thing')
        : new Forbidden(`${action} is not for you here`);
    case 'step-up-needed':
      return new StepUpNeeded(`${action} needs a second proof of who you are`);
    case 'needs-second-person':
      return new NeedsSecondPerson(`${action} needs somebody else to agree`);
  }
}
