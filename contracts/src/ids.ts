import { z } from 'zod';

/** A UUIDv7 (RFC 9562, 5.7): sortable by the time of its making. Branded, so that one thing's id is never taken for another's. */
const id = <B extends string>(brand: B) => z.uuidv7().brand(brand);

export const UserId = id('UserId');
export type UserId = z.infer<typeof UserId>;
export const OrgUnitId = id('OrgUnitId');
export type OrgUnitId = z.infer<typeof OrgUnitId>;
export const DepartmentId = id('DepartmentId');
export type DepartmentId = z.infer<typeof DepartmentId>;
export const LectureId = id('LectureId');
export type LectureId = z.infer<typeof LectureId>;
export const BroadcastId = id('BroadcastId');
export type BroadcastId = z.infer<typeof BroadcastId>;
export const RecordingId = id('RecordingId');
export type RecordingId = z.infer<typeof RecordingId>;
export const CourseId = id('CourseId');
export type CourseId = z.infer<typeof CourseId>;
export const UnitId = id('UnitId');
export type UnitId = z.infer<typeof UnitId>;
export const AssetId = id('AssetId');
export type AssetId = z.infer<typeof AssetId>;
/** The timeline a unit comes from: the lecture's recording, or the asset of an upload. */
export const LineageId = id('LineageId');
export type LineageId = z.infer<typeof LineageId>;
export const PlaybackId = id('PlaybackId');
export type PlaybackId = z.infer<typeof PlaybackId>;
export const AccountId = id('AccountId');
export type AccountId = z.infer<typeof AccountId>;
export const LedgerEntryId = id('LedgerEntryId');
export type LedgerEntryId = z.infer<typeof LedgerEntryId>;
export const CertificateId = id('CertificateId');
export type CertificateId = z.infer<typeof CertificateId>;
export const EventId = id('EventId');
export type EventId = z.infer<typeof EventId>;
export const RoleGrantId = id('RoleGrantId');
export type RoleGrantId = z.infer<typeof RoleGrantId>;
export const ApprovalId = id('ApprovalId');
export type ApprovalId = z.infer<typeof ApprovalId>;
export const AuditEntryId = id('AuditEntryId');
export type AuditEntryId = z.infer<typeof AuditEntryId>;
/** A media node's name in addresses: `/media/<nodeId>/`. */
export const MediaNodeId = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/)
  .brand('MediaNodeId');
export type MediaNodeId = z.infer<typeof MediaNodeId>;

/**
 * Makes a UUIDv7 out of a time and 10 random bytes.
 * Pure, so that the domain can be given its ids; shells use {@link newId}.
 * @param unixMs milliseconds since 1970, an integer below 2^48
 */
export function uuidv7(unixMs: number, random: Uint8Array): string {
  const time = unixMs.toString(16).padStart(12, '0');
  const hex = Array.from(random.subarray(0, 10), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = ((Number.parseInt(hex.slice(4, 6), 16) & 0x3f) | 0x80).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(6, 8)}-${hex.slice(8, 20)}`;
}

/** A fresh UUIDv7 of now, branded by its schema: `newId(LectureId)`. */
export function newId<S extends z.ZodType<string>>(schema: S): z.infer<S> {
  const random = globalThis.crypto.getRandomValues(new Uint8Array(10));
  return schema.parse(uuidv7(Date.now(), random));
}
