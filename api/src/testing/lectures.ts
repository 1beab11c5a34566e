import type { Lecture } from '@yike/contracts/http/lectures';
import type { Visitor } from './visitor.ts';

/** A lecture that begins in a minute and takes an hour. */
export async function planLecture(
  lecturer: Visitor,
  more: { givesCertificate?: boolean } = {},
): Promise<Lecture> {
  const { body } = await lecturer.post<Lecture>('/api/lectures', {
    title: '智能手机防诈骗',
    summary: '',
    topic: 'digital',
    startsAt: new Date(Date.now() + 60_000).toISOString(),
    plannedMinutes: 60,
    ...more,
  });
  return body;
}
