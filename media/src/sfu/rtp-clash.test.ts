import { expect, it } from 'vitest';
import { clashOf } from './rtp-clash.ts';

const sound = { mid: '0', encodings: [{ ssrc: 1 }] };
const picture = { mid: '1', encodings: [{ ssrc: 2, rtx: { ssrc: 3 } }] };

it.each([
  { name: 'alone', wanted: picture, others: [], clash: undefined },
  { name: 'beside another', wanted: picture, others: [sound], clash: undefined },
  {
    name: 'its own retransmission',
    wanted: { encodings: [{ ssrc: 2, rtx: { ssrc: 2 } }] },
    others: [],
    clash: 'SSRC',
  },
  { name: 'another’s stream', wanted: { encodings: [{ ssrc: 1 }] }, others: [sound], clash: 'SSRC' },
  {
    name: 'another’s retransmission',
    wanted: { encodings: [{ ssrc: 3 }] },
    others: [sound, picture],
    clash: 'SSRC',
  },
  { name: 'another’s MID', wanted: { mid: '0', encodings: [{ ssrc: 9 }] }, others: [sound], clash: 'MID' },
  {
    name: 'streams that are known by their extension only',
    wanted: { encodings: [{}] },
    others: [{ encodings: [{}] }],
    clash: undefined,
  },
])('$name: $clash', ({ wanted, others, clash }) => {
  if (clash === undefined) expect(clashOf(wanted, others)).toBeUndefined();
  else expect(clashOf(wanted, others)).toContain(clash);
});
