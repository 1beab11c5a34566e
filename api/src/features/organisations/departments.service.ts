import { Injectable } from '@nestjs/common';
import type { Department, DepartmentEdit } from '@yike/contracts/http/organisations';
import { DepartmentId, type OrgUnitId } from '@yike/contracts/ids';
import { NotFound } from '../../domain/domain-error.ts';
import { assertOpen, TreeRefusal } from '../../domain/organisations/tree-rules.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { Ids } from '../../platform/ids.ts';
import type { DepartmentRow } from './department.entity.ts';
import { DepartmentsRepository } from './departments.repository.ts';
import { OrgUnitsRepository } from './org-units.repository.ts';

/** The second axis: the departments of an organisation. Inside the caller's transaction. All throw NotFound. */
@Injectable()
export class DepartmentsService {
  constructor(
    private readonly departments: DepartmentsRepository,
    private readonly units: OrgUnitsRepository,
    private readonly ids: Ids,
  ) {}

  async of(unitId: OrgUnitId, tx: Tx): Promise<Department[]> {
    return (await this.departments.ofUnit(unitId, tx)).map(shown);
  }

  /** @throws TreeRefusal where the name is taken, or the unit is closed */
  async add(orgUnitId: OrgUnitId, edit: DepartmentEdit, tx: Tx): Promise<Department> {
    await this.units.lockTree(tx);
    assertOpen(await this.units.get(orgUnitId, tx));
    const department = { id: this.ids.next(DepartmentId), orgUnitId, ...edit };
    await this.assertNameFree(department, tx);
    await this.departments.add(department, tx);
    return shown(department);
  }

  /** @throws TreeRefusal where the name is taken */
  async edit(
    { orgUnitId, id }: Pick<DepartmentRow, 'id' | 'orgUnitId'>,
    edit: DepartmentEdit,
    tx: Tx,
  ): Promise<Department> {
    await this.units.lockTree(tx);
    const before = await this.get(id, orgUnitId, tx);
    await this.assertNameFree({ ...before, ...edit }, tx);
    await this.departments.update(id, edit, tx);
    return shown({ ...before, ...edit });
  }

  /** What was there. */
  async remove({ orgUnitId, id }: Pick<DepartmentRow, 'id' | 'orgUnitId'>, tx: Tx): Promise<Department> {
    const before = await this.get(id, orgUnitId, tx);
    await this.departments.remove(id, tx);
    return shown(before);
  }

  private async get(id: DepartmentId, orgUnitId: OrgUnitId, tx: Tx): Promise<DepartmentRow> {
    const department = await this.departments.byId(id, orgUnitId, tx);
    if (department === null) throw new NotFound('there is no such department');
    return department;
  }

  private async assertNameFree({ id, orgUnitId, name }: DepartmentRow, tx: Tx): Promise<void> {
    const others = await this.departments.ofUnit(orgUnitId, tx);
    if (others.some((other) => other.id !== id && other.name === name)) {
      throw new TreeRefusal('organisation-name-taken', 'another department has this name');
    }
  }
}

const shown = ({ id, name, code }: DepartmentRow): Department => ({ id, name, code });
