import { Accounts1763800000001 } from './migrations/1763800000001-accounts.ts';
import { LecturesAndMedia1763800000002 } from './migrations/1763800000002-lectures-and-media.ts';
import { Viewing1763800000011 } from './migrations/1763800000011-viewing.ts';
import { Bank1763800000012 } from './migrations/1763800000012-bank.ts';
import { LiveByHls1763800000021 } from './migrations/1763800000021-live-by-hls.ts';
import { Captions1763800000031 } from './migrations/1763800000031-captions.ts';
import { RoleGrants1763900000001 } from './migrations/1763900000001-role-grants.ts';
import { Audit1763900000002 } from './migrations/1763900000002-audit.ts';
import { Approvals1763900000003 } from './migrations/1763900000003-approvals.ts';
import { OrganisationTree1763900000011 } from './migrations/1763900000011-organisation-tree.ts';
import { PersonalData1763900000021 } from './migrations/1763900000021-personal-data.ts';
import { OneTimeCodes1763900000031 } from './migrations/1763900000031-one-time-codes.ts';
import { Consents1763900000032 } from './migrations/1763900000032-consents.ts';
import { SigningIn1763900000033 } from './migrations/1763900000033-signing-in.ts';
import { ViewingHotPaths1763900000041 } from './migrations/1763900000041-viewing-hot-paths.ts';
import { ResidentsByName1763900000042 } from './migrations/1763900000042-residents-by-name.ts';

/** In the order in which they run; the number in a name is its time, unix ms. */
export const MIGRATIONS = [
  Accounts1763800000001,
  LecturesAndMedia1763800000002,
  Viewing1763800000011,
  Bank1763800000012,
  LiveByHls1763800000021,
  Captions1763800000031,
  RoleGrants1763900000001,
  Audit1763900000002,
  Approvals1763900000003,
  OrganisationTree1763900000011,
  PersonalData1763900000021,
  OneTimeCodes1763900000031,
  Consents1763900000032,
  SigningIn1763900000033,
  ViewingHotPaths1763900000041,
  ResidentsByName1763900000042,
] as const;
