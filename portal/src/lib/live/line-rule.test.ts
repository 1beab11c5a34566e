import { describe, expect, it } from 'vitest';
import { beginLine, type Choice, type LineEvent, type LineState, nextLine } from './line-rule.ts';

/** Events at their moments; `chance` 1 waits the whole back-off. */
function run(choice: Choice, events: readonly (readonly [number, LineEvent])[]): LineState {
  return events.reduce((state, [ms, event]) => nextLine(state, event, ms, 1), beginLine(choice, 0));
}
const tick: LineEvent = { is: 'tick', isSignalled: true, isOpening: false };
const alone: LineEvent = { is: 'tick', isSignalled: false, isOpening: false };
const opening: LineEvent = { is: 'tick', isSignalled: true, isOpening: true };
const choked: LineEvent = { is: 'choked' };
const flowed: LineEvent = { is: 'flowed' };
const stalled: LineEvent = { is: 'stalled' };
const idle: LineEvent = { is: 'idle' };
const failed: LineEvent = { is: 'tried', worked: false };
const worked: LineEvent = { is: 'tried', worked: true };

describe('the way that the picture comes', () => {
  it.each<{
    name: string;
    choice?: Choice;
    events: [number, LineEvent][];
    expected: Partial<LineState>;
  }>([
    { name: 'WebRTC first', events: [], expected: { way: 'webrtc', because: 'first', hasPicture: true } },
    { name: 'steady: HLS', choice: 'steady', events: [], expected: { way: 'hls', because: 'chosen' } },
    {
      name: 'steady never tries WebRTC',
      choice: 'steady',
      events: [[3_600_000, tick]],
      expected: { way: 'hls', isTrying: false },
    },
    { name: 'sound by WebRTC', choice: 'sound', events: [], expected: { way: 'webrtc', hasPicture: false } },
    {
      name: 'sound by HLS where WebRTC does not come through',
      choice: 'sound',
      events: [[3_000, tick]],
      expected: { way: 'hls', hasPicture: false, because: 'blocked' },
    },
    { name: 'patient while it connects', events: [[2_499, tick]], expected: { way: 'webrtc' } },
    {
      name: 'HLS when it never comes through',
      events: [[2_500, tick]],
      expected: { way: 'hls', because: 'blocked', failures: 1, tryAtMs: 10_500 },
    },
    {
      name: 'patient in a short break',
      events: [
        [1_000, flowed],
        [3_499, tick],
      ],
      expected: { way: 'webrtc' },
    },
    {
      name: 'HLS when it breaks off',
      events: [
        [1_000, flowed],
        [3_500, tick],
      ],
      expected: { way: 'hls', because: 'broken' },
    },
    {
      name: 'waits for a node that is away as a whole',
      events: [
        [1_000, flowed],
        [8_999, alone],
      ],
      expected: { way: 'webrtc' },
    },
    {
      name: 'not for ever',
      events: [
        [1_000, flowed],
        [9_000, alone],
      ],
      expected: { way: 'hls', because: 'broken' },
    },
    {
      name: 'silence is no fault while the lecturer is away',
      events: [
        [1_000, flowed],
        [60_000, idle],
        [62_499, tick],
      ],
      expected: { way: 'webrtc' },
    },
    {
      name: 'stays when it comes just too late',
      events: [
        [3_000, tick],
        [3_200, { is: 'revived' }],
      ],
      expected: { way: 'webrtc', because: 'first', hasFlowed: true, tryAtMs: null },
    },
    {
      name: 'HLS at once where the node is full',
      events: [[500, { is: 'refused', because: 'full' }]],
      expected: { way: 'hls', because: 'full', tryAtMs: 8_500 },
    },
    {
      name: 'HLS for good where this browser cannot',
      events: [
        [500, { is: 'refused', because: 'codec' }],
        [3_600_000, tick],
      ],
      expected: { way: 'hls', because: 'codec', isTrying: false },
    },
  ])('$name', ({ choice = 'auto', events, expected }) => {
    expect(run(choice, events)).toMatchObject(expected);
  });
});

describe('trying WebRTC beside the picture', () => {
  const blocked: [number, LineEvent] = [3_000, tick];
  it.each<{ name: string; events: [number, LineEvent][]; expected: Partial<LineState> }>([
    { name: 'not before its time', events: [blocked, [10_999, tick]], expected: { isTrying: false } },
    { name: 'at its time', events: [blocked, [11_000, tick]], expected: { way: 'hls', isTrying: true } },
    {
      name: 'ever more rarely',
      events: [blocked, [11_000, tick], [17_000, failed]],
      expected: { way: 'hls', isTrying: false, failures: 2, tryAtMs: 33_000 },
    },
    {
      name: 'at least every three minutes',
      events: [
        blocked,
        ...Array.from({ length: 12 }, (_, i): [number, LineEvent][] => [
          [(i + 1) * 1_000_000, tick],
          [(i + 1) * 1_000_000 + 6_000, failed],
        ]).flat(),
      ],
      expected: { tryAtMs: 12_000_000 + 6_000 + 180_000 },
    },
    {
      name: 'back when it works',
      events: [blocked, [11_000, tick], [13_000, worked]],
      expected: { way: 'webrtc', because: 'recovered', quietSinceMs: 13_000, hasFlowed: false, failures: 1 },
    },
    {
      name: 'what breaks again soon is tried later',
      events: [blocked, [11_000, tick], [13_000, worked], [14_000, flowed], [16_500, tick]],
      expected: { way: 'hls', because: 'broken', failures: 2, tryAtMs: 32_500 },
    },
    {
      name: 'what holds for a minute has proven itself',
      events: [blocked, [11_000, tick], [13_000, worked], [73_000, flowed]],
      expected: { way: 'webrtc', because: 'first', failures: 0 },
    },
    {
      name: 'an answer that comes too late changes nothing',
      events: [blocked, [4_000, worked]],
      expected: { way: 'hls', because: 'blocked' },
    },
  ])('$name', ({ events, expected }) => expect(run('auto', events)).toMatchObject(expected));
});

describe('a line that does not bear a picture', () => {
  const onHls: [number, LineEvent] = [3_000, tick];
  it.each<{ name: string; choice?: Choice; events: [number, LineEvent][]; expected: Partial<LineState> }>([
    {
      name: 'two stalls are borne',
      events: [onHls, [5_000, stalled], [9_000, stalled]],
      expected: { hasPicture: true },
    },
    {
      name: 'after three in half a minute only the sound goes on',
      events: [onHls, [5_000, stalled], [9_000, stalled], [34_999, stalled]],
      expected: { way: 'hls', hasPicture: false, because: 'thin', tryAtMs: 42_999 },
    },
    {
      name: 'not where the first is long ago',
      events: [onHls, [5_000, stalled], [9_000, stalled], [35_000, stalled]],
      expected: { hasPicture: true },
    },
    {
      name: 'which media by WebRTC does not undo',
      events: [onHls, [5_000, stalled], [6_000, stalled], [7_000, stalled], [7_100, { is: 'revived' }]],
      expected: { way: 'hls', because: 'thin' },
    },
    {
      name: 'not against the resident’s will',
      choice: 'steady',
      events: [
        [1_000, stalled],
        [2_000, stalled],
        [3_000, stalled],
      ],
      expected: { hasPicture: true },
    },
    {
      name: 'the picture is tried again when the resident asks',
      events: [
        ...([onHls, [5_000, stalled], [9_000, stalled], [10_000, stalled]] as [number, LineEvent][]),
        [60_000, { is: 'chosen', choice: 'auto' }],
      ],
      expected: { way: 'webrtc', hasPicture: true, because: 'first' },
    },
  ])('$name', ({ choice = 'auto', events, expected }) => expect(run(choice, events)).toMatchObject(expected));
});

describe('a thin line', () => {
  const thin = (choice: Choice) => beginLine(choice, 0, true);
  const then = (state: LineState, events: readonly (readonly [number, LineEvent])[]): LineState =>
    events.reduce((last, [ms, event]) => nextLine(last, event, ms, 1), state);

  it.each<{ choice: Choice; expected: Partial<LineState> }>([
    { choice: 'auto', expected: { way: 'webrtc', hasPicture: false, because: 'thin' } },
    { choice: 'sound', expected: { way: 'webrtc', hasPicture: false, because: 'chosen' } },
    { choice: 'steady', expected: { way: 'hls', hasPicture: true, because: 'chosen' } },
  ])('begins with what it bears: $choice', ({ choice, expected }) =>
    expect(thin(choice)).toMatchObject(expected),
  );

  it.each<{ name: string; events: [number, LineEvent][]; expected: Partial<LineState> }>([
    { name: 'patient while it opens', events: [[39_999, opening]], expected: { way: 'webrtc' } },
    {
      name: 'not for ever',
      events: [
        [39_000, opening],
        [47_000, opening],
      ],
      expected: { way: 'hls', hasPicture: false, because: 'thin', tryAtMs: 55_000 },
    },
    {
      name: 'patient from the moment that media may come',
      events: [
        [20_000, opening],
        [27_999, tick],
      ],
      expected: { way: 'webrtc' },
    },
    {
      name: 'sound by HLS where none comes',
      events: [
        [20_000, opening],
        [28_000, tick],
      ],
      expected: { way: 'hls', hasPicture: false, because: 'thin', failures: 1 },
    },
    {
      name: 'and back',
      events: [
        [20_000, opening],
        [28_000, tick],
        [36_000, tick],
        [38_000, worked],
      ],
      expected: { way: 'webrtc', hasPicture: false, because: 'thin' },
    },
    {
      name: 'the picture where the resident asks for it',
      events: [[30_000, { is: 'chosen', choice: 'auto' }]],
      expected: { way: 'webrtc', hasPicture: true, isThin: true, because: 'first' },
    },
  ])('$name', ({ events, expected }) => expect(then(thin('auto'), events)).toMatchObject(expected));

  it('is known by how long it takes to open', () => {
    const opened = run('auto', [
      [2_499, opening],
      [2_500, opening],
      [9_000, opening],
      [16_999, tick],
    ]);
    expect(opened).toMatchObject({ way: 'webrtc', hasPicture: true, isThin: true });
  });

  it('is known by a picture that chokes it', () => {
    const events: [number, LineEvent][] = [
      [1_000, flowed],
      [20_000, choked],
    ];
    expect(run('auto', events)).toMatchObject({
      ...{ way: 'webrtc', hasPicture: false, isThin: true, because: 'thin', sinceMs: 20_000 },
    });
  });

  it('is not judged by loss where there is no picture', () => {
    expect(run('sound', [[5_000, choked]])).toMatchObject({ way: 'webrtc', because: 'chosen', sinceMs: 0 });
  });
});
