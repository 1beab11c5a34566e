import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, contain, cover, layersOf, PICTURE } from './layout.ts';

const whole: Box = { x: 0, y: 0, ...PICTURE };

describe('cover', () => {
  it.each([
    {
      name: 'the same shape',
      source: { width: 640, height: 360 },
      from: { x: 0, y: 0, width: 640, height: 360 },
    },
    {
      name: 'a 4:3 camera loses above and below',
      source: { width: 640, height: 480 },
      from: { x: 0, y: 60, width: 640, height: 360 },
    },
    {
      name: 'a wide one loses at the sides',
      source: { width: 1000, height: 360 },
      from: { x: 180, y: 0, width: 640, height: 360 },
    },
  ])('$name', ({ source, from }) => expect(cover(source, whole)).toEqual({ from, to: whole }));
});

describe('contain', () => {
  it.each([
    { name: 'the same shape', source: { width: 1920, height: 1080 }, to: whole },
    {
      name: '4:3 slides have bars at the sides',
      source: { width: 1024, height: 768 },
      to: { x: 160, y: 0, width: 960, height: 720 },
    },
    {
      name: 'a wide window has bars above and below',
      source: { width: 2560, height: 720 },
      to: { x: 0, y: 180, width: 1280, height: 360 },
    },
  ])('$name', ({ source, to }) =>
    expect(contain(source, whole)).toEqual({ from: { x: 0, y: 0, ...source }, to }),
  );
});

it('never leaves the box or the source, and keeps the shape', () => {
  const size = fc.record({
    width: fc.integer({ min: 16, max: 5_000 }),
    height: fc.integer({ min: 16, max: 5_000 }),
  });
  fc.assert(
    fc.property(size, fc.constantFrom(cover, contain), (source, fit) => {
      const { from, to } = fit(source, whole);
      expect(from.x).toBeGreaterThanOrEqual(-1e-6);
      expect(from.y + from.height).toBeLessThanOrEqual(source.height + 1e-6);
      expect(to.x).toBeGreaterThanOrEqual(-1e-6);
      expect(to.y + to.height).toBeLessThanOrEqual(PICTURE.height + 1e-6);
      expect(from.width / from.height / (to.width / to.height)).toBeCloseTo(1, 6);
    }),
  );
});

it.each([
  { scene: 'camera' as const, sources: ['camera'] },
  { scene: 'screen' as const, sources: ['screen'] },
  { scene: 'both' as const, sources: ['screen', 'camera'] },
])('the scene $scene', ({ scene, sources }) =>
  expect(layersOf(scene, { width: 1280, height: 720 }).map(({ source }) => source)).toEqual(sources),
);

it('shows an upright camera whole', () => {
  expect(layersOf('camera', { width: 720, height: 1280 })[0]?.fit).toBe(contain);
});
