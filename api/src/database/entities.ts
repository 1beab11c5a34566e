import { SessionEntity } from '../features/accounts/session.entity.ts';
import { UserEntity } from '../features/accounts/user.entity.ts';
import { BroadcastEntity } from '../features/broadcasts/broadcast.entity.ts';
import { LectureEntity } from '../features/lectures/lecture.entity.ts';
import { CourseEntity, UnitEntity } from '../features/library/course.entity.ts';
import { DepartmentEntity } from '../features/organisations/department.entity.ts';
import { OrgUnitChangeEntity } from '../features/organisations/org-unit-change.entity.ts';
import { OrgUnitEntity } from '../features/organisations/org-unit.entity.ts';
import { OneTimeCodeEntity } from '../features/one-time-codes/one-time-code.entity.ts';
import { PersonKeyEntity } from '../features/people/person-key.entity.ts';
import { RealNameEntity } from '../features/people/real-name.entity.ts';
import { ConsentEntity } from '../features/registration/consent.entity.ts';
import { CaptionEntity } from '../features/timelines/caption.entity.ts';
import { RecorderEpochEntity, SegmentEntity } from '../features/timelines/recorder-epoch.entity.ts';
import { TimelineEntity } from '../features/timelines/timeline.entity.ts';
import { InboxEventEntity } from '../media-link/inbox-event.entity.ts';
import { ApprovalEntity } from '../features/roles/approval.entity.ts';
import { RoleGrantEntity } from '../features/roles/role-grant.entity.ts';
import { MediaNodeEntity } from '../media-link/media-node.entity.ts';

/** Every table's entity, feature by feature. */
export const ENTITIES = [
  ...[RoleGrantEntity, ApprovalEntity],
  ...[OrgUnitEntity, OrgUnitChangeEntity, DepartmentEntity],
  ...[UserEntity, SessionEntity],
  ...[OneTimeCodeEntity, ConsentEntity],
  ...[RealNameEntity, PersonKeyEntity],
  ...[TimelineEntity, RecorderEpochEntity, SegmentEntity, CaptionEntity],
  ...[LectureEntity, BroadcastEntity],
  ...[MediaNodeEntity, InboxEventEntity],
  ...[CourseEntity, UnitEntity],
] as const;
