import { OrgUnitEntity } from '../features/accounts/org-unit.entity.ts';
import { SessionEntity } from '../features/accounts/session.entity.ts';
import { UserEntity } from '../features/accounts/user.entity.ts';

/** Every table's entity, feature by feature. */
export const ENTITIES = [OrgUnitEntity, UserEntity, SessionEntity] as const;
