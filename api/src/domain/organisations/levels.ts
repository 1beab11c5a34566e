import { OrgLevel } from '@yike/contracts/http/organisations';

const LEVELS = OrgLevel.options;

/** 0 for the highest. */
export const rankOf = (level: OrgLevel): number => LEVELS.indexOf(level);

/** Null above the highest. */
export const levelAbove = (level: OrgLevel): OrgLevel | null => LEVELS[rankOf(level) - 1] ?? null;

/**
 * Whether a unit of this level may stand below one of the other: exactly one level lower, so that whatever moves keeps its own levels below
 * itself. A tree has two to four levels: it may begin anywhere but with a community.
 * @param above null for the top of a tree
 */
export const fitsUnder = (level: OrgLevel, above: OrgLevel | null): boolean =>
  above === null ? level !== 'community' : above === levelAbove(level);
