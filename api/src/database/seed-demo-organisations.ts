import type { OrgLevel } from '@yike/contracts/http/organisations';
import { OrgUnitId } from '@yike/contracts/ids';
import type { EntityManager } from 'typeorm';
import { OrgUnitEntity } from '../features/organisations/org-unit.entity.ts';
import { OrgUnitsRepository } from '../features/organisations/org-units.repository.ts';
import { stableId } from './seed-demo-films.ts';

interface DemoUnit {
  readonly name: string;
  readonly level: OrgLevel;
  readonly institutionName: string;
  readonly population: number;
  /** No division's: none begins with 99. */
  readonly code: string;
  readonly below?: readonly DemoUnit[];
}

const community = (name: string, population: number, code: string): DemoUnit => ({
  ...{ name, population, code },
  level: 'community',
  institutionName: `${name}学习中心`,
});

const DISTRICT: DemoUnit = {
  name: '滨江区',
  level: 'district',
  institutionName: '滨江区社区学院',
  population: 98_400,
  code: '990108',
  below: [
    {
      name: '江南街道',
      level: 'sub-district',
      institutionName: '江南街道社区学校',
      population: 61_300,
      code: '990108001',
      below: [
        community('桂苑社区', 18_200, '990108001001'),
        community('翠竹社区', 15_900, '990108001002'),
        community('望江社区', 14_700, '990108001003'),
        community('杨柳社区', 12_500, '990108001004'),
      ],
    },
    {
      name: '南山街道',
      level: 'sub-district',
      institutionName: '南山街道社区学校',
      population: 37_100,
      code: '990108002',
      below: [
        community('南山社区', 13_800, '990108002001'),
        community('松鹤社区', 12_100, '990108002002'),
        community('茶园社区', 11_200, '990108002003'),
      ],
    },
  ],
};

/** @param name of a unit of the demo's tree */
export const demoUnitId = (name: string): OrgUnitId => stableId(OrgUnitId, `organisation ${name}`);

/** Puts the demo's tree in place; what is there already stays as it is. */
export const seedOrganisations = (tx: EntityManager): Promise<void> =>
  seedUnit(DISTRICT, null, { tx, units: new OrgUnitsRepository() });

async function seedUnit(
  { below = [], ...unit }: DemoUnit,
  parentId: OrgUnitId | null,
  into: { readonly tx: EntityManager; readonly units: OrgUnitsRepository },
): Promise<void> {
  const id = demoUnitId(unit.name);
  const isThere = await into.tx.existsBy(OrgUnitEntity, { id });
  if (!isThere) await into.units.add({ id, parentId, ...unit }, into.tx);
  for (const child of below) await seedUnit(child, id, into);
}
