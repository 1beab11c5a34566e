import { expect, it } from 'vitest';
import { checkFields, emptyFields, type LectureFields } from './lecture-form.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const good: LectureFields = {
  title: '冬季养生',
  summary: '',
  topic: 'health',
  day: '2026-11-22',
  time: '19:30',
  minutes: '45',
  givesCertificate: true,
};

it('takes the time as Shanghai’s', () => {
  expect(checkFields(good, NOW).plan).toMatchObject({
    startsAt: '2026-11-22T11:30:00.000Z',
    plannedMinutes: 45,
  });
});

it.each([
  { name: 'one character', change: { title: '茶' }, errors: { title: 'studio.form.badTitle' } },
  { name: '81 characters', change: { title: '课'.repeat(81) }, errors: { title: 'studio.form.badTitle' } },
  { name: 'spaces only', change: { title: '   ' }, errors: { title: 'studio.form.badTitle' } },
  {
    name: 'a summary that is too long',
    change: { summary: '长'.repeat(2001) },
    errors: { summary: 'studio.form.badSummary' },
  },
  { name: 'four minutes', change: { minutes: '4' }, errors: { minutes: 'studio.form.badMinutes' } },
  { name: '481 minutes', change: { minutes: '481' }, errors: { minutes: 'studio.form.badMinutes' } },
  { name: 'half a minute', change: { minutes: '45.5' }, errors: { minutes: 'studio.form.badMinutes' } },
  { name: 'no minutes', change: { minutes: ' ' }, errors: { minutes: 'studio.form.badMinutes' } },
  { name: 'no day', change: { day: '' }, errors: { start: 'studio.form.badStart' } },
  { name: 'yesterday', change: { day: '2026-11-21' }, errors: { start: 'studio.form.badStart' } },
  { name: 'six minutes ago', change: { time: '17:54' }, errors: { start: 'studio.form.badStart' } },
])('refuses $name', ({ change, errors }) =>
  expect(checkFields({ ...good, ...change }, NOW).errors).toEqual(errors),
);

it('lets a start stand that passed while one typed', () => {
  expect(checkFields({ ...good, time: '17:56' }, NOW).plan).toBeDefined();
});

it('proposes a half hour that is not too near', () => {
  expect(emptyFields(NOW)).toMatchObject({ day: '2026-11-22', time: '18:30' });
  expect(emptyFields(NOW + 60_000)).toMatchObject({ time: '19:00' });
  expect(emptyFields(Date.parse('2026-11-22T15:45:00Z'))).toMatchObject({ day: '2026-11-23', time: '00:30' });
});
