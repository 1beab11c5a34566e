import { z } from 'zod';

/** From the top of the tree down. */
export const OrgLevel = z.enum(['city', 'district', 'sub-district', 'community']);
export type OrgLevel = z.infer<typeof OrgLevel>;

/** What happened to a unit. `absorbed`: another was merged into it. */
export const OrgChangeKind = z.enum(['created', 'edited', 'moved', 'merged', 'absorbed', 'closed']);
export type OrgChangeKind = z.infer<typeof OrgChangeKind>;
