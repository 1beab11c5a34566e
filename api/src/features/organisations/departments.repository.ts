import { Injectable } from '@nestjs/common';
import type { DepartmentEdit } from '@yike/contracts/http/organisations';
import type { DepartmentId, OrgUnitId } from '@yike/contracts/ids';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { DepartmentEntity, type DepartmentRow } from './department.entity.ts';

@Injectable()
export class DepartmentsRepository {
  /** By name. */
  ofUnit(orgUnitId: OrgUnitId, tx: Tx): Promise<DepartmentRow[]> {
    return tx.find(DepartmentEntity, { where: { orgUnitId }, order: { name: 'ASC' } });
  }

  byId(id: DepartmentId, orgUnitId: OrgUnitId, tx: Tx): Promise<DepartmentRow | null> {
    return tx.findOneBy(DepartmentEntity, { id, orgUnitId });
  }

  async add(department: DepartmentRow, tx: Tx): Promise<void> {
    await tx.insert(DepartmentEntity, department);
  }

  async update(id: DepartmentId, edit: DepartmentEdit, tx: Tx): Promise<void> {
    await tx.update(DepartmentEntity, { id }, edit);
  }

  async remove(id: DepartmentId, tx: Tx): Promise<void> {
    await tx.delete(DepartmentEntity, { id });
  }
}
