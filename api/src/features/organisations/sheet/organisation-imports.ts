import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { importOrganisations, OrgImportPreview } from '@yike/contracts/http/organisations';
import { OrgUnitId } from '@yike/contracts/ids';
import { isWithin, narrowed } from '../../../domain/organisations/paths.ts';
import { type ImportPlan, planImport } from '../../../domain/organisations/plan-import.ts';
import { readLine, type SheetLine } from '../../../domain/organisations/sheet-rows.ts';
import { TreeRefusal } from '../../../domain/organisations/tree-rules.ts';
import { ruleOf } from '../../../domain/policy/actions.ts';
import { isValid } from '../../../domain/policy/grants.ts';
import { scopesFor } from '../../../domain/policy/scopes.ts';
import { Clock } from '../../../platform/clock.ts';
import { UnitOfWork } from '../../../platform/database/unit-of-work.ts';
import type { ReplyOf } from '../../../platform/http/endpoint.decorators.ts';
import type { SignedInUser } from '../../../platform/security/actor.ts';
import { Acts } from '../../../platform/security/acts.ts';
import { AdministrativeActs } from '../../audit/administrative-acts.ts';
import type { OrgUnitEntity } from '../org-unit.entity.ts';
import { OrgUnitsRepository } from '../org-units.repository.ts';
import { OrganisationsService } from '../organisations.service.ts';
import { readOrganisations, writeOrganisations } from './organisations-sheet.ts';
import { PlannedChanges } from './planned-changes.ts';
import { shownPlan } from './shown-plan.ts';
import { importToken } from './tree-version.ts';

type Imported = ReplyOf<typeof importOrganisations>;

const WHOLE_TREE = '';

/** The tree as a sheet: out, and in again after a preview. */
@Injectable()
export class OrganisationImports {
  constructor(
    private readonly units: OrgUnitsRepository,
    private readonly changes: PlannedChanges,
    private readonly organisations: OrganisationsService,
    private readonly acts: Acts,
    private readonly administration: AdministrativeActs,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Changes nothing. @throws SheetUnreadable, SheetTooLarge */
  async preview(user: SignedInUser, file: Buffer): Promise<OrgImportPreview> {
    const lines = await readOrganisations(file);
    const units = await this.units.under(WHOLE_TREE, this.unitOfWork.reader);
    const plan = this.plan(lines, units, user);
    const names = new Map(units.map(({ id, name }) => [id, name]));
    const shown = shownPlan(plan, ({ known }) =>
      known.parentId === null ? null : (names.get(known.parentId) ?? null),
    );
    return { token: plan.broken.length === 0 ? importToken(file, units) : null, ...shown };
  }

  /**
   * All of it or nothing.
   * @throws TreeRefusal `organisations-changed` where the file, or the tree, is not the one of the preview; SheetUnreadable, SheetTooLarge
   */
  async import(user: SignedInUser, file: Buffer, token: string): Promise<Imported> {
    const lines = await readOrganisations(file);
    this.acts.allow(user, 'organisation.import', {});
    const sha256 = createHash('sha256').update(file).digest('hex');
    const act = {
      ...{ actor: user, action: 'organisation.import' as const, orgUnitId: this.officeOf(user) },
      subject: { kind: 'organisations', id: null },
    };
    return this.administration.record(act, async (tx) => {
      await this.units.lockTree(tx);
      const units = await this.units.under(WHOLE_TREE, tx);
      const plan = this.plan(lines, units, user);
      if (plan.broken.length > 0 || importToken(file, units) !== token) {
        throw new TreeRefusal('organisations-changed', 'the file or the tree changed after the preview');
      }
      await this.changes.apply(plan, user.id, tx);
      const result = { created: plan.created.length, changed: plan.changed.length };
      return { after: { ...result, sha256 }, result };
    });
  }

  /** The open units that this person looks after; of these, what is at or below one. @throws NotFound */
  async export(user: SignedInUser, under: OrgUnitId | undefined): Promise<Buffer> {
    const tx = this.unitOfWork.reader;
    const scopes = scopesFor(user, 'organisation.export', this.clock.nowMs());
    const wanted = under === undefined ? WHOLE_TREE : await this.organisations.pathOf(under);
    const reached = narrowed(scopes, wanted);
    const units = await this.units.under(WHOLE_TREE, tx);
    const shown = units.filter(
      ({ path, closedAt }) => closedAt === null && reached.some((scope) => isWithin(path, scope)),
    );
    return writeOrganisations(shown, new Map(units.map((unit) => [unit.id, unit])));
  }

  private plan(lines: readonly SheetLine[], units: readonly OrgUnitEntity[], user: SignedInUser): ImportPlan {
    const scopes = scopesFor(user, 'organisation.import', this.clock.nowMs());
    const open = units.filter(({ closedAt }) => closedAt === null);
    return planImport(lines.map(readLine), open, (path) => scopes.some((scope) => isWithin(path, scope)));
  }

  /** Where this person holds the role by which they import. */
  private officeOf(user: SignedInUser): OrgUnitId | null {
    const { by = [] } = ruleOf('organisation.import');
    const nowMs = this.clock.nowMs();
    const office = user.grants.find((grant) => by.includes(grant.role) && isValid(grant, nowMs));
    return office?.orgUnitId ?? null;
  }
}
