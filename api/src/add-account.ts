import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Role } from '@yike/contracts/http/accounts';
import { OrgLevel } from '@yike/contracts/http/organisations';
import { newId, OrgUnitId, RoleGrantId, UserId } from '@yike/contracts/ids';
import { pino } from 'pino';
import { z } from 'zod';
import { readConfig } from './config.ts';
import { createDataSource } from './database/data-source.ts';
import { hashPassword } from './features/accounts/passwords.ts';
import { UserEntity } from './features/accounts/user.entity.ts';
import { OrgUnitEntity } from './features/organisations/org-unit.entity.ts';
import { OrgUnitsRepository } from './features/organisations/org-units.repository.ts';
import { RoleGrantsRepository } from './features/roles/role-grants.repository.ts';

/** What the command is given. */
const Account = z.strictObject({
  username: z.string().regex(/^[a-z0-9._-]{2,40}$/, 'lower case letters, digits, . _ -'),
  name: z.string().min(1).max(40),
  role: Role,
  org: z.string().min(1).max(80),
  /** Of the organisation, where it is new. */
  level: OrgLevel.default('district'),
});

/**
 * `node api/dist/add-account.js --username li --name 李老师 --role lecturer --org 滨江区`: adds an account, and its organisation where it
 * is new (at the top of the tree, a district unless `--level` says otherwise), and prints the password, which is kept nowhere. How a deployment gets its first administrator.
 */
const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { username: text, name: text, role: text, org: text, level: text },
});
const { username, name, role, org, level } = Account.parse(values);
const password = randomBytes(12).toString('base64url');
const dataSource = await createDataSource(readConfig().DATABASE_URL, pino({ level: 'silent' })).initialize();
try {
  const passwordHash = await hashPassword(password);
  await dataSource.transaction(async (tx) => {
    const known = await tx.findOneBy(OrgUnitEntity, { name: org });
    const orgUnitId = known?.id ?? newId(OrgUnitId);
    if (known === null)
      await new OrgUnitsRepository().add({ id: orgUnitId, name: org, level, parentId: null }, tx);
    const userId = newId(UserId);
    await tx.insert(UserEntity, {
      ...{ id: userId, username, passwordHash, displayName: name },
      ...{ locale: 'zh-CN', orgUnitId },
    });
    if (role === 'resident') return;
    const grant = { userId, role, orgUnitId, validFrom: new Date(), reason: 'the set-up' };
    await new RoleGrantsRepository().insert({ id: newId(RoleGrantId), ...grant }, tx);
  });
} finally {
  await dataSource.destroy();
}
process.stdout.write(`${username} ${password}\n`);
