import { Topic } from '@yike/contracts/http/lectures';
import { describe, expect, it } from 'vitest';
import { LOOP_SECONDS, secondsOf } from './film.ts';
import { DEMO_COURSES, DEMO_LECTURE } from './programme.ts';

const films = [...DEMO_COURSES, DEMO_LECTURE];

describe.each(films)('$slug', ({ slides, title, summary }) => {
  it('is a minute to five long, in whole loops', () => {
    expect(slides.filter(({ seconds }) => seconds % LOOP_SECONDS !== 0)).toEqual([]);
    expect(secondsOf(slides)).toBeGreaterThanOrEqual(60);
    expect(secondsOf(slides)).toBeLessThanOrEqual(300);
  });

  it('says of itself in both languages that it is a demo', () => {
    expect(summary.zh).toContain('演示');
    expect(summary.en).toMatch(/\bdemo\b/i);
    expect(title.en).not.toMatch(/\p{Script=Han}/u);
  });

  it('can be read while it is said', () => {
    for (const { says, seconds } of slides) {
      expect(says.length).toBeGreaterThan(0);
      for (const [zh, en] of says) {
        // Slow readers manage four Chinese signs, or twelve letters, a second.
        expect(zh.length / 4).toBeLessThanOrEqual(seconds / says.length);
        expect(en.length / 12).toBeLessThanOrEqual(seconds / says.length);
        expect(en).not.toMatch(/\p{Script=Han}/u);
      }
    }
  });
});

it('has something of every topic', () =>
  expect([...new Set(films.map(({ topic }) => topic))].sort()).toEqual([...Topic.options].sort()));

it('names nothing twice', () => expect(new Set(films.map(({ slug }) => slug)).size).toBe(films.length));
