import { createHmac } from 'node:crypto';
import { TrackKind } from '@yike/contracts/control/manifest';
import { z } from 'zod';
import { deriveKey } from '../control/signature.ts';

const KEY_INFO = 'yike/hls';
const KEY_BYTES = 16;

/** The key of a broadcast's media, which stands in all their addresses; the same in every process of this node. */
export function folderKeys(secret: string): (broadcastId: string) => string {
  const key = deriveKey(secret, KEY_INFO);
  return (broadcastId) =>
    createHmac('sha256', key).update(broadcastId).digest().subarray(0, KEY_BYTES).toString('base64url');
}

/** A number in an address, small enough to be one of ours. */
const Count = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

/** What a player may say when it asks for a playlist; other fields are other people's (caches, players) and do no harm. */
export const PlaylistQuery = z
  .object({
    ticket: z.string().max(2_000),
    _HLS_msn: Count.optional(),
    _HLS_part: Count.optional(),
    _HLS_skip: z.enum(['YES', 'v2']).optional(),
  })
  .refine(({ _HLS_msn, _HLS_part }) => _HLS_part === undefined || _HLS_msn !== undefined, {
    path: ['_HLS_part'],
    message: 'a part needs its media sequence number',
  });
export type PlaylistQuery = z.infer<typeof PlaylistQuery>;

/** `<broadcastId>/<key>/<epoch>/<track>/<file>` */
export const MediaPath = z.object({
  broadcastId: z.string(),
  key: z.string(),
  epoch: Count,
  track: TrackKind,
  file: z.string().regex(/^(init\.mp4|\d{1,6}(\.\d{1,4})?\.m4s)$/),
});
export type MediaPath = z.infer<typeof MediaPath>;

/** Which file it is: the init, a segment, or a part of it. */
export function fileOf(file: string): { seq: number; part: number | null } | 'init' {
  if (file === 'init.mp4') return 'init';
  const [seq, part] = file.split('.');
  return { seq: Number(seq), part: part === 'm4s' ? null : Number(part) };
}
