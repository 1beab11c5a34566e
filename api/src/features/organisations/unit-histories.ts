import { Injectable } from '@nestjs/common';
import type { OrgChangeKind } from '@yike/contracts/http/organisations';
import type { OrgUnitId, UserId } from '@yike/contracts/ids';
import { z } from 'zod';
import { changesBetween, isEmpty } from '../../domain/organisations/changes.ts';
import { Clock } from '../../platform/clock.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { Ids } from '../../platform/ids.ts';
import { OrgUnitChangesRepository } from './org-unit-changes.repository.ts';
import type { OrgUnitEntity } from './org-unit.entity.ts';

/** Few enough for one statement's parameters. */
const STEPS_AT_ONCE = 500;

/** A unit before and after; before is null where it was not there. */
export interface TreeChange {
  readonly before: OrgUnitEntity | null;
  readonly after: OrgUnitEntity;
}

/** Writes what happens to units into their histories. */
@Injectable()
export class UnitHistories {
  constructor(
    private readonly changes: OrgUnitChangesRepository,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** What changed nothing is no step, unless the unit was closed. */
  async write(
    kind: OrgChangeKind,
    { before, after }: TreeChange,
    actorId: UserId | null,
    tx: Tx,
  ): Promise<void> {
    const fields = changesBetween(before ?? undefined, after);
    if (isEmpty(fields) && kind !== 'closed') return;
    await this.changes.append([{ ...this.step(after.id, actorId), kind, ...fields }], tx);
  }

  /** Many at once. */
  async writeCreated(units: readonly OrgUnitEntity[], actorId: UserId, tx: Tx): Promise<void> {
    const steps = units.map((unit) => ({
      ...this.step(unit.id, actorId),
      ...{ kind: 'created' as const, ...changesBetween(undefined, unit) },
    }));
    for (let at = 0; at < steps.length; at += STEPS_AT_ONCE) {
      await this.changes.append(steps.slice(at, at + STEPS_AT_ONCE), tx);
    }
  }

  /** Another unit was merged into this one. */
  async writeAbsorbed(into: OrgUnitId, absorbedId: OrgUnitId, actorId: UserId | null, tx: Tx): Promise<void> {
    const fields = { before: {}, after: { absorbedId } };
    await this.changes.append([{ ...this.step(into, actorId), kind: 'absorbed', ...fields }], tx);
  }

  private readonly step = (orgUnitId: OrgUnitId, actorId: UserId | null) => ({
    ...{ id: this.ids.next(z.uuidv7()), at: this.clock.now() },
    ...{ orgUnitId, actorId },
  });
}
