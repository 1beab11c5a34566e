import { account } from './account.ts';
import { admin } from './admin.ts';
import { audit } from './audit.ts';
import { frame } from './frame.ts';
import { identity } from './identity.ts';
import { live } from './live.ts';
import { organisations } from './organisations.ts';
import { player } from './player.ts';
import { privacy } from './privacy.ts';
import { problems } from './problems.ts';
import { publicPages } from './public.ts';
import { residents } from './residents.ts';
import { studio } from './studio.ts';

export const words = {
  ...account,
  ...admin,
  ...audit,
  ...frame,
  ...identity,
  ...live,
  ...organisations,
  ...player,
  ...privacy,
  ...problems,
  ...publicPages,
  ...residents,
  ...studio,
} as const;
