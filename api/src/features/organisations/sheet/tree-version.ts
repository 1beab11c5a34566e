import { createHash } from 'node:crypto';
import type { OrgUnitEntity } from '../org-unit.entity.ts';

/** Changes with whatever an import looks at. */
export function treeVersion(units: readonly OrgUnitEntity[]): string {
  const facts = units.map(({ id, path, level, name, institutionName, population, code, closedAt }) => [
    ...[id, path, level, name, institutionName, population, code],
    closedAt?.getTime() ?? null,
  ]);
  return hash(JSON.stringify(facts));
}

/** Names a file together with the tree that it was previewed against. */
export const importToken = (file: Buffer, units: readonly OrgUnitEntity[]): string =>
  `${hash(file)}.${treeVersion(units)}`;

const hash = (content: string | Buffer): string => createHash('sha256').update(content).digest('base64url');
